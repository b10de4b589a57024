"""The chat page's WebSocket: which events a user's page receives, and as what JSON."""

import asyncio
import json

from aiohttp import WSMsgType, web

from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Interaction, Json, Message, User
from dreambot.sandbox.payload.guilds import reactions_json
from dreambot.sandbox.payload.messages import message_json
from dreambot.sandbox.rest.interactions import AUTOCOMPLETE, COMMAND
from dreambot.sandbox.world import World


def message_for_user(world: World, message: Message, user: User) -> Json:
    """Returns a message as JSON for a user's client.

    It names the command that it answers, and marks the user's own reactions.

    Args:
        world: The sandbox's state.
        message: The message.
        user: The user who sees it.
    """
    body = message_json(message, world.links, world.application.id)
    body["reactions"] = reactions_json(message, user.id)
    source = message.interaction
    while source is not None and source.triggered_by is not None:
        source = source.triggered_by
    if source is not None and source.kind == COMMAND:
        body["interaction_metadata"]["name"] = source.name
    return body


def all_commands(world: World) -> list[Json]:
    """Returns all application commands, global and of all guilds.

    Args:
        world: The sandbox's state.
    """
    application = world.application
    extra = [one for shelf in application.guild_commands.values() for one in shelf.values()]
    return [*application.commands.values(), *extra]


async def serve_event_socket(
    world: World, request: web.Request, user: User, sockets: set[web.WebSocketResponse]
) -> web.StreamResponse:
    """Serves a page's WebSocket until the page closes it.

    Args:
        world: The sandbox's state.
        request: The request to upgrade.
        user: The user whose page it is.
        sockets: The open sockets; this one is added while it is open.
    """
    socket = web.WebSocketResponse(heartbeat=30, timeout=0.5)
    await socket.prepare(request)
    sockets.add(socket)
    queue: asyncio.Queue[Json] = asyncio.Queue()

    def on_event(event: Event) -> None:
        payload = page_event(world, event, user)
        if payload is not None:
            queue.put_nowait(payload)

    async def send_events() -> None:
        while True:
            await socket.send_str(json.dumps(await queue.get()))

    unsubscribe = world.events.listen(on_event)
    sender = asyncio.create_task(send_events())
    try:
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
    finally:
        sockets.discard(socket)
        unsubscribe()
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)
    return socket


def page_event(world: World, event: Event, user: User) -> Json | None:
    """Returns the JSON of an event for a user's page, or None if the page does not receive it.

    Args:
        world: The sandbox's state.
        event: The event.
        user: The user whose page it is.
    """
    name, channel = event.name, event.channel
    if name == "COMMANDS":
        return {"t": name, "d": all_commands(world)}
    if name == "BOT":
        return {"t": name, "d": event.data}
    if name == "INTERACTION_ANSWERED" and event.interaction is not None:
        return _modal_event(event.interaction, user)
    if channel is None or not world.permissions(channel, user):
        return None
    if event.message is not None:
        if not event.message.visible_to(user):
            return None
        deleted = {"id": str(event.message.id), "channel_id": str(channel.id)}
        if name == "MESSAGE_DELETE":
            return {"t": name, "d": deleted}
        kind = name if name == "MESSAGE_CREATE" else "MESSAGE_UPDATE"
        return {"t": kind, "d": message_for_user(world, event.message, user)}
    if name == "MESSAGE_DELETE_BULK":
        return {"t": name, "d": {**event.data, "channel_id": str(channel.id)}}
    if name == "TYPING_START" and event.user is not None:
        return {"t": name, "d": {"channel_id": str(channel.id), "user_id": str(event.user.id)}}
    if name == "INTERACTION_FAILED" and event.interaction is not None:
        return _failure_event(event.interaction, user)
    return None


def _modal_event(interaction: Interaction, user: User) -> Json | None:
    if interaction.user is not user or interaction.modal is None:
        return None
    return {"t": "MODAL", "d": {**interaction.modal, "interaction_id": str(interaction.id)}}


def _failure_event(interaction: Interaction, user: User) -> Json | None:
    if interaction.user is not user or interaction.kind == AUTOCOMPLETE:
        return None
    body = {
        "interaction_id": str(interaction.id),
        "channel_id": str(interaction.channel.id),
        "message": "The application did not respond",
    }
    return {"t": "INTERACTION_FAILED", "d": body}
