"""The page of `/queue`: waiting and running jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from dreambot.bot.pages.base import MAX_OPTIONS, PageControl, in_container
from dreambot.engine.progress import Progress
from dreambot.i18n import Translator, format_duration
from dreambot.jobs.models import Job, JobState

MAX_ENTRIES = 20
_UNKNOWN_POSITION = 10**6


@dataclass(frozen=True)
class QueueEntry:
    """A job of the queue.

    Attributes:
        job: The job.
        progress: How far it is, if this process runs it.
        shows_owner: Whether the viewer may see whose job it is.
        can_cancel: Whether the viewer may cancel it.
    """

    job: Job
    progress: Progress | None
    shows_owner: bool
    can_cancel: bool

    @property
    def order(self) -> tuple[int, str]:
        """The sort key: running jobs first, then the job that starts soonest."""
        if self.job.state is JobState.delivering:
            return 0, self.job.id
        return self.progress.position if self.progress else _UNKNOWN_POSITION, self.job.id


def queue_page(
    control: type[PageControl],
    entries: Sequence[QueueEntry],
    translate: Translator,
    *,
    chosen: str | None = None,
) -> discord.ui.LayoutView:
    """Builds the page of the queue, the job that starts soonest first.

    Args:
        control: The control class of the page.
        entries: The jobs.
        translate: The translator of the user's language.
        chosen: The id of the job that the user selected to cancel.
    """
    ordered = sorted(entries, key=lambda entry: entry.order)
    lines = [f"### {translate('moderating-queue', count=len(ordered))}"]
    lines += [f"{number}. {_line(entry, translate)}" for number, entry in enumerate(ordered[:MAX_ENTRIES], 1)]
    if len(ordered) > MAX_ENTRIES:
        lines.append(translate("moderating-queue-more", count=len(ordered) - MAX_ENTRIES))
    cancellable = [(number, entry) for number, entry in enumerate(ordered, 1) if entry.can_cancel][
        :MAX_OPTIONS
    ]
    options = [(one.job.id, f"{number}. {_kind(one.job, translate)}") for number, one in cancellable]
    buttons = [control.button(translate("moderating-queue-refresh"), "refresh")]
    label_of_chosen = dict(options).get(chosen or "")
    if chosen and label_of_chosen:
        label = translate("moderating-queue-cancel", dream=label_of_chosen)
        buttons.append(control.button(label, "cancel", chosen, style=discord.ButtonStyle.danger))
    pick = control.select("pick", options, chosen, placeholder=translate("moderating-queue-pick"))
    return in_container(
        discord.ui.TextDisplay("\n".join(lines)),
        *([pick] if options else []),
        discord.ui.ActionRow[Any](*buttons),
    )


def _line(entry: QueueEntry, translate: Translator) -> str:
    whose = f"<@{entry.job.spec.owner}>" if entry.shows_owner else translate("moderating-queue-somebody")
    return f"{whose} · {_kind(entry.job, translate)} · {_state(entry, translate)}"


def _kind(job: Job, translate: Translator) -> str:
    return translate(f"moderating-kind-{job.spec.kind}")


def _state(entry: QueueEntry, translate: Translator) -> str:
    progress = entry.progress
    if progress is None:
        return translate(f"moderating-state-{entry.job.state.value}")
    if progress.eta is None and progress.running:
        return translate("moderating-queue-percent", fraction=progress.fraction)
    if progress.eta is None:
        return translate("moderating-queue-place", place=progress.position)
    duration = format_duration(translate, progress.eta)
    if progress.running:
        return translate("moderating-queue-left", fraction=progress.fraction, duration=duration)
    return translate("moderating-queue-place-until", place=progress.position, duration=duration)
