"""Base of all buttons: loads the job, checks who pressed, and reports errors."""

import asyncio
import re
from typing import Any, Self

import discord

from dreambot.bot import errors
from dreambot.bot.commands import send_error
from dreambot.bot.context import Interaction
from dreambot.errors import UserError
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.models import Job
from dreambot.media.concurrency import requested_by

JOB_ID_PATTERN = r"(?P<job>[\w-]{1,25})"
"""The end of every custom id, as a template."""
ButtonItem = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
LOOKUP_TIMEOUT_S = 1.5
"""Discord expects an answer within three seconds."""


async def load_job(interaction: Interaction, job_id: str) -> Job:
    """Loads the job that a button in this channel belongs to.

    Args:
        interaction: The press.
        job_id: The id of the job.

    Raises:
        UserError: The job is unknown or belongs to another channel, or the database does not answer in 1.5 s.
    """
    try:
        async with asyncio.timeout(LOOKUP_TIMEOUT_S):
            job = await interaction.client.jobs.job(job_id)
    except (TimeoutError, DatabaseError) as error:
        raise UserError("results-not-now") from error
    if job is None or job.spec.reply_target.channel != interaction.channel_id:
        raise UserError("results-unknown")
    return job


def is_moderator(interaction: Interaction) -> bool:
    """Checks whether the user may manage messages in the server.

    Args:
        interaction: The press.
    """
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def is_requester(interaction: Interaction, job: Job, message: discord.Message | None) -> bool:
    """Checks whether the user requested the dream, or pressed the button that made `message`.

    Args:
        interaction: The press.
        job: The job.
        message: The message with the result.
    """
    caused = message.interaction_metadata if message else None
    return interaction.user.id in {job.spec.owner, caused.user.id if caused else None}


def is_editable_by_bot(interaction: Interaction) -> bool:
    """Checks whether the bot's own token can read and edit the message with the button.

    It cannot where only a user installed the bot, nor for an ephemeral message.

    Args:
        interaction: The press.
    """
    message, have = interaction.message, interaction.app_permissions
    if message is None or message.flags.ephemeral:
        return False
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return interaction.is_guild_integration() and have.view_channel and have.read_message_history


def view_without(message: discord.Message, custom_id: str) -> discord.ui.View:
    """Copies the buttons of a message, except some.

    Args:
        message: The message.
        custom_id: The beginning of the custom ids that are left out.
    """
    view = discord.ui.View.from_message(message, timeout=None)
    for item in list(view.children):
        if isinstance(item, discord.ui.Button) and (item.custom_id or "").startswith(custom_id):
            view.remove_item(item)
    return stateless(view)


def stateless(view: discord.ui.View) -> discord.ui.View:
    """Stops a view: buttons are found by their ids, and discord.py would keep a running one in memory.

    Args:
        view: The view.
    """
    view.stop()
    return view


class JobButton:
    """A button about a job; it stores only the job's id.

    Args:
        job_id: The id of the job.
    """

    def __init__(self, job_id: str) -> None:
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Builds the button from the custom id of a press. The id may be forged.

        Args:
            interaction: The interaction to answer.
            item: The item with that custom id.
            match: The match of the template.
        """
        return cls._from_match(match)

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        """Builds the button from the parts of its custom id. Buttons with more than the job override it."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Handles a press and reports its errors.

        Args:
            interaction: The press.
        """
        try:
            with requested_by(interaction.user.id):
                await self.press(interaction)
        except discord.HTTPException as error:
            # If the message is gone, there is nothing to do and nothing to report.
            if not errors.is_message_gone(error):
                await send_error(interaction, error)
        except Exception as error:
            await send_error(interaction, error)

    async def press(self, interaction: Interaction) -> None:
        """Does what the button says.

        Args:
            interaction: The press.

        Raises:
            UserError: The user may not press it, or it can no longer be done.
        """
        raise NotImplementedError


def build_button(
    label: str | None,
    custom_id: str,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> discord.ui.Button[discord.ui.View]:
    """Builds one of discord.py's buttons.

    Args:
        label: The label; None for a button with only an emoji.
        custom_id: The custom id.
        emoji: The emoji in front of the label.
        style: The colour.
    """
    return discord.ui.Button(label=label, custom_id=custom_id, emoji=emoji, style=style)
