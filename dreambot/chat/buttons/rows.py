"""Which buttons stand under a message."""

from collections.abc import Iterable
from typing import Any

import discord

from dreambot.chat.buttons.cancel import CancelButton
from dreambot.chat.buttons.delete import DeleteButton
from dreambot.jobs.types import Job


def cancel_view(job: Job) -> discord.ui.View:
    """What stands under a progress message."""
    return _view([CancelButton(job.id, job.ask.place.locale)])


def result_view(job: Job, *, film: bool) -> discord.ui.View:
    """What stands under a result. film: it moves."""
    return _view([DeleteButton(job.id, job.ask.place.locale)])


def _view(items: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view
