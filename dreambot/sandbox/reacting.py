"""Reactions come and go, of people and of the bot."""

from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Message, User
from dreambot.sandbox.payload.emoji import partial_emoji_json, split_emoji
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.refusal import ClientRefusal, Refusal, refuse
from dreambot.sandbox.world import World

DIFFERENT = 20


def react(world: World, user: User, message: Message, key: str) -> None:
    """Add a reaction. Raises Refusal: 10014 for what is no emoji, 50013 and 50001 without permission, 30010
    above 20 different ones."""
    has = world.permissions(message.channel, user)
    if not has & Permission.READ_MESSAGE_HISTORY:
        raise refuse(50001)
    if not _known(world, key):
        raise refuse(10014)
    if key not in message.reactions:
        if not has & Permission.ADD_REACTIONS:
            raise refuse(50013)
        if len(message.reactions) >= DIFFERENT:
            raise refuse(30010)
    users = message.reactions.setdefault(key, [])
    if user not in users:
        users.append(user)
        _tell(world, "MESSAGE_REACTION_ADD", message, key, user)


def unreact(world: World, user: User, message: Message, key: str) -> None:
    """Take a reaction back; nothing happens where there is none."""
    users = message.reactions.get(key, [])
    if user not in users:
        return
    users.remove(user)
    if not users:
        del message.reactions[key]
    _tell(world, "MESSAGE_REACTION_REMOVE", message, key, user)


def clear(world: World, message: Message, key: str | None = None) -> None:
    """Remove all reactions of a message, or all with one emoji."""
    if key is None:
        message.reactions.clear()
        _tell(world, "MESSAGE_REACTION_REMOVE_ALL", message, None, None)
    elif message.reactions.pop(key, None) is not None:
        _tell(world, "MESSAGE_REACTION_REMOVE_EMOJI", message, key, None)


def react_as_person(world: World, user: User, message: Message, key: str) -> None:
    """The same within what Discord's client allows. Raises ClientRefusal."""
    if message.deleted or not message.visible_to(user) or message.ephemeral:
        raise ClientRefusal("You cannot react to that message.")
    try:
        react(world, user, message, key)
    except Refusal as refusal:
        raise ClientRefusal(f"You cannot react with {key}: {refusal.message}.") from None


def _known(world: World, key: str) -> bool:
    name, number = split_emoji(key)
    if number is not None:
        return any(number in guild.emojis for guild in world.guilds.values())
    plain = any(one.isalpha() or (one.isascii() and one not in "#*0123456789") for one in name)
    return 0 < len(name) <= 16 and not name.isascii() and not plain


def _tell(world: World, name: str, message: Message, key: str | None, user: User | None) -> None:
    data = {} if key is None else {"emoji": partial_emoji_json(key)}
    channel = message.channel
    event = Event(name, guild=channel.guild, channel=channel, message=message, user=user, data=data)
    world.hub.publish(event)
