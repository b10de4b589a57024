"""What the chat page asks for."""

import asyncio
import re
from pathlib import Path
from typing import Any

from aiohttp import web

from dreambot.sandbox.asking import ask
from dreambot.sandbox.asking.components import use_component
from dreambot.sandbox.asking.modal import submit
from dreambot.sandbox.model import Channel, Guild, Interaction, Json, Member, Message, User
from dreambot.sandbox.page_forms import (
    answer_json,
    field_values,
    kindly,
    option_values,
    read_form,
    typed_values,
)
from dreambot.sandbox.page_news import shown_commands, shown_message, tell_news
from dreambot.sandbox.payload.emoji import emoji_json
from dreambot.sandbox.payload.people import role_json, user_json
from dreambot.sandbox.permissions import Permission, in_guild, standing
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.reacting import react_as_person, unreact
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.saying import remove, rewrite, say
from dreambot.sandbox.world import World

_LOCALE = re.compile(r"[a-z]{2}(-[A-Z0-9]{2,3})?")
_STATIC = re.compile(r"\w[\w.-]*")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' https: data: blob:; media-src 'self' https: blob:; "
        "style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class PageApi:
    """The page's files and its API. It has no login: it answers on loopback, to its own address."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self._sockets: set[web.WebSocketResponse] = set()

    def register(self, app: web.Application) -> None:
        """Add the routes."""
        app.on_shutdown.append(self.close)
        app.router.add_get("/", self.static)
        app.router.add_get("/page/{file}", self.static)
        app.router.add_get("/api/page/state", kindly(self.state))
        app.router.add_get("/api/page/channels/{channel_id}/messages", kindly(self.messages))
        app.router.add_post("/api/page/channels/{channel_id}/messages", kindly(self.post))
        app.router.add_patch("/api/page/messages/{message_id}", kindly(self.edit))
        app.router.add_delete("/api/page/messages/{message_id}", kindly(self.delete))
        app.router.add_post("/api/page/messages/{message_id}/reactions", kindly(self.react))
        app.router.add_post("/api/page/interactions", kindly(self.interact))
        app.router.add_post("/api/page/locale", kindly(self.speak))
        app.router.add_get("/api/page/socket", kindly(self.socket))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        name = request.match_info.get("file", "index.html")
        path = self.folder / name
        if not _STATIC.fullmatch(name) or not path.is_file():
            raise web.HTTPNotFound(text="There is no such page.\n")
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        body = path.read_bytes()
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=_HEADERS)

    async def state(self, request: web.Request) -> web.Response:
        """Who is there, and where."""
        world, me = self.world, self._user(request.query.get("user"))
        return answer_json(
            {
                "me": {**user_json(me), "locale": me.locale},
                "users": [user_json(user) for user in [*self._people(), *self._bots()]],
                "bot": {"id": str(world.bot.id), "name": world.bot.username, "online": world.bot_online},
                "guilds": [
                    {
                        "id": str(guild.id),
                        "name": guild.name,
                        "permissions": str(int(in_guild(guild, guild.members[me.id]))),
                        "roles": [role_json(one) for one in guild.roles.values()],
                        "members": [_member_json(guild, one) for one in guild.members.values()],
                        "emojis": [emoji_json(one, guild.owner) for one in guild.emojis.values()],
                        "channels": [
                            {"id": str(one.id), "name": one.name, "nsfw": one.nsfw}
                            for one in guild.channels.values()
                            if world.permissions(one, me) & Permission.VIEW_CHANNEL
                        ],
                    }
                    for guild in world.guilds.values()
                    if me.id in guild.members
                ],
                "direct": str(world.direct_channel(me, world.bot).id),
                "commands": shown_commands(world),
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The newest messages of a channel, oldest first."""
        user = self._user(request.query.get("user"))
        channel = self._channel(request.match_info["channel_id"])
        if not self.world.permissions(channel, user) & Permission.VIEW_CHANNEL:
            raise ClientRefusal("You cannot see that channel.")
        limit = min(max(int(request.query.get("limit", "50")), 1), 200)
        seen = [one for key, one in sorted(channel.messages.items()) if one.visible_to(user)]
        return answer_json([shown_message(self.world, message, user) for message in seen[-limit:]])

    async def post(self, request: web.Request) -> web.Response:
        """A person posts."""
        form, files = await read_form(request)
        channel = self._channel(request.match_info["channel_id"])
        reply_to = int(form["reply_to"]) if form.get("reply_to") else None
        user = self._user(form.get("user"))
        message = say(
            self.world,
            user,
            channel,
            str(form.get("content") or ""),
            uploads=list(files.values()),
            reply_to=reply_to,
        )
        return answer_json(shown_message(self.world, message, user))

    async def react(self, request: web.Request) -> web.Response:
        """A person reacts, or takes a reaction back."""
        form, _ = await read_form(request)
        user, message = self._user(form.get("user")), self._message(request.match_info["message_id"])
        emoji = str(form.get("emoji"))
        if form.get("on", True):
            react_as_person(self.world, user, message, emoji)
        else:
            unreact(self.world, user, message, emoji)
        return answer_json({"ok": True})

    async def edit(self, request: web.Request) -> web.Response:
        """A person changes the text of their own message."""
        form, _ = await read_form(request)
        user, message = self._user(form.get("user")), self._message(request.match_info["message_id"])
        rewrite(self.world, user, message, str(form.get("content") or ""))
        return answer_json(shown_message(self.world, message, user))

    async def delete(self, request: web.Request) -> web.Response:
        """A person deletes a message."""
        user = self._user(request.query.get("user"))
        remove(self.world, user, self._message(request.match_info["message_id"]))
        return answer_json({"ok": True})

    async def interact(self, request: web.Request) -> web.Response:
        """A person uses a command, a menu, a component, a modal or a completion."""
        form, files = await read_form(request)
        user = self._user(form.get("user"))
        if form.get("type") == "autocomplete":
            return answer_json({"choices": await self._complete(form, user)})
        asked = self._ask(form, user, files)
        return answer_json({"ok": True, "interaction_id": str(asked.id)})

    async def speak(self, request: web.Request) -> web.Response:
        """A person sets the language of their client."""
        form, _ = await read_form(request)
        locale = str(form.get("locale"))
        if not _LOCALE.fullmatch(locale):
            raise ClientRefusal(f"“{locale}” is no language.")
        self._user(form.get("user")).locale = locale
        return answer_json({"ok": True})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """What happens, as it happens."""
        return await tell_news(self.world, request, self._user(request.query.get("user")), self._sockets)

    async def close(self, _: web.Application) -> None:
        """Close the sockets of all open pages, which would otherwise delay the end of the server."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))

    def _ask(self, form: Json, user: User, files: dict[str, Upload]) -> Interaction:
        name, world = str(form.get("name")), self.world
        match form.get("type"):
            case "slash":
                channel = self._channel(form.get("channel_id"))
                return ask.slash(world, user, channel, name, option_values(form, files))
            case "menu" if form.get("user_id"):
                target = self.world.find_user(int(form["user_id"]))
                return ask.menu(world, user, self._channel(form.get("channel_id")), name, target)
            case "menu":
                message = self._message(form.get("message_id"))
                return ask.menu(world, user, message.channel, name, message)
            case "component":
                message = self._message(form.get("message_id"))
                custom_id = str(form.get("custom_id"))
                return use_component(world, user, message, custom_id, form.get("values"))
            case "modal":
                number = int(form.get("interaction_id") or 0)
                asked = next((one for one in world.interactions.values() if one.id == number), None)
                if asked is None:
                    raise ClientRefusal("There is no form to fill in.")
                return submit(world, user, asked, field_values(form, files))
        raise ClientRefusal(f"There is no interaction of type “{form.get('type')}”.")

    async def _complete(self, form: Json, user: User) -> list[Json]:
        asked = ask.autocomplete(
            self.world,
            user,
            self._channel(form.get("channel_id")),
            str(form.get("name")),
            typed_values(form),
            option=str(form.get("option")),
            typed=str(form.get("value", "")),
        )
        try:
            await self.world.hub.wait_for(
                lambda: asked.answered is not None or asked.failed, 5.0, "an answer to the completion"
            )
        except TimeoutError:
            return []
        return asked.choices or []

    def _bots(self) -> list[User]:
        """The bots that share a guild with somebody, and always our own."""
        in_guilds = {one for guild in self.world.guilds.values() for one in guild.members}
        known = self.world.users.values()
        return [one for one in known if one.bot and (one.id in in_guilds or one is self.world.bot)]

    def _people(self) -> list[User]:
        """The human members, the owner of the application only where there is nobody else."""
        in_guilds = {one for guild in self.world.guilds.values() for one in guild.members}
        people = [one for one in self.world.users.values() if not one.bot and one.id in in_guilds]
        return [one for one in people if one is not self.world.application.owner] or people

    def _user(self, number: Any) -> User:
        people = self._people()
        for user in people if number else people[:1]:
            if not number or str(user.id) == str(number):
                return user
        raise ClientRefusal("There is no such person here.")

    def _channel(self, number: Any) -> Channel:
        channel = self.world.channels.get(int(number)) if str(number).isdecimal() else None
        if channel is None:
            raise ClientRefusal("There is no such channel.")
        return channel

    def _message(self, number: Any) -> Message:
        if str(number).isdecimal():
            for channel in self.world.channels.values():
                if int(number) in channel.messages:
                    return channel.messages[int(number)]
        raise ClientRefusal("That message is gone.")


def _member_json(guild: Guild, member: Member) -> Json:
    """What a member is called in a guild, and what they are there."""
    roles = [guild.roles[one].name for one in member.roles]
    what = "app" if member.user.bot else standing(guild, member)
    return {"id": str(member.user.id), "nick": member.nick, "standing": what, "roles": roles}
