"""Which job a message of ours is about: the ids of its buttons tell, whatever else is lost."""

import re
from collections.abc import Iterator

import discord

_PREFIX, _CANCEL, _DELETE = "dream:", "dream:cancel:", "dream:delete:"
_COMPARISON = re.compile(r"dream:uncompare:\d{1,20}:(\d{1,20}):")


def is_unfinished(message: discord.Message) -> bool:
    """Whether a message of ours is still a progress message, whose picture is only a preview."""
    return any(custom_id.startswith(_CANCEL) for custom_id in _custom_ids(message))


def is_about(message: discord.Message, job_id: str) -> bool:
    """Whether a message of ours shows that job's progress or result."""
    return any(custom_id.endswith(f":{job_id}") for custom_id in _custom_ids(message))


def result_of(message: discord.Message) -> str | None:
    """The id of the job whose result a message of ours shows; None where it shows none."""
    found = (one.removeprefix(_DELETE) for one in _custom_ids(message) if one.startswith(_DELETE))
    return next(found, None)


def compared_in(message: discord.Message) -> int | None:
    """Reads which dream a comparison is about.

    Args:
        message: A message.

    Returns:
        The id of the message with the dream, in the same channel; None where `message` is no comparison.
    """
    found = (_COMPARISON.match(custom_id) for custom_id in _custom_ids(message))
    return next((int(match[1]) for match in found if match), None)


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            ids = (getattr(item, "custom_id", None) or "" for item in row.children)
            yield from (one for one in ids if one.startswith(_PREFIX))
