"""Base of all buttons: loads the job, checks who pressed, and reports errors."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self, cast

import discord

from dreambot.bot import errors
from dreambot.bot.commands import send_error
from dreambot.bot.services import Services
from dreambot.errors import UserError
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.models import Job, SourceImage
from dreambot.jobs.pipeline import SourceFinder
from dreambot.media.concurrency import requested_by
from dreambot.recipe.request import Request

JOB_ID_PATTERN = r"(?P<job>[\w-]{1,25})"
"""How every id ends, as a template."""
ButtonItem = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
_LOOKUP_TIMEOUT_S = 1.5
"""Seconds: Discord wants an answer within three."""


class JobManagerProtocol(Protocol):
    """What knows the dreams."""

    async def job(self, job_id: str) -> Job | None:
        """The job of that id, whoever works on it."""

    async def cancel(self, job_id: str, words: str | None) -> bool:
        """Ends a dream, telling its owner so; whether there was one."""

    async def submit_interaction(
        self,
        interaction: discord.Interaction[Any],
        read: Callable[[], Request | Awaitable[Request]],
        find: SourceFinder,
        *,
        private: bool = False,
        guide: SourceImage | SourceFinder | None = None,
        parent: str | None = None,
        press: str | None = None,
    ) -> None:
        """See `Dreamer`."""


class ButtonClient(Protocol):
    """The client that somebody's press arrives at."""

    dreamer: JobManagerProtocol
    services: Services


def client_of(interaction: discord.Interaction[Any]) -> ButtonClient:
    """The bot whose button it is."""
    return cast(ButtonClient, interaction.client)


async def load_job(interaction: discord.Interaction[Any], job_id: str) -> Job:
    """The job that a press in this channel is about. Raises Told where there is none, or no telling."""
    try:
        async with asyncio.timeout(_LOOKUP_TIMEOUT_S):
            job = await client_of(interaction).dreamer.job(job_id)
    except (TimeoutError, DatabaseError) as error:
        raise UserError("results-not-now") from error
    if job is None or job.ask.place.channel != interaction.channel_id:
        raise UserError("results-unknown")
    return job


def is_moderator(interaction: discord.Interaction[Any]) -> bool:
    """Whether it is somebody who may manage messages in that server."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def is_requester(interaction: discord.Interaction[Any], job: Job, message: discord.Message | None) -> bool:
    """Whether it is the one who asked for the dream, or by whose press `message` shows it."""
    caused = message.interaction_metadata if message else None
    return interaction.user.id in {job.ask.owner, caused.user.id if caused else None}


def is_editable_by_bot(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot's own token reads and changes the message that was pressed: not where only somebody's
    account brought the bot along, nor where the message is for one person's eyes."""
    message, have = interaction.message, interaction.app_permissions
    if message is None or message.flags.ephemeral:
        return False
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return interaction.is_guild_integration() and have.view_channel and have.read_message_history


class JobButton:
    """A button about a job, whose id is all it keeps."""

    def __init__(self, job_id: str) -> None:
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button behind an id that somebody pressed, or forged."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press, whatever comes of it."""
        try:
            with requested_by(interaction.user.id):
                await self.press(interaction)
        except discord.HTTPException as error:
            # Where the message is gone, so is what was wished for it.
            if not errors.is_message_gone(error):
                await send_error(interaction, error)
        except Exception as error:
            await send_error(interaction, error)

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Does what the button says. Raises UserError."""
        raise NotImplementedError


def build_button(
    label: str | None,
    custom_id: str,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> discord.ui.Button[discord.ui.View]:
    """A button of Discord's."""
    return discord.ui.Button(label=label, custom_id=custom_id, emoji=emoji, style=style)
