"""What every way to answer a job can do, and which one is a job's."""

from typing import Protocol

import discord

from dreambot.chat.answers.interaction import InteractionAnswer
from dreambot.chat.answers.parcel import Parcel, TooLarge
from dreambot.chat.answers.reply import QuietAnswer, ReplyAnswer
from dreambot.chat.progress import Frame
from dreambot.chat.words import Words
from dreambot.jobs.types import Job
from dreambot.metrics import Way

__all__ = ["Answer", "Parcel", "TooLarge", "answer_to"]


class Answer(Protocol):
    """One way to answer a job, also one of an earlier life of the bot. way: how the dream went out, once it
    is delivered. words: the language to answer in."""

    way: Way
    words: Words

    async def show(self, frame: Frame) -> int | None:
        """Shows progress, with a Cancel button. Returns the message that shows it, None if there is none.
        Raises Unwanted if it was deleted."""

    async def deliver(self, parcel: Parcel) -> int:
        """Sends the dream, unless an earlier life has, and returns the message's id. Raises TooLarge,
        Unwanted, Undeliverable."""

    async def refuse(self, text: str) -> None:
        """Says why there is no dream, as privately as can be."""

    async def ping(self, result: int) -> None:
        """Calls the asker back to a dream that was delivered, once at most and better never than twice."""

    async def park(self, text: str) -> None:
        """Says that the dream goes on later, where progress is shown."""


def answer_to(client: discord.Client, job: Job, *, resumed: bool) -> Answer:
    """The way to answer a job. resumed: it is from an earlier life of the bot."""
    if job.ask.place.token is not None or job.ask.place.reply_to is None:
        return InteractionAnswer(client, job, resumed)
    kind = QuietAnswer if job.ask.place.quiet else ReplyAnswer
    return kind(client, job, resumed)
