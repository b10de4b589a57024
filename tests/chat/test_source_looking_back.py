"""Which picture of a channel's last messages is meant."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import pytest_asyncio

from dreambot.chat import source
from dreambot.community import Community, PersonSettings
from dreambot.errors import UserError
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Subject
from tests.chat.posted import attachment, component, message, sticker

ANN, BOB, BOT, ROBOT = 1, 2, 3, 4


@pytest_asyncio.fixture
async def community(tmp_path: Path) -> AsyncIterator[Community]:
    """Of people who have settled nothing."""
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path / 'dreams.db'}")
    await store.open()
    yield Community(store.database)
    await store.close()


def button(custom_id: str) -> discord.Component:
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": custom_id}]}
    return component(row)


def posted(author: int, name: str, **parts: Any) -> discord.Message:
    return message(author, attachments=[attachment(name)], **parts)


def dream(name: str, asker: int | None = None, **parts: Any) -> discord.Message:
    asked = SimpleNamespace(user=SimpleNamespace(id=asker)) if asker else None
    return posted(BOT, name, components=[button("dream:delete:0abc")], interaction_metadata=asked, **parts)


def reply_to(author: int) -> Any:
    original = object.__new__(discord.Message)
    original.author = cast(Any, SimpleNamespace(id=author))
    return SimpleNamespace(resolved=original)


async def found(community: Community, *history: discord.Message) -> Subject | None:
    async def newest_first() -> AsyncIterator[discord.Message]:
        for one in history:
            yield one

    return await source.newest(newest_first(), ANN, BOT, community)


async def label(community: Community, *history: discord.Message) -> str | None:
    subject = await found(community, *history)
    return subject.label.removeprefix("the picture ") if subject else None


async def test_ones_own_goes_before_newer_ones_of_others(community: Community) -> None:
    history = [posted(BOB, "b.png"), posted(ANN, "a2.png"), posted(ANN, "a1.png")]
    assert await label(community, *history) == "a2.png"


async def test_results_of_other_bots_count(community: Community) -> None:
    assert await label(community, posted(ROBOT, "r.png"), posted(BOB, "b.png")) == "r.png"


@pytest.mark.parametrize(
    "last",
    [
        dream("last.png", ANN),
        dream("last.png", reference=reply_to(ANN)),
        dream("last.png", raw_mentions=[ANN]),
    ],
)
async def test_a_chain_goes_on_from_ones_last_dream(community: Community, last: discord.Message) -> None:
    assert await label(community, posted(BOB, "b.png"), last, posted(ANN, "a.png")) == "last.png"


async def test_other_peoples_dreams_are_not_ones_own(community: Community) -> None:
    assert await label(community, dream("d.png", BOB), posted(ANN, "a.png")) == "a.png"
    assert await label(community, dream("d.png", BOB), posted(BOB, "b.png")) == "d.png"


@pytest.mark.parametrize("buttons", [["dream:cancel:0abc"], []])
async def test_previews_and_other_words_of_ours_are_passed_over(
    community: Community, buttons: list[str]
) -> None:
    ours = posted(BOT, "dreaming.jpg", components=[button(one) for one in buttons])
    assert await label(community, ours, posted(BOB, "b.png")) == "b.png"


async def test_stickers_and_emoji_only_where_there_is_no_picture(community: Community) -> None:
    stuck = message(ANN, stickers=[sticker(1)])
    written = message(BOB, content="<:cat:123456789012345678>")
    assert await label(community, stuck, written, posted(BOB, "b.png")) == "b.png"
    assert await label(community, written, stuck) == "the sticker Wave"


async def test_links_that_may_lead_to_anything_are_not_followed_unasked(community: Community) -> None:
    assert await found(community, message(ANN, content="read https://example.com/news")) is None


async def test_people_who_want_their_pictures_left_alone(community: Community) -> None:
    await community.set_person(BOB, PersonSettings(untouchable=True))
    history = [posted(BOB, "b.png"), dream("of-bob.png", BOB), posted(ROBOT, "r.png")]
    assert await label(community, *history) == "r.png"
    with pytest.raises(UserError, match="does not want others"):
        await source.require_leave(community, BOB, ANN)


async def test_ones_own_are_never_left_alone(community: Community) -> None:
    await community.set_person(ANN, PersonSettings(untouchable=True))
    assert await label(community, posted(ANN, "a.png")) == "a.png"
    await source.require_leave(community, ANN, ANN)
    await source.require_leave(community, BOB, ANN)
