"""A person uses a command, a menu or a component."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from dreambot.sandbox.asking.options import GROUP, SUBCOMMAND, Resolver, fill_in
from dreambot.sandbox.asking.payload import interaction_json
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Channel, Interaction, Json, Message, User
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.permissions import Permission, in_guild
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.rest.callbacks import ANSWER_WITHIN, AUTOCOMPLETE, COMMAND, COMPONENT
from dreambot.sandbox.world import World

_KINDS = {1: "slash command", 2: "user menu", 3: "message menu"}
_BUTTON, _STRING_SELECT, _LINK = 2, 3, 5


def slash(world: World, user: User, channel: Channel, name: str, values: Mapping[str, Any]) -> Interaction:
    """Use a slash command; `name` may be "group sub". Raises ClientRefusal."""
    command, leaf, path = _find_leaf(world, user, channel, name)
    resolver = Resolver(world, channel)
    options = _nest(path, fill_in(leaf, values, resolver, user))
    return _send(world, user, channel, _command_data(command, options, resolver), kind=COMMAND, name=name)


def autocomplete(
    world: World,
    user: User,
    channel: Channel,
    name: str,
    values: Mapping[str, Any],
    *,
    option: str,
    typed: str,
) -> Interaction:
    """Ask for completions of `typed` in an option. Raises ClientRefusal where it does not complete."""
    command, leaf, path = _find_leaf(world, user, channel, name)
    known = {one["name"]: one for one in leaf.get("options", [])}
    if not known.get(option, {}).get("autocomplete"):
        raise ClientRefusal(f"/{name} does not complete “{option}”.")
    resolver = Resolver(world, channel)
    others = {key: value for key, value in values.items() if key != option}
    options = _nest(path, fill_in(leaf, {**others, option: typed}, resolver, user, focus=option))
    return _send(
        world, user, channel, _command_data(command, options, resolver), kind=AUTOCOMPLETE, name=name
    )


def menu(world: World, user: User, channel: Channel, name: str, target: Message | User) -> Interaction:
    """Use a context menu on a message or a user. Raises ClientRefusal."""
    kind = 3 if isinstance(target, Message) else 2
    command = _find(world, user, channel, name, kind)
    resolver = Resolver(world, channel)
    if isinstance(target, Message):
        if target.deleted or not target.visible_to(user):
            raise ClientRefusal("That message is gone.")
        body = message_json(target, world.links, world.application.id)
        resolver.resolved["messages"] = {str(target.id): body}
    else:
        resolver.user(target)
    data = {**_command_data(command, [], resolver), "target_id": str(target.id)}
    return _send(world, user, channel, data, kind=COMMAND, name=name)


def use_component(
    world: World, user: User, message: Message, custom_id: str, values: Sequence[str] | None
) -> Interaction:
    """Press a button or choose in a select, by its custom_id. Raises ClientRefusal."""
    if message.deleted or not message.visible_to(user):
        raise ClientRefusal("That message is gone.")
    _check_use(world, user, message.channel)
    component = find_component(message.components, custom_id)
    if component is None:
        raise ClientRefusal("That button is gone.")
    if component.get("disabled"):
        raise ClientRefusal("That button is switched off.")
    data: Json = {
        "custom_id": custom_id,
        "component_type": component["type"],
        "id": component["id"],
    }
    if component["type"] != _BUTTON:
        data |= _choose(world, message.channel, component, list(values or []))
    return _send(world, user, message.channel, data, kind=COMPONENT, name=custom_id, message=message)


def find_component(components: Sequence[Json], custom_id: str) -> Json | None:
    """The component with a custom_id, however deep."""
    for component in components:
        if component.get("custom_id") == custom_id:
            return component
        inner = [
            *component.get("components", []),
            *([component["accessory"]] if "accessory" in component else []),
        ]
        if (found := find_component(inner, custom_id)) is not None:
            return found
    return None


def _choose(world: World, channel: Channel, component: Json, values: list[str]) -> Json:
    low, high = component["min_values"], component["max_values"]
    if not low <= len(values) <= high:
        raise ClientRefusal(f"Choose {low} to {high} of them, not {len(values)}.")
    if component["type"] == _STRING_SELECT:
        offered = [option["value"] for option in component["options"]]
        if any(value not in offered for value in values):
            raise ClientRefusal(f"Choose among {', '.join(offered)}.")
        return {"values": values}
    resolver = Resolver(world, channel)
    for value in values:
        guild = channel.guild
        number = int(value)
        if number in world.users and component["type"] in (5, 7):
            resolver.user(world.users[number])
        elif guild is not None and number in guild.roles and component["type"] in (6, 7):
            resolver.role(guild.roles[number])
        elif guild is not None and number in guild.channels and component["type"] == 8:
            resolver.place(guild.channels[number], world.bot)
        else:
            raise ClientRefusal(f"There is no {value} to choose.")
    return {"values": values, "resolved": resolver.resolved}


def _check_use(world: World, user: User, channel: Channel) -> None:
    if not world.permissions(channel, user) & Permission.VIEW_CHANNEL:
        raise ClientRefusal("You cannot see that channel.")


def _find(world: World, user: User, channel: Channel, name: str, kind: int) -> Json:
    _check_use(world, user, channel)
    if not world.permissions(channel, user) & Permission.USE_APPLICATION_COMMANDS:
        raise ClientRefusal("You may not use commands in this channel.")
    offered = [one for one in world.commands(channel.guild) if one["type"] == kind]
    for command in offered:
        if command["name"] == name:
            _check_offered(world, user, channel, command)
            return command
    names = ", ".join(one["name"] for one in offered) or "none"
    raise ClientRefusal(f"There is no {_KINDS[kind]} “{name}”; there are: {names}.")


def _check_offered(world: World, user: User, channel: Channel, command: Json) -> None:
    name, guild = command["name"], channel.guild
    contexts = command.get("contexts")
    if guild is None and (command.get("dm_permission") is False or (contexts and 1 not in contexts)):
        raise ClientRefusal(f"“{name}” works in servers only.")
    if guild is not None and contexts and 0 not in contexts:
        raise ClientRefusal(f"“{name}” works in direct messages only.")
    if command.get("nsfw") and not channel.nsfw:
        raise ClientRefusal(f"“{name}” works in age-restricted channels only.")
    needed = command.get("default_member_permissions")
    if guild is not None and needed is not None:
        has = in_guild(guild, guild.members[user.id])
        administrator = bool(has & Permission.ADMINISTRATOR)
        if not administrator and (int(needed) == 0 or int(has) & int(needed) != int(needed)):
            raise ClientRefusal(f"You do not have permission to use “{name}”.")


def _find_leaf(world: World, user: User, channel: Channel, name: str) -> tuple[Json, Json, list[Json]]:
    """(command, the part that takes the options, the way to it) of "name" or "name group sub"."""
    first, *rest = name.split()
    command = _find(world, user, channel, first, 1)
    leaf, path = command, []
    for word in rest:
        inner = {one["name"]: one for one in leaf.get("options", []) if one["type"] in (SUBCOMMAND, GROUP)}
        if word not in inner:
            raise ClientRefusal(f"/{first} has no “{word}”; it has: {', '.join(inner) or 'no subcommands'}.")
        leaf = inner[word]
        path.append(leaf)
    if any(one["type"] in (SUBCOMMAND, GROUP) for one in leaf.get("options", [])):
        inside = ", ".join(one["name"] for one in leaf["options"])
        raise ClientRefusal(f"/{name} needs one of: {inside}.")
    return command, leaf, path


def _nest(path: list[Json], options: list[Json]) -> list[Json]:
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


def _send(
    world: World,
    user: User,
    channel: Channel,
    data: Json,
    *,
    kind: int,
    name: str,
    message: Message | None = None,
) -> Interaction:
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=kind,
        user=user,
        channel=channel,
        data=data,
        created=world.clock.now(),
        sent=time.perf_counter(),
        name=name,
        message=message,
    )
    world.interactions[interaction.token] = interaction
    body = interaction_json(world, interaction)
    world.hub.publish(Event("INTERACTION_CREATE", guild=channel.guild, interaction=interaction, data=body))
    world.keep(asyncio.create_task(_expire(world, interaction)))
    return interaction


async def _expire(world: World, interaction: Interaction) -> None:
    """Tell the person when the bot has not answered in time."""
    await world.clock.sleep_until(interaction.created + ANSWER_WITHIN)
    if interaction.answered is None:
        interaction.failed = True
        event = Event("INTERACTION_FAILED", channel=interaction.channel, interaction=interaction)
        world.hub.publish(event)
