"""What the bot's owners are told of it."""

from collections.abc import Mapping
from pathlib import Path

from dreambot.chat.errors import MOST
from dreambot.chat.words import Words
from dreambot.chat.words.measures import duration
from dreambot.executor.state import DeviceState
from dreambot.jobs.types import JobState
from dreambot.zoo import known, weights
from dreambot.zoo.errors import WeightsError


def described_device(words: Words, state: DeviceState) -> str:
    """How a device is, in a line."""
    parts = [
        f"{'✅' if state.alive and not state.trouble else '❌'} **{state.name}** {state.device}".rstrip()
    ]
    parts.append(words("operating-admin-device-jobs", count=len(state.jobs)))
    parts.append(words("operating-admin-device-busy", duration=duration(words, state.busy_seconds)))
    if state.restarts:
        parts.append(words("operating-admin-device-restarts", count=state.restarts))
    if state.trouble:
        parts.append(state.trouble)
    return " · ".join(parts)[:MOST]


def described_models(words: Words, weights_dir: Path | None) -> str:
    """Which networks are here, a line each. Raises WeightsError where that cannot be told."""
    lines = [_described_model(words, name, weights_dir) for name in known.names()]
    return "\n".join(lines)[:MOST]


def _described_model(words: Words, name: str, weights_dir: Path | None) -> str:
    try:
        here = weights.locate(name, weights_dir=weights_dir) is not None
    except WeightsError as error:
        return f"❌ **{name}** · {error}"
    if here:
        return f"✅ **{name}** · {words('operating-admin-model-here')}"
    return (
        f"⬜ **{name}** · {words('operating-admin-model-missing', command=f'`dreambot models pull {name}`')}"
    )


def described_stats(
    words: Words,
    *,
    servers: int,
    latency: float,
    waiting: tuple[int, float],
    unfinished: Mapping[JobState, int],
    day: Mapping[JobState, int],
    week: Mapping[JobState, int],
) -> str:
    """Counts, a line for each span of time. latency: seconds; waiting: how many in this process's queue, and
    for how many seconds the first of them."""
    count, oldest = waiting
    return "\n".join(
        (
            words("operating-admin-stats-servers", count=servers, latency=round(latency * 1000)),
            words("operating-admin-stats-waiting", count=count, duration=duration(words, oldest)),
            f"**{words('operating-admin-stats-unfinished')}** {_states(words, unfinished)}",
            f"**{words('operating-admin-stats-day')}** {_states(words, day)}",
            f"**{words('operating-admin-stats-week')}** {_states(words, week)}",
        )
    )


def _states(words: Words, counts: Mapping[JobState, int]) -> str:
    told = [
        words(
            "operating-admin-stats-state", state=words(f"operating-state-{state.value}"), count=counts[state]
        )
        for state in JobState
        if counts.get(state)
    ]
    return " · ".join(told) or "0"
