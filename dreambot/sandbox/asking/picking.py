"""What a person picks in a select: held to its limits, and the objects picked put beside."""

from collections.abc import Sequence
from typing import Any

from dreambot.sandbox.asking.options import Resolver
from dreambot.sandbox.model import Json, User
from dreambot.sandbox.refusal import ClientRefusal

STRING, USERS, ROLES, MENTIONABLES, CHANNELS = 3, 5, 6, 7, 8


def pick(resolver: Resolver, select: Json, values: Sequence[Any], asker: User) -> list[str]:
    """The `values` of a select's payload. Strings are given by value or label; people, roles and channels by
    handle or id, and end up in `resolver`. Raises ClientRefusal."""
    check_count(select, values)
    if select["type"] == STRING:
        return pick_options(select, values)
    return [_named(resolver, select, value, asker) for value in values]


def check_count(component: Json, values: Sequence[Any]) -> None:
    """Raises ClientRefusal for too few or too many values."""
    low, high = component["min_values"], component["max_values"]
    if not low <= len(values) <= high:
        wanted = str(low) if low == high else f"{low} to {high}"
        raise ClientRefusal(f"Choose {wanted} of them, not {len(values)}.")


def pick_options(component: Json, values: Sequence[Any]) -> list[str]:
    """The values of the options meant by `values`, each a value or a label. Raises ClientRefusal."""
    options = component["options"]
    known = {option["label"]: option["value"] for option in options}
    known |= {option["value"]: option["value"] for option in options}
    for value in values:
        if str(value) not in known:
            offered = ", ".join(option["value"] for option in options)
            raise ClientRefusal(f"Choose among {offered}.")
    return [known[str(value)] for value in values]


def _named(resolver: Resolver, select: Json, value: Any, asker: User) -> str:
    kind, world, guild = select["type"], resolver.world, resolver.channel.guild
    shown = str(getattr(value, "id", value))
    number = int(shown) if shown.isdecimal() else 0
    if number in world.users and kind in (USERS, MENTIONABLES):
        return resolver.user(world.users[number])
    if guild is not None and number in guild.roles and kind in (ROLES, MENTIONABLES):
        return resolver.role(guild.roles[number])
    if guild is not None and number in guild.channels and kind == CHANNELS:
        allowed = select.get("channel_types")
        if not allowed or guild.channels[number].type in allowed:
            return resolver.place(guild.channels[number], asker)
    raise ClientRefusal(f"There is no {value} to choose.")
