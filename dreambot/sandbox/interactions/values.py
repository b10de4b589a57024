"""Checks option and select values as Discord's client does, and collects the objects they refer to."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.messages import Upload, store_upload
from dreambot.sandbox.models import Channel, Json, Role, User
from dreambot.sandbox.payload.guilds import channel_json
from dreambot.sandbox.payload.messages import attachment_json
from dreambot.sandbox.payload.users import member_json, role_json, user_json
from dreambot.sandbox.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)


@dataclass
class Resolver:
    """Collects the objects that option values refer to, for the payload's `resolved`."""

    world: World
    channel: Channel
    resolved: dict[str, Json] = field(default_factory=dict)

    def add_user(self, user: User) -> str:
        """Adds a user, and the member if there is one, and returns the id.

        Args:
            user: The user.
        """
        self.resolved.setdefault("users", {})[str(user.id)] = user_json(user)
        guild = self.channel.guild
        if guild is not None and user.id in guild.members:
            has = int(self.world.permissions(self.channel, user))
            body = member_json(guild.members[user.id], self.world.clock.now(), permissions=has, user=False)
            body.pop("mute")
            body.pop("deaf")
            self.resolved.setdefault("members", {})[str(user.id)] = body
        return str(user.id)

    def add_role(self, role: Role) -> str:
        """Adds a role and returns its id.

        Args:
            role: The role.
        """
        self.resolved.setdefault("roles", {})[str(role.id)] = role_json(role)
        return str(role.id)

    def add_channel(self, channel: Channel, invoker: User) -> str:
        """Adds a channel and returns its id.

        Args:
            channel: The channel.
            invoker: The user whose permissions in it are included.
        """
        body = {
            **channel_json(channel, self.world.bot),
            "permissions": str(int(self.world.permissions(channel, invoker))),
            "app_permissions": str(int(self.world.permissions(channel, self.world.bot))),
        }
        self.resolved.setdefault("channels", {})[str(channel.id)] = body
        return str(channel.id)

    def add_upload(self, upload: Upload) -> str:
        """Stores and adds a file, and returns the attachment's id.

        Args:
            upload: The file.

        Raises:
            RejectedByClient: It is above the upload limit.
        """
        guild = self.channel.guild
        limit = self.world.upload_limit if guild is None else guild.upload_limit
        if len(upload.data) > limit:
            raise RejectedByClient(
                f"{upload.filename} is too large: {len(upload.data):,} bytes, the limit here is {limit:,}."
            )
        attachment = store_upload(self.world, self.channel.id, upload, ephemeral=True)
        body = attachment_json(attachment, self.world.links)
        self.resolved.setdefault("attachments", {})[str(attachment.id)] = body
        return str(attachment.id)


def build_options(
    command: Json, values: Mapping[str, Any], resolver: Resolver, invoker: User, *, focus: str | None = None
) -> list[Json]:
    """Returns the payload's options for the values that a user filled in.

    Args:
        command: The command or subcommand.
        values: The values by option name.
        resolver: Collects the objects that values refer to.
        invoker: The user.
        focus: The option that is being completed; with it, no option is required yet.

    Raises:
        RejectedByClient: An option is unknown or missing, or a value is invalid.
    """
    known = {option["name"]: option for option in command.get("options", [])}
    for name in values:
        if name not in known:
            offered = ", ".join(known) or "none"
            raise RejectedByClient(f"/{command['name']} has no option “{name}”; it has: {offered}.")
    filled = []
    for name, option in known.items():
        if values.get(name) is None:
            if option.get("required") and focus is None:
                raise RejectedByClient(f"/{command['name']} needs “{name}”: {option['description']}.")
            continue
        kind = option["type"]
        if name == focus:
            filled.append({"name": name, "type": kind, "value": values[name], "focused": True})
        elif focus is None:
            value = _convert_value(option, values[name], resolver, invoker)
            filled.append({"name": name, "type": kind, "value": value})
        elif kind != ATTACHMENT:
            # Values of other options are included if they are valid already.
            with contextlib.suppress(RejectedByClient):
                value = _convert_value(option, values[name], resolver, invoker)
                filled.append({"name": name, "type": kind, "value": value})
    return filled


def _convert_value(option: Json, value: Any, resolver: Resolver, invoker: User) -> Any:
    kind, name = option["type"], option["name"]
    if kind == STRING:
        return _convert_string(option, str(value))
    if kind in (INTEGER, NUMBER):
        return _convert_number(option, value)
    if kind == BOOLEAN:
        if str(value).lower() not in ("true", "false"):
            raise RejectedByClient(f"“{name}” is True or False, not “{value}”.")
        return str(value).lower() == "true"
    if kind == ATTACHMENT:
        if not isinstance(value, Upload):
            raise RejectedByClient(f"“{name}” wants a file.")
        return resolver.add_upload(value)
    return _resolve_option_object(option, value, resolver, invoker)


