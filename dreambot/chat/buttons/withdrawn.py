"""When a picture is deleted, those whom it concerns are asked about the dreams upon it, under the newest."""

import contextlib
import logging
import re
from typing import Any, Literal, Self

import discord

from dreambot.chat import errors, refetch
from dreambot.chat.buttons.pressing import (
    JOB,
    Item,
    JobButton,
    bot_of,
    button,
    is_moderator,
    job_behind,
)
from dreambot.chat.comparisons import take_down
from dreambot.chat.words import Told, Words
from dreambot.jobs.lineage import Lineage
from dreambot.jobs.types import Job

log = logging.getLogger(__name__)

Choice = Literal["delete", "keep"]

_MOST = 50


async def dreams_upon(lineage: Lineage, message: int) -> list[Job]:
    """The dreams upon a message's picture, and those that go on from them, as far as others can see them;
    newest first, at most fifty."""
    found: dict[str, Job] = {}
    messages = [message]
    while messages and len(found) < _MOST:
        for job in await lineage.results_from(messages.pop()):
            if job.id not in found and job.result_message and not job.ask.place.private:
                found[job.id] = job
                messages.append(job.result_message)
    return sorted(found.values(), key=lambda job: job.id, reverse=True)


async def ask_about(channel: discord.abc.Messageable, message: int, dreams: list[Job], say: Words) -> None:
    """Asks under the newest of the dreams that are still there. message: what was deleted. dreams: upon that,
    newest first. Where the bot may not speak any more, nothing is said."""
    upon = next(job for job in dreams if job.ask.subject and job.ask.subject.message == message)
    view = discord.ui.View(timeout=None)
    view.add_item(WithdrawnButton(upon.id, "delete", say))
    view.add_item(WithdrawnButton(upon.id, "keep", say))
    for job in dreams:
        under = discord.MessageReference(message_id=job.result_message or 0, channel_id=job.ask.place.channel)
        try:
            await channel.send(
                say("results-withdrawn", count=len(dreams)),
                reference=under,
                view=view,
                mention_author=False,
                silent=True,
            )
            return
        except discord.HTTPException as error:
            if not errors.message_is_gone(error):
                log.info("nobody was asked about the dreams of a deleted picture: %s", error)
                return


class WithdrawnButton(JobButton, Item, template=rf"withdrawn:(?P<choice>delete|keep):{JOB}"):
    """Delete or Keep, for the one whose picture it was, moderators, and each asker as to their own dreams."""

    def __init__(self, job_id: str, choice: Choice = "keep", say: Words | None = None) -> None:
        style = discord.ButtonStyle.danger if choice == "delete" else discord.ButtonStyle.secondary
        label = say(f"results-withdrawn-{choice}") if say else choice
        custom_id = f"withdrawn:{choice}:{job_id}"
        discord.ui.DynamicItem.__init__(self, button(label, custom_id, style=style))
        self.job_id = job_id
        self.choice: Choice = choice

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        return cls(match["job"], "delete" if match["choice"] == "delete" else "keep")

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Deletes what is theirs to delete, or lets it be; then the question goes, too."""
        job = await job_behind(interaction, self.job_id)
        upon = job.ask.subject.message if job.ask.subject else None
        await interaction.response.defer()
        dreams = await dreams_upon(bot_of(interaction).services.lineage, upon) if upon else [job]
        all_of_them = is_moderator(interaction) or refetch.whose(job) == interaction.user.id
        theirs = [one for one in dreams if all_of_them or one.ask.owner == interaction.user.id]
        if not theirs:
            raise Told("results-withdrawn-not-yours")
        if self.choice == "delete":
            for one in theirs:
                await _delete(interaction.client, one)
                if one.result_message:
                    comparisons = bot_of(interaction).services.comparisons
                    await take_down(interaction.client, comparisons, [one.result_message])
        if all_of_them or len(theirs) == len(dreams):
            with contextlib.suppress(discord.NotFound):
                await interaction.delete_original_response()


async def _delete(client: discord.Client, job: Job) -> None:
    channel = client.get_partial_messageable(job.ask.place.channel, guild_id=job.ask.place.guild)
    try:
        await channel.get_partial_message(job.result_message or 0).delete()
    except discord.HTTPException as error:
        if errors.no_way_in(error):
            raise Told("results-withdrawn-cannot") from error
        if not errors.message_is_gone(error):
            raise
