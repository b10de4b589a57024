"""Channels: look, edit, type."""

from dreambot.sandbox.check.form import Form
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Channel, Json
from dreambot.sandbox.payload.places import channel_json
from dreambot.sandbox.permissions import Permission, to_send
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.context import Call
from dreambot.sandbox.world import World


def require(world: World, channel: Channel, *needed: Permission) -> None:
    """Raises Refusal 50001 where the bot cannot see the channel, 50013 where it lacks another permission."""
    has = world.permissions(channel, world.bot)
    if not has & Permission.VIEW_CHANNEL:
        raise refuse(50001)
    if any(not has & one for one in needed):
        raise refuse(50013)


async def get(call: Call) -> Json:
    """GET /channels/{channel_id}"""
    require(call.world, call.channel)
    return channel_json(call.channel, call.world.bot)


async def edit(call: Call) -> Json:
    """PATCH /channels/{channel_id}: name, topic and nsfw"""
    channel, form = call.channel, Form()
    if channel.guild is None:
        raise refuse(50003)
    require(call.world, channel, Permission.MANAGE_CHANNELS)
    name = form.text(call.json, "name", at_least=1, at_most=100)
    topic = form.text(call.json, "topic", at_most=1024)
    nsfw = form.flag(call.json, "nsfw")
    form.done()
    channel.name = name or channel.name
    channel.topic = topic if "topic" in call.json else channel.topic
    channel.nsfw = channel.nsfw if nsfw is None else nsfw
    call.world.hub.publish(Event("CHANNEL_UPDATE", guild=channel.guild, channel=channel))
    return channel_json(channel, call.world.bot)


async def typing(call: Call) -> None:
    """POST /channels/{channel_id}/typing"""
    channel = call.channel
    require(call.world, channel, to_send(channel))
    event = Event("TYPING_START", guild=channel.guild, channel=channel, user=call.world.bot)
    call.world.hub.publish(event)
