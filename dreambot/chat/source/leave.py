"""Whether a picture may be dreamed by somebody else: people can settle that theirs are left alone."""

from dreambot.chat.words import Told
from dreambot.community import Community


class Untouchable(Told):
    """Whoever's picture it is wants it left alone."""


async def permitted(community: Community, owner: int, asker: int) -> bool:
    """Whether `asker` may dream pictures of `owner`. Raises as Community does."""
    return owner == asker or not (await community.person(owner)).untouchable


async def require_leave(community: Community, owner: int, asker: int) -> None:
    """Raises Untouchable where a picture of `owner` was chosen that `asker` may not dream."""
    if not await permitted(community, owner, asker):
        raise Untouchable("source-untouchable")
