"""Texts of `/admin` for the bot's owners: devices, networks and job counts."""

from collections.abc import Mapping
from pathlib import Path

from dreambot.bot.errors import MAX_TEXT_LENGTH
from dreambot.i18n import Translator
from dreambot.i18n.formatting import format_duration
from dreambot.jobs.models import JobState
from dreambot.scheduler.run import DeviceState
from dreambot.zoo import registry, weights
from dreambot.zoo.catalogue import WeightsError


def format_device(translate: Translator, state: DeviceState) -> str:
    """Describes a device in one line.

    Args:
        translate: The translator of the user's language.
        state: The device's state.
    """
    parts = [
        f"{'✅' if state.alive and not state.trouble else '❌'} **{state.name}** {state.device}".rstrip()
    ]
    parts.append(translate("operating-admin-device-jobs", count=len(state.jobs)))
    parts.append(
        translate("operating-admin-device-busy", duration=format_duration(translate, state.busy_seconds))
    )
    if state.restarts:
        parts.append(translate("operating-admin-device-restarts", count=state.restarts))
    if state.check_problem:
        parts.append(translate("operating-admin-device-check", problem=state.check_problem))
    if state.trouble:
        parts.append(state.trouble)
    return " · ".join(parts)[:MAX_TEXT_LENGTH]


def format_models(translate: Translator, weights_dir: Path | None) -> str:
    """Lists the known networks and whether they are installed, one a line.

    Args:
        translate: The translator of the user's language.
        weights_dir: The folder of the weights, if one is set.

    Raises:
        WeightsError: That cannot be determined.
    """
    lines = [_format_model(translate, name, weights_dir) for name in registry.model_names()]
    return "\n".join(lines)[:MAX_TEXT_LENGTH]


def _format_model(translate: Translator, name: str, weights_dir: Path | None) -> str:
    try:
        here = weights.locate(name, weights_dir=weights_dir) is not None
    except WeightsError as error:
        return f"❌ **{name}** · {error}"
    if here:
        return f"✅ **{name}** · {translate('operating-admin-model-here')}"
    command = f"`dreambot models pull {name}`"
    return f"⬜ **{name}** · {translate('operating-admin-model-missing', command=command)}"


def format_stats(
    translate: Translator,
    *,
    servers: int,
    latency: float,
    waiting: tuple[int, float],
    unfinished: Mapping[JobState, int],
    day: Mapping[JobState, int],
    week: Mapping[JobState, int],
) -> str:
    """Formats the job counts, one line for each period.

    Args:
        translate: The translator of the user's language.
        servers: The number of servers.
        latency: The gateway's latency in seconds.
        waiting: The length of this process's queue, and how many seconds its first job has waited.
        unfinished: Unfinished jobs by state.
        day: Jobs of the last day by state.
        week: Jobs of the last week by state.
    """
    count, oldest = waiting
    return "\n".join(
        (
            translate("operating-admin-stats-servers", count=servers, latency=round(latency * 1000)),
            translate(
                "operating-admin-stats-waiting", count=count, duration=format_duration(translate, oldest)
            ),
            f"**{translate('operating-admin-stats-unfinished')}** {_format_states(translate, unfinished)}",
            f"**{translate('operating-admin-stats-day')}** {_format_states(translate, day)}",
            f"**{translate('operating-admin-stats-week')}** {_format_states(translate, week)}",
        )
    )


def _format_states(translate: Translator, counts: Mapping[JobState, int]) -> str:
    told = [
        translate(
            "operating-admin-stats-state",
            state=translate(f"operating-state-{state.value}"),
            count=counts[state],
        )
        for state in JobState
        if counts.get(state)
    ]
    return " · ".join(told) or "0"
