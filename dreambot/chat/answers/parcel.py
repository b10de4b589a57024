"""A dream ready to be sent."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import discord

from dreambot.chat import errors
from dreambot.chat.progress import Frame


class TooLarge(Exception):
    """Discord did not take a file of this size."""


@dataclass(frozen=True)
class Parcel:
    """What a dream's message holds. upon: the message whose picture was dreamed upon.
    film: it moves."""

    job: str
    content: str
    data: bytes
    filename: str
    alt: str
    spoiler: bool
    upon: int | None
    film: bool = False

    def file(self) -> discord.File:
        """A new upload: one is used up by each attempt."""
        return discord.File(io.BytesIO(self.data), self.filename, spoiler=self.spoiler, description=self.alt)


def preview(frame: Frame) -> list[discord.File]:
    """The picture of a progress message, if there is one."""
    if not frame.preview:
        return []
    return [discord.File(io.BytesIO(frame.preview), "dreaming.jpg", spoiler=frame.spoiler)]


@contextlib.contextmanager
def meaning() -> Iterator[None]:
    """Discord's refusals as what they mean for a dream; those that may not come again pass."""
    try:
        yield
    except discord.HTTPException as error:
        if errors.message_is_gone(error):
            raise errors.Unwanted from error
        if errors.too_large(error):
            raise TooLarge from error
        if errors.passing(error) or errors.token_is_over(error) or errors.token_is_refused(error):
            raise
        raise errors.Refused(error) from error
