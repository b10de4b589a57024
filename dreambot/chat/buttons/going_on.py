"""The buttons that dream on: each press is a new job, which knows its parent and is answered by a new
message. Three go on from the dream as it is shown, three begin again with what it was dreamed upon."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal, Self, get_args

import discord

from dreambot.chat import refetch
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, bot_of, button, job_behind
from dreambot.chat.source import Untouchable, permitted
from dreambot.chat.words import Told, words
from dreambot.jobs.types import Job, Subject
from dreambot.recipe import variations
from dreambot.recipe.wishes import Request

Action = Literal["deeper", "louder", "quieter", "bend", "zoom", "again"]

UPON_ITSELF: frozenset[str] = frozenset({"deeper", "bend", "zoom"})
"""Those that go on from the dream as it is shown."""
_ACTIONS = "|".join(get_args(Action))


class GoOnButton(JobButton, Item, template=rf"dream:(?P<action>{_ACTIONS}):{JOB}"):
    """Dreams on, for anybody."""

    def __init__(self, job_id: str, action: Action = "again", locale: str | None = None) -> None:
        style = discord.ButtonStyle.primary if action == "deeper" else discord.ButtonStyle.secondary
        label = words(locale)(f"results-{action}")
        discord.ui.DynamicItem.__init__(self, button(label, f"dream:{action}:{job_id}", style=style))
        self.job_id = job_id
        self.action: Action = action

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See `JobButton`."""
        return cls(match["job"], next(action for action in get_args(Action) if action == match["action"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Takes the new dream on."""
        message = interaction.message
        upon_itself = self.action in UPON_ITSELF

        async def find(job: Job) -> Subject | None:
            if upon_itself:
                return refetch.dream_in(message, job)
            return await refetch.source_of(interaction.client, job)

        async def wish(job: Job) -> Request:
            settings = await bot_of(interaction).services.community.guild(interaction.guild_id)
            return _wish(self.action, job, settings.intensity)

        await dream_on(
            interaction,
            self.job_id,
            self.action,
            wish,
            find,
            private=bool(message and message.flags.ephemeral),
            guided=not upon_itself,
        )


async def dream_on(
    interaction: discord.Interaction[Any],
    job_id: str,
    press: str,
    wish: Callable[[Job], Request | Awaitable[Request]],
    find: Callable[[Job], Awaitable[Subject | None]],
    *,
    private: bool,
    guided: bool,
) -> None:
    """Takes on what a press wishes of a result in its channel. wish, find: how and upon what to dream; they
    raise UserError. guided: a guide that the result had is looked at again."""

    async def guide() -> Subject | None:
        return await refetch.guide_of(interaction.client, await job_behind(interaction, job_id))

    async def read() -> Request:
        wished = wish(await job_behind(interaction, job_id))
        return await wished if inspect.isawaitable(wished) else wished

    async def found() -> Subject | None:
        job = await job_behind(interaction, job_id)
        subject = await find(job)
        if subject is None:
            return None
        person, community = refetch.whose(job), bot_of(interaction).services.community
        if not await permitted(community, person, interaction.user.id):
            raise Untouchable
        return replace(subject, person=person)

    await bot_of(interaction).dreamer.for_interaction(
        interaction,
        read,
        found,
        private=private,
        guide=guide if guided else None,
        parent=job_id,
        press=press,
    )


def _wish(action: Action, job: Job, loudest: int) -> Request:
    """What a press asks for. loudest: the highest intensity that the server allows. Raises Told."""
    request, recipe = job.ask.request, job.recipe
    match action:
        case "deeper":
            return variations.deeper(request, recipe)
        case "bend":
            return variations.bent(request, recipe)
        case "zoom":
            return variations.zoomed(request, recipe)
        case "again":
            return variations.again(request)
        case "louder" | "quieter":
            notches = variations.NOTCHES if action == "louder" else -variations.NOTCHES
            turned = variations.turned(request, recipe, notches, loudest)
            if turned is None and action == "louder" and loudest < variations.LOUDEST:
                raise Told("moderating-too-intense", most=loudest)
            if turned is None:
                raise Told(f"results-{action}-no-more")
            return turned
