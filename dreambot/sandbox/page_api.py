"""What the chat page asks and hears."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from dreambot.sandbox.asking import ask
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Channel, Interaction, Json, Message, User
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.payload.people import user_json
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.refusal import ClientRefusal, Refusal
from dreambot.sandbox.rest.body import Body, read_body
from dreambot.sandbox.saying import remove, say
from dreambot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_STATIC = re.compile(r"[\w][\w.-]*")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class PageApi:
    """The page's files and its API. It has no login: it answers on loopback, to its own address."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder

    def register(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self.static)
        app.router.add_get("/page/{file}", self.static)
        app.router.add_get("/api/page/state", _kindly(self.state))
        app.router.add_get("/api/page/channels/{channel_id}/messages", _kindly(self.messages))
        app.router.add_post("/api/page/channels/{channel_id}/messages", _kindly(self.post))
        app.router.add_delete("/api/page/messages/{message_id}", _kindly(self.delete))
        app.router.add_post("/api/page/interactions", _kindly(self.interact))
        app.router.add_get("/api/page/socket", self.socket)

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        name = request.match_info.get("file", "index.html")
        path = self.folder / name
        if not _STATIC.fullmatch(name) or not path.is_file():
            raise web.HTTPNotFound(text="There is no such page.\n")
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        headers = {"Cache-Control": "no-cache"}
        return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8", headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        """Who is there, and where."""
        world, me = self.world, self._user(request.query.get("user"))
        guilds = [guild for guild in world.guilds.values() if me.id in guild.members]
        return _json(
            {
                "me": user_json(me),
                "users": [user_json(user) for user in self._people()],
                "bot": {"id": str(world.bot.id), "name": world.bot.username, "online": world.bot_online},
                "guilds": [
                    {
                        "id": str(guild.id),
                        "name": guild.name,
                        "channels": [
                            {"id": str(one.id), "name": one.name, "nsfw": one.nsfw}
                            for one in guild.channels.values()
                            if world.permissions(one, me)
                        ],
                    }
                    for guild in guilds
                ],
                "commands": self._commands(),
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The newest messages of a channel, oldest first."""
        user, channel = self._user(request.query.get("user")), self._channel(request)
        limit = int(request.query.get("limit", "50"))
        seen = [one for key, one in sorted(channel.messages.items()) if one.visible_to(user)]
        return _json([self._message(message) for message in seen[-limit:]])

    async def post(self, request: web.Request) -> web.Response:
        """A person posts."""
        body = await _read(request)
        user, channel = self._user(body.fields.get("user")), self._channel(request)
        uploads = [Upload(part.filename, part.data) for part in body.files.values()]
        reply_to = body.fields.get("reply_to") or None
        content = body.fields.get("content", "")
        message = say(self.world, user, channel, content, uploads, int(reply_to) if reply_to else None)
        return _json(self._message(message))

    async def delete(self, request: web.Request) -> web.Response:
        """A person deletes a message."""
        user = self._user(request.query.get("user"))
        remove(self.world, user, self._find_message(request.match_info["message_id"]))
        return _json({"ok": True})

    async def interact(self, request: web.Request) -> web.Response:
        """A person uses a command, a menu, a component or a completion."""
        body = await _read(request)
        form: Json = body.json if isinstance(body.json, dict) else {}
        user = self._user(form.get("user"))
        kind = form.get("type")
        if kind == "autocomplete":
            return _json({"choices": await self._complete(form, user, body)})
        if kind == "slash":
            values = _options(form, body)
            channel = self._find_channel(form.get("channel_id"))
            asked = ask.slash(self.world, user, channel, str(form.get("name")), values)
        elif kind == "menu":
            message = self._find_message(form.get("message_id"))
            asked = ask.menu(self.world, user, message.channel, str(form.get("name")), message)
        elif kind == "component":
            message = self._find_message(form.get("message_id"))
            custom_id = str(form.get("custom_id"))
            asked = ask.use_component(self.world, user, message, custom_id, form.get("values"))
        else:
            raise ClientRefusal(f"There is no interaction of type “{kind}”.")
        return _json({"ok": True, "interaction_id": str(asked.id)})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """What happens, as it happens."""
        user = self._user(request.query.get("user"))
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        news: asyncio.Queue[Json] = asyncio.Queue()

        def hear(event: Event) -> None:
            told = self._news(event, user)
            if told is not None:
                news.put_nowait(told)

        async def tell() -> None:
            while True:
                await socket.send_str(json.dumps(await news.get()))

        silence = self.world.hub.listen(hear)
        teller = asyncio.create_task(tell())
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            silence()
            teller.cancel()
            await asyncio.gather(teller, return_exceptions=True)
        return socket

    def _news(self, event: Event, user: User) -> Json | None:
        """What one person's page hears of an event."""
        name, channel = event.name, event.channel
        if name == "COMMANDS":
            return {"t": name, "d": self._commands()}
        if name == "BOT":
            return {"t": name, "d": event.data}
        if channel is None or not self.world.permissions(channel, user):
            return None
        if event.message is not None:
            if not event.message.visible_to(user):
                return None
            gone = {"id": str(event.message.id), "channel_id": str(channel.id)}
            return {"t": name, "d": gone if name == "MESSAGE_DELETE" else self._message(event.message)}
        if name == "TYPING_START" and event.user is not None:
            return {"t": name, "d": {"channel_id": str(channel.id), "user_id": str(event.user.id)}}
        if name == "INTERACTION_FAILED" and event.interaction is not None:
            return self._failed(event.interaction) if event.interaction.user is user else None
        return None

    def _failed(self, interaction: Interaction) -> Json:
        body = {
            "interaction_id": str(interaction.id),
            "channel_id": str(interaction.channel.id),
            "message": "The application did not respond",
        }
        return {"t": "INTERACTION_FAILED", "d": body}

    async def _complete(self, form: Json, user: User, body: Body) -> list[Json]:
        channel = self._find_channel(form.get("channel_id"))
        name, option, typed = str(form.get("name")), str(form.get("option")), str(form.get("value", ""))
        values = _options(form, body)
        asked = ask.autocomplete(self.world, user, channel, name, option, typed, values)
        try:
            await self.world.hub.wait_for(
                lambda: asked.answered is not None or asked.failed, 5.0, "an answer to the completion"
            )
        except TimeoutError:
            return []
        return asked.choices or []

    def _message(self, message: Message) -> Json:
        """A message as people's clients get it: what was asked is named."""
        body = message_json(message, self.world.links, self.world.application.id)
        if message.interaction is not None:
            body["interaction_metadata"]["name"] = message.interaction.name
        return body

    def _commands(self) -> list[Json]:
        application = self.world.application
        extra = [one for shelf in application.guild_commands.values() for one in shelf.values()]
        return [*application.commands.values(), *extra]

    def _people(self) -> list[User]:
        in_guilds = {one for guild in self.world.guilds.values() for one in guild.members}
        owner = self.world.application.owner
        people = [one for one in self.world.users.values() if not one.bot and one.id in in_guilds]
        return [one for one in people if one is not owner] or people

    def _user(self, number: Any) -> User:
        people = self._people()
        if not number and people:
            return people[0]
        for user in people:
            if str(user.id) == str(number):
                return user
        raise ClientRefusal("There is no such person here.")

    def _channel(self, request: web.Request) -> Channel:
        return self._find_channel(request.match_info["channel_id"])

    def _find_channel(self, number: Any) -> Channel:
        channel = self.world.channels.get(int(number)) if str(number).isdecimal() else None
        if channel is None:
            raise ClientRefusal("There is no such channel.")
        return channel

    def _find_message(self, number: Any) -> Message:
        if str(number).isdecimal():
            for channel in self.world.channels.values():
                if int(number) in channel.messages:
                    return channel.messages[int(number)]
        raise ClientRefusal("That message is gone.")


