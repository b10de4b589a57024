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
        named: Whether the viewer may see whose job it is.
        mine: Whether the viewer may cancel it.
    """

    job: Job
    progress: Progress | None
    named: bool
    mine: bool

    @property
    def order(self) -> tuple[int, str]:
        """What runs comes first, then what starts soonest."""
        if self.job.state is JobState.delivering:
            return 0, self.job.id
        return self.progress.position if self.progress else _UNKNOWN_POSITION, self.job.id


def queue_page(
    control: type[PageControl], entries: Sequence[QueueEntry], say: Translator, *, chosen: str | None = None
) -> discord.ui.LayoutView:
    """The queue, soonest first. chosen: the job that somebody is about to cancel."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    lines = [f"### {say('moderating-queue', count=len(ordered))}"]
    lines += [f"{number}. {_line(entry, say)}" for number, entry in enumerate(ordered[:MAX_ENTRIES], 1)]
    if len(ordered) > MAX_ENTRIES:
        lines.append(say("moderating-queue-more", count=len(ordered) - MAX_ENTRIES))
    mine = [(number, entry) for number, entry in enumerate(ordered, 1) if entry.mine][:MAX_OPTIONS]
    options = [(one.job.id, f"{number}. {_kind(one.job, say)}") for number, one in mine]
    buttons = [control.button(say("moderating-queue-refresh"), "refresh")]
    named = dict(options).get(chosen or "")
    if chosen and named:
        label = say("moderating-queue-cancel", dream=named)
        buttons.append(control.button(label, "cancel", chosen, style=discord.ButtonStyle.danger))
    pick = control.select("pick", options, chosen, placeholder=say("moderating-queue-pick"))
    return in_container(
        discord.ui.TextDisplay("\n".join(lines)),
        *([pick] if options else []),
        discord.ui.ActionRow[Any](*buttons),
    )


def _line(entry: QueueEntry, say: Translator) -> str:
    whose = f"<@{entry.job.ask.owner}>" if entry.named else say("moderating-queue-somebody")
    return f"{whose} · {_kind(entry.job, say)} · {_state(entry, say)}"


def _kind(job: Job, say: Translator) -> str:
    return say(f"moderating-kind-{job.ask.kind}")


def _state(entry: QueueEntry, say: Translator) -> str:
    progress = entry.progress
    if progress is None:
        return say(f"moderating-state-{entry.job.state.value}")
    if progress.eta is None and progress.running:
        return say("moderating-queue-percent", fraction=progress.fraction)
    if progress.eta is None:
        return say("moderating-queue-place", place=progress.position)
    duration = format_duration(say, progress.eta)
    if progress.running:
        return say("moderating-queue-left", fraction=progress.fraction, duration=duration)
    return say("moderating-queue-place-until", place=progress.position, duration=duration)
