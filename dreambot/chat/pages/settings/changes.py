"""What using a control of the settings pages changes."""

from typing import Any

from pydantic import ValidationError

from dreambot.chat.pages.settings.autodream import MOST
from dreambot.chat.pages.settings.main import AS_ASKED
from dreambot.chat.words import LOCALES
from dreambot.chat.words.told import Told
from dreambot.community import AutoDream, GuildSettings, RoleLimits
from dreambot.recipe.presets import PRESETS

MOST_ROLES = 25
"""With limits of their own: as many as a menu can show."""


def changed(settings: GuildSettings, what: str, values: list[str]) -> GuildSettings:
    """A server's settings after `what` was set to `values`. Raises Told for what no page of ours
    sends now."""
    try:
        fields = settings.model_dump() | _fields(settings, what, values)
        return GuildSettings.model_validate(fields)
    except (ValidationError, ValueError, LookupError) as error:
        raise Told("moderating-stale") from error


def with_limits(settings: GuildSettings, role: int, limits: RoleLimits, *, everyone: bool) -> GuildSettings:
    """A server's settings with a role's limits, or everyone's. Raises Told where there are too many roles."""
    if everyone:
        return settings.model_copy(update={"everyone": limits})
    roles = {**settings.roles, role: limits}
    if len(roles) > MOST_ROLES:
        raise Told("moderating-too-many-roles", most=MOST_ROLES)
    return settings.model_copy(update={"roles": roles})


def autodream_changed(rules: AutoDream, what: str, value: str) -> AutoDream:
    """A channel's rules after `what` was set to `value`. Raises Told for what no page of ours sends now."""
    try:
        return AutoDream.model_validate(rules.model_dump() | _rule(what, value))
    except (ValidationError, ValueError, LookupError) as error:
        raise Told("moderating-stale") from error


def _fields(settings: GuildSettings, what: str, values: list[str]) -> dict[str, Any]:
    match what:
        case "channels":
            return {"channels": tuple(map(int, values))}
        case "log":
            return {"log_channel": int(values[0]) if values else None}
        case "intensity":
            return {"intensity": int(values[0])}
        case "deleters":
            return {"deleters": values[0]}
        case "captions" | "previews":
            return {what: values[0] == "on"}
        case "language":
            return {"language": None if values[0] == AS_ASKED else LOCALES[LOCALES.index(values[0])]}
        case "remove":
            return {"roles": {role: has for role, has in settings.roles.items() if role != int(values[0])}}
    raise LookupError(what)


def _rule(what: str, value: str) -> dict[str, Any]:
    match what:
        case "chance":
            return {"chance": int(value) / 100}
        case "trigger":
            return {"trigger": value}
        case "look" if value in PRESETS:
            return {"look": "fixed", "preset": value}
        case "look":
            return {"look": value, "preset": None}
        case "cooldown":
            return {"cooldown": int(value)}
        case "hourly":
            return {"hourly": None if value == MOST else int(value)}
    raise LookupError(what)