def _options(form: Json, body: Body) -> dict[str, Any]:
    """The option values of a form, with "file:NAME" replaced by the multipart part NAME."""
    values: dict[str, Any] = {}
    for name, value in (form.get("options") or {}).items():
        if isinstance(value, str) and value.startswith("file:"):
            part = body.files.get(value.removeprefix("file:"))
            if part is None:
                raise ClientRefusal(f"“{name}” wants a file.")
            values[name] = Upload(part.filename, part.data)
        elif value not in (None, ""):
            values[name] = value
    return values


async def _read(request: web.Request) -> Body:
    """The body; multipart forms may carry their JSON as fields or as `payload_json`."""
    body = read_body(await request.read(), request.headers.get("Content-Type", ""))
    if body.json is None:
        return body
    fields = {key: str(value) for key, value in body.json.items() if isinstance(value, str | int)}
    form = dict(body.json)
    if isinstance(form.get("options"), str):
        form["options"] = json.loads(form["options"] or "{}")
    return Body(form, body.files, {**fields, **body.fields})


def _json(answer: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(answer).encode(), status=status, content_type="application/json", charset="utf-8"
    )


def _kindly(handler: Handler) -> Handler:
    """Turn refusals into {"error": sentence}."""

    async def kind(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ClientRefusal as refusal:
            return _json({"error": str(refusal)}, 400)
        except (Refusal, ValueError) as refusal:
            return _json({"error": f"That request makes no sense: {refusal}."}, 400)
        except web.HTTPRequestEntityTooLarge:
            return _json({"error": "That is too large to upload."}, 413)

    return kind
