"""What waits and runs, for those who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from dreambot.chat.pages.control import MOST_OPTIONS, Control, framed
from dreambot.chat.words import Words, duration
from dreambot.jobs.types import Dreaming, Job, JobState, Update, Waiting

MOST = 20
_LAST = 10**6


@dataclass(frozen=True)
class Entry:
    """A job of the queue. update: how it goes, if it is known here. named: whether whose it is may be told.
    mine: whether it may be cancelled by whoever looks."""

    job: Job
    update: Update | None
    named: bool
    mine: bool

    @property
    def order(self) -> tuple[int, str]:
        """What runs comes first, then what starts soonest."""
        if isinstance(self.update, Dreaming) or self.job.state is JobState.delivering:
            return 0, self.job.id
        return (self.update.place if isinstance(self.update, Waiting) else _LAST), self.job.id


def queue_page(
    control: type[Control], entries: Sequence[Entry], say: Words, *, chosen: str | None = None
) -> discord.ui.LayoutView:
    """The queue, soonest first. chosen: the job that somebody is about to cancel."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    lines = [f"### {say('moderating-queue', count=len(ordered))}"]
    lines += [f"{number}. {_line(entry, say)}" for number, entry in enumerate(ordered[:MOST], 1)]
    if len(ordered) > MOST:
        lines.append(say("moderating-queue-more", count=len(ordered) - MOST))
    mine = [(number, entry) for number, entry in enumerate(ordered, 1) if entry.mine][:MOST_OPTIONS]
    options = [(one.job.id, f"{number}. {_kind(one.job, say)}") for number, one in mine]
    buttons = [control.button(say("moderating-queue-refresh"), "refresh")]
    named = dict(options).get(chosen or "")
    if chosen and named:
        label = say("moderating-queue-cancel", dream=named)
        buttons.append(control.button(label, "cancel", chosen, style=discord.ButtonStyle.danger))
    pick = control.select("pick", options, chosen, placeholder=say("moderating-queue-pick"))
    return framed(
        discord.ui.TextDisplay("\n".join(lines)),
        *([pick] if options else []),
        discord.ui.ActionRow[Any](*buttons),
    )


def _line(entry: Entry, say: Words) -> str:
    whose = f"<@{entry.job.ask.owner}>" if entry.named else say("moderating-queue-somebody")
    return f"{whose} · {_kind(entry.job, say)} · {_state(entry, say)}"


def _kind(job: Job, say: Words) -> str:
    return say(f"moderating-kind-{job.ask.kind}")


def _state(entry: Entry, say: Words) -> str:
    match entry.update:
        case Waiting(place=place, eta=None):
            return say("moderating-queue-place", place=max(1, place))
        case Waiting(place=place, eta=float(eta)):
            return say("moderating-queue-place-until", place=max(1, place), duration=duration(say, eta))
        case Dreaming(fraction=fraction, eta=None):
            return say("moderating-queue-percent", fraction=fraction)
        case Dreaming(fraction=fraction, eta=float(eta)):
            return say("moderating-queue-left", fraction=fraction, duration=duration(say, eta))
    return say(f"moderating-state-{entry.job.state.value}")