def _convert_string(option: Json, text: str) -> str:
    low, high = option.get("min_length", 0), option.get("max_length", 6000)
    if not low <= len(text) <= high:
        raise RejectedByClient(f"“{option['name']}” takes {low} to {high} characters, not {len(text)}.")
    return str(_resolve_choice(option, text))


def _convert_number(option: Json, value: Any) -> int | float:
    name, whole = option["name"], option["type"] == INTEGER
    value = _resolve_choice(option, value)
    try:
        number = float(value)
        if isinstance(value, bool) or (whole and not number.is_integer()):
            raise ValueError
    except (TypeError, ValueError):
        raise RejectedByClient(
            f"“{name}” takes a {'whole ' if whole else ''}number, not “{value}”."
        ) from None
    low, high = option.get("min_value", -(1 << 53)), option.get("max_value", 1 << 53)
    if not low <= number <= high:
        raise RejectedByClient(f"“{name}” goes from {low:g} to {high:g}, not {number:g}.")
    return int(number) if whole else number


def _resolve_choice(option: Json, value: Any) -> Any:
    choices = option.get("choices")
    if not choices:
        return value
    for choice in choices:
        if value in (choice["name"], choice["value"]) or str(value) == str(choice["value"]):
            return choice["value"]
    offered = ", ".join(choice["name"] for choice in choices)
    raise RejectedByClient(f"“{option['name']}” is one of {offered}, not “{value}”.")


def _resolve_option_object(option: Json, value: Any, resolver: Resolver, invoker: User) -> str:
    kind, world, guild = option["type"], resolver.world, resolver.channel.guild
    number = value if isinstance(value, int) else getattr(value, "id", None)
    number = int(str(value)) if number is None and str(value).isdecimal() else number
    if number is not None:
        if kind in (USER, MENTIONABLE) and number in world.users:
            return resolver.add_user(world.users[number])
        if kind in (ROLE, MENTIONABLE) and guild is not None and number in guild.roles:
            return resolver.add_role(guild.roles[number])
        if kind == CHANNEL and guild is not None and number in guild.channels:
            channel = guild.channels[number]
            allowed = option.get("channel_types")
            if not allowed or channel.type in allowed:
                return resolver.add_channel(channel, invoker)
    raise RejectedByClient(f"“{option['name']}” does not know “{value}”.")


STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 3, 5, 6, 7, 8


def select_values(resolver: Resolver, select: Json, values: Sequence[Any], invoker: User) -> list[str]:
    """Returns the `values` of a select's payload.

    Args:
        resolver: Collects the objects that values refer to.
        select: The select.
        values: Options by value or label; users, roles and channels by handle or id.
        invoker: The user.

    Raises:
        RejectedByClient: A value is invalid, or there are too few or too many.
    """
    check_value_count(select, values)
    if select["type"] == STRING_SELECT:
        return select_options(select, values)
    return [_resolve_selected_object(resolver, select, value, invoker) for value in values]


def check_value_count(component: Json, values: Sequence[Any]) -> None:
    """Checks the number of selected values.

    Args:
        component: The select; it has `min_values` and `max_values`.
        values: The values.

    Raises:
        RejectedByClient: There are too few or too many.
    """
    low, high = component["min_values"], component["max_values"]
    if not low <= len(values) <= high:
        wanted = str(low) if low == high else f"{low} to {high}"
        raise RejectedByClient(f"Choose {wanted} of them, not {len(values)}.")


def select_options(component: Json, values: Sequence[Any]) -> list[str]:
    """Returns the values of the selected options.

    Args:
        component: The select or group; it has `options`.
        values: Values or labels.

    Raises:
        RejectedByClient: A value is not one of the options.
    """
    options = component["options"]
    known = {option["label"]: option["value"] for option in options}
    known |= {option["value"]: option["value"] for option in options}
    for value in values:
        if str(value) not in known:
            offered = ", ".join(option["value"] for option in options)
            raise RejectedByClient(f"Choose among {offered}.")
    return [known[str(value)] for value in values]


def _resolve_selected_object(resolver: Resolver, select: Json, value: Any, invoker: User) -> str:
    kind, world, guild = select["type"], resolver.world, resolver.channel.guild
    shown = str(getattr(value, "id", value))
    number = int(shown) if shown.isdecimal() else 0
    if number in world.users and kind in (USER_SELECT, MENTIONABLE_SELECT):
        return resolver.add_user(world.users[number])
    if guild is not None and number in guild.roles and kind in (ROLE_SELECT, MENTIONABLE_SELECT):
        return resolver.add_role(guild.roles[number])
    if guild is not None and number in guild.channels and kind == CHANNEL_SELECT:
        allowed = select.get("channel_types")
        if not allowed or guild.channels[number].type in allowed:
            return resolver.add_channel(guild.channels[number], invoker)
    raise RejectedByClient(f"There is no {value} to choose.")
