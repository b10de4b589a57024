"""A user runs a slash command or a context menu command, or requests autocompletion."""

from collections.abc import Mapping
from typing import Any

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.interactions.sending import check_can_view, interaction_context, send_interaction
from dreambot.sandbox.interactions.values import GROUP, SUBCOMMAND, Resolver, build_options
from dreambot.sandbox.models import Channel, Interaction, Json, Message, User
from dreambot.sandbox.payload.messages import message_json
from dreambot.sandbox.permissions import Permission, guild_permissions
from dreambot.sandbox.rest.interactions import AUTOCOMPLETE, COMMAND
from dreambot.sandbox.world import World

_COMMAND_TYPE_NAMES = {1: "slash command", 2: "user menu", 3: "message menu"}


def use_slash_command(
    world: World, user: User, channel: Channel, name: str, values: Mapping[str, Any]
) -> Interaction:
    """Runs a slash command.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.
        name: The command's name, with group and subcommand if there are any: "group sub".
        values: The option values by name.

    Raises:
        RejectedByClient: The command is not available, or a value is invalid.
    """
    command, leaf, path = _find_subcommand(world, user, channel, name)
    resolver = Resolver(world, channel)
    options = _nest_options(path, build_options(leaf, values, resolver, user))
    data = _command_data(command, options, resolver)
    return send_interaction(
        world, user, channel, data, kind=COMMAND, name=name, kinds=_integration_types(command)
    )


def request_autocomplete(
    world: World,
    user: User,
    channel: Channel,
    name: str,
    values: Mapping[str, Any],
    *,
    option: str,
    typed: str,
) -> Interaction:
    """Requests the choices for an option.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.
        name: The command's name, with group and subcommand if there are any.
        values: The values of other options by name.
        option: The option's name.
        typed: The text typed so far.

    Raises:
        RejectedByClient: The command is not available, or the option has no autocompletion.
    """
    command, leaf, path = _find_subcommand(world, user, channel, name)
    known = {one["name"]: one for one in leaf.get("options", [])}
    if not known.get(option, {}).get("autocomplete"):
        raise RejectedByClient(f"/{name} does not complete “{option}”.")
    resolver = Resolver(world, channel)
    others = {key: value for key, value in values.items() if key != option}
    options = _nest_options(
        path, build_options(leaf, {**others, option: typed}, resolver, user, focus=option)
    )
    data = _command_data(command, options, resolver)
    return send_interaction(
        world, user, channel, data, kind=AUTOCOMPLETE, name=name, kinds=_integration_types(command)
    )


def use_context_menu(
    world: World, user: User, channel: Channel, name: str, target: Message | User
) -> Interaction:
    """Runs a context menu command on a message or a user.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.
        name: The command's name.
        target: The message or user.

    Raises:
        RejectedByClient: The command is not available, or the user cannot see the message.
    """
    kind = 3 if isinstance(target, Message) else 2
    command = _find_command(world, user, channel, name, kind)
    resolver = Resolver(world, channel)
    if isinstance(target, Message):
        if target.deleted or not target.visible_to(user):
            raise RejectedByClient("That message is gone.")
        body = message_json(target, world.links, world.application.id)
        resolver.resolved["messages"] = {str(target.id): body}
    else:
        resolver.add_user(target)
    data = {**_command_data(command, [], resolver), "target_id": str(target.id)}
    return send_interaction(
        world, user, channel, data, kind=COMMAND, name=name, kinds=_integration_types(command)
    )


def _find_command(world: World, user: User, channel: Channel, name: str, kind: int) -> Json:
    check_can_view(world, user, channel)
    if not world.permissions(channel, user) & Permission.USE_APPLICATION_COMMANDS:
        raise RejectedByClient("You may not use commands in this channel.")
    offered = [one for one in world.available_commands(channel, user) if one["type"] == kind]
    for command in offered:
        if command["name"] == name:
            _check_offered(world, user, channel, command)
            return command
    names = ", ".join(one["name"] for one in offered) or "none"
    raise RejectedByClient(f"There is no {_COMMAND_TYPE_NAMES[kind]} “{name}”; there are: {names}.")


def _check_offered(world: World, user: User, channel: Channel, command: Json) -> None:
    name, guild = command["name"], channel.guild
    contexts = command.get("contexts")
    context = interaction_context(world, channel)
    if guild is None and (command.get("dm_permission") is False or (contexts and context not in contexts)):
        raise RejectedByClient(f"“{name}” works in servers only.")
    if guild is not None and contexts and context not in contexts:
        raise RejectedByClient(f"“{name}” works in direct messages only.")
    if command.get("nsfw") and not channel.nsfw:
        raise RejectedByClient(f"“{name}” works in age-restricted channels only.")
    needed = command.get("default_member_permissions")
    if guild is not None and needed is not None:
        has = guild_permissions(guild, guild.members[user.id])
        administrator = bool(has & Permission.ADMINISTRATOR)
        if not administrator and (int(needed) == 0 or int(has) & int(needed) != int(needed)):
            raise RejectedByClient(f"You do not have permission to use “{name}”.")


def _find_subcommand(world: World, user: User, channel: Channel, name: str) -> tuple[Json, Json, list[Json]]:
    """Returns (command, the part that has the options, the path to it) of "name" or "name group sub"."""
    first, *rest = name.split()
    command = _find_command(world, user, channel, first, 1)
    leaf, path = command, []
    for word in rest:
        inner = {one["name"]: one for one in leaf.get("options", []) if one["type"] in (SUBCOMMAND, GROUP)}
        if word not in inner:
            raise RejectedByClient(
                f"/{first} has no “{word}”; it has: {', '.join(inner) or 'no subcommands'}."
            )
        leaf = inner[word]
        path.append(leaf)
    if any(one["type"] in (SUBCOMMAND, GROUP) for one in leaf.get("options", [])):
        inside = ", ".join(one["name"] for one in leaf["options"])
        raise RejectedByClient(f"/{name} needs one of: {inside}.")
    return command, leaf, path


def _integration_types(command: Json) -> list[int]:
    """Returns the installation types that a command is for: 0 guild, 1 user."""
    return [0] if "guild_id" in command else list(command["integration_types"])


def _nest_options(path: list[Json], options: list[Json]) -> list[Json]:
    for part in reversed(path):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    return options


def _command_data(command: Json, options: list[Json], resolver: Resolver) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if options:
        data["options"] = options
    if resolver.resolved:
        data["resolved"] = resolver.resolved
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data
