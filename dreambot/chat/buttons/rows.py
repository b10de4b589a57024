"""Which buttons stand under a message; and *Undo*, which puts others there."""

from collections.abc import Iterable
from typing import Any

import discord

from dreambot.chat.buttons import earlier
from dreambot.chat.buttons.cancel import CancelButton
from dreambot.chat.buttons.compare import CompareButton
from dreambot.chat.buttons.delete import DeleteButton
from dreambot.chat.buttons.going_on import Action, GoOnButton
from dreambot.chat.buttons.layer import LayerButton
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, button, is_moderator, is_theirs, job_behind
from dreambot.chat.words import Told, words
from dreambot.jobs.types import Job
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.wishes import Request


def cancel_view(job: Job) -> discord.ui.View:
    """What stands under a progress message."""
    return _view([CancelButton(job.id, job.ask.place.locale)])


def result_view(job: Job, *, film: bool) -> discord.ui.View:
    """What stands under a result, in rows that a phone need not break. film: it moves. A hellscape has no
    depth to go to; a picture that moves is neither zoomed into nor held beside another."""
    locale = job.ask.place.locale

    def go_on(*actions: Action) -> list[discord.ui.Item[Any]]:
        return [GoOnButton(job.id, action, locale) for action in actions]

    back = [UndoButton(job.id, locale)] if job.ask.parent else []
    last = [*back, DeleteButton(job.id, locale)]
    if is_hellscape(job.ask.request):
        return _view([*go_on("louder", "quieter", "again"), *last])
    first, layer = go_on("deeper", "louder", "quieter"), LayerButton(job.id, locale)
    if film:
        return _view(first, [layer, *go_on("bend", "again")], last)
    compare = CompareButton(job.id, locale)
    return _view(first, [layer, *go_on("bend", "zoom")], [*go_on("again"), compare, *last])


def is_hellscape(request: Request) -> bool:
    """Whether it asks for a film that was never a picture."""
    repeated = isinstance(request, RepeatRequest) and request.recipe.hellscape is not None
    return repeated or isinstance(request, HellscapeRequest)


class UndoButton(JobButton, Item, template=rf"dream:undo:{JOB}"):
    """Turns a message back into the dream that its own came from, for the one who asked and moderators."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, button(words(locale)("results-undo"), f"dream:undo:{job_id}"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Turns it back, or says what is no longer there for it."""
        job = await job_behind(interaction, self.job_id)
        if not (is_theirs(interaction, job, interaction.message) or is_moderator(interaction)):
            raise Told("results-undo-not-yours")
        parent, recipe = await earlier.parent_of(interaction, job)
        await interaction.response.defer()
        before = await earlier.shown(interaction, parent, recipe)
        await interaction.edit_original_response(
            content=before.content,
            attachments=[before.picture],
            view=result_view(before.job, film=before.recipe.frames > 1),
        )


def _view(*rows: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    return view
