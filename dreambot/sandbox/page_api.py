"""The chat page's files and its HTTP API."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from dreambot.sandbox.errors import ApiError, RejectedByClient
from dreambot.sandbox.interactions import commands
from dreambot.sandbox.interactions.components import submit_modal, use_component
from dreambot.sandbox.messages import Upload, react_as_user, remove_reaction
from dreambot.sandbox.models import Channel, Guild, Interaction, Json, Member, Message, User
from dreambot.sandbox.page_events import all_commands, message_for_user, serve_event_socket
from dreambot.sandbox.payload.guilds import emoji_json
from dreambot.sandbox.payload.users import role_json, user_json
from dreambot.sandbox.permissions import Permission, guild_permissions, member_rank
from dreambot.sandbox.requests import RequestBody, read_body, read_json
from dreambot.sandbox.user_actions import delete_as_user, edit_as_user, post_as_user
from dreambot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def read_form(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Returns the form of a request, and its files by part name.

    The form is the body's JSON; in a multipart body it is the part `payload` or `payload_json`, or the fields
    themselves.

    Args:
        request: The request.

    Raises:
        ApiError: The body cannot be parsed.
    """
    body: RequestBody = read_body(await request.read(), request.headers.get("Content-Type", ""))
    form = body.json if isinstance(body.json, dict) else dict(body.fields)
    if "payload" in body.fields:
        form = read_json(body.fields["payload"])
    if isinstance(form.get("options"), str):
        form["options"] = read_json(form["options"] or "{}")
    return form, {name: Upload(part.filename, part.data) for name, part in body.files.items()}


def option_values(form: Json, files: dict[str, Upload]) -> dict[str, Any]:
    """Returns the option values of a form, with files in place of "file:NAME".

    Args:
        form: The form; `options` maps names to values.
        files: The files by part name.

    Raises:
        RejectedByClient: A file is missing.
    """
    values: dict[str, Any] = {}
    for name, value in (form.get("options") or {}).items():
        if isinstance(value, str) and value.startswith("file:"):
            upload = files.get(value.removeprefix("file:"))
            if upload is None:
                raise RejectedByClient(f"“{name}” wants a file.")
            values[name] = upload
        elif value not in (None, ""):
            values[name] = value
    return values


def modal_values(form: Json, files: dict[str, Upload]) -> dict[str, Any]:
    """Returns the values of a modal's fields by custom_id, with files in place of "file:NAME".

    Args:
        form: The form; `values` maps custom_ids to values or lists of them.
        files: The files by part name.

    Raises:
        RejectedByClient: A file is missing.
    """
    values: dict[str, Any] = {}
    for name, value in (form.get("values") or {}).items():
        if isinstance(value, list):
            values[name] = [_replace_with_upload(name, one, files) for one in value]
        elif value is not None:
            values[name] = value
    return values


def _replace_with_upload(name: str, value: Any, files: dict[str, Upload]) -> Any:
    if not isinstance(value, str) or not value.startswith("file:"):
        return value
    upload = files.get(value.removeprefix("file:"))
    if upload is None:
        raise RejectedByClient(f"“{name}” wants a file.")
    return upload


def partial_option_values(form: Json) -> dict[str, Any]:
    """Returns the option values while one of them is being completed. Files are not sent yet.

    Args:
        form: The form.
    """
    values = dict(form.get("options") or {})
    return {key: value for key, value in values.items() if not str(value).startswith("file:")}


def json_response(answer: Any, status: int = 200) -> web.Response:
    """Returns a JSON response.

    Args:
        answer: The value to encode.
        status: The HTTP status.
    """
    body = json.dumps(answer).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def errors_as_json(handler: Handler) -> Handler:
    """Returns a handler that responds to errors with {"error": sentence}.

    Args:
        handler: The handler to wrap.
    """

    async def wrapped(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except RejectedByClient as error:
            return json_response({"error": str(error)}, 400)
        except (ApiError, ValueError, RecursionError) as error:
            return json_response({"error": f"That request makes no sense: {error}."}, 400)
        except web.HTTPRequestEntityTooLarge:
            return json_response({"error": "That is too large to upload."}, 413)

    return wrapped


_LOCALE = re.compile(r"[a-z]{2}(-[A-Z0-9]{2,3})?")
_STATIC_NAME = re.compile(r"\w[\w.-]*")
_CONTENT_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STATIC_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' https: data: blob:; media-src 'self' https: blob:; "
        "style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class PageApi:
    """The page's files and its API.

    There is no login: the server listens on loopback and refuses requests from other sites.

    Args:
        world: The sandbox's state.
        folder: The folder with the page's files.
    """

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self._sockets: set[web.WebSocketResponse] = set()

    def register(self, app: web.Application) -> None:
        """Adds the routes.

        Args:
            app: The application.
        """
        app.on_shutdown.append(self.close)
        app.router.add_get("/", self.static)
        app.router.add_get("/page/{file}", self.static)
        app.router.add_get("/api/page/state", errors_as_json(self.state))
        app.router.add_get("/api/page/channels/{channel_id}/messages", errors_as_json(self.messages))
        app.router.add_post("/api/page/channels/{channel_id}/messages", errors_as_json(self.post))
        app.router.add_patch("/api/page/messages/{message_id}", errors_as_json(self.edit))
        app.router.add_delete("/api/page/messages/{message_id}", errors_as_json(self.delete))
        app.router.add_post("/api/page/messages/{message_id}/reactions", errors_as_json(self.react))
        app.router.add_post("/api/page/interactions", errors_as_json(self.interact))
        app.router.add_post("/api/page/locale", errors_as_json(self.set_locale))
        app.router.add_get("/api/page/socket", errors_as_json(self.socket))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Serves a file of the page.

        Args:
            request: The request.

        Raises:
            web.HTTPNotFound: There is no such file.
        """
        name = request.match_info.get("file", "index.html")
        path = self.folder / name
        if not _STATIC_NAME.fullmatch(name) or not path.is_file():
            raise web.HTTPNotFound(text="There is no such page.\n")
        kind = _CONTENT_TYPES.get(path.suffix, "application/octet-stream")
        body = path.read_bytes()
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=_STATIC_HEADERS)

    async def state(self, request: web.Request) -> web.Response:
        """Returns the users, guilds, channels and commands that a user's page shows, and whom it can act as.

        Args:
            request: The request; `user` in its query selects the user.
        """
        world, me = self.world, self._user(request.query.get("user"))
        return json_response(
            {
                "me": {**user_json(me), "locale": me.locale},
                "users": [user_json(user) for user in self._shown_users()],
                "people": [str(user.id) for user in self._people()],
                "bot": {"id": str(world.bot.id), "name": world.bot.username, "online": world.bot_online},
                "guilds": [
                    {
                        "id": str(guild.id),
                        "name": guild.name,
                        "permissions": str(int(guild_permissions(guild, guild.members[me.id]))),
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
                "direct": str(world.dm_channel(me, world.bot).id),
                "commands": all_commands(world),
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """Returns the newest messages of a channel, oldest first.

        Args:
            request: The request; its query may have `user` and `limit` (1-200, default 50).

        Raises:
            RejectedByClient: The user cannot view the channel.
        """
        user = self._user(request.query.get("user"))
        channel = self._channel(request.match_info["channel_id"])
        if not self.world.permissions(channel, user) & Permission.VIEW_CHANNEL:
            raise RejectedByClient("You cannot see that channel.")
        limit = min(max(int(request.query.get("limit", "50")), 1), 200)
        seen = [one for key, one in sorted(channel.messages.items()) if one.visible_to(user)]
        return json_response([message_for_user(self.world, message, user) for message in seen[-limit:]])

    async def post(self, request: web.Request) -> web.Response:
        """Posts a message.

        Args:
            request: The request; its form has `user`, `content`, `reply_to` and files.
        """
        form, files = await read_form(request)
        channel = self._channel(request.match_info["channel_id"])
        reply_to = int(form["reply_to"]) if form.get("reply_to") else None
        user = self._user(form.get("user"))
        message = post_as_user(
            self.world,
            user,
            channel,
            str(form.get("content") or ""),
            uploads=list(files.values()),
            reply_to=reply_to,
        )
        return json_response(message_for_user(self.world, message, user))

    async def react(self, request: web.Request) -> web.Response:
        """Adds or removes a reaction.

        Args:
            request: The request; its form has `user`, `emoji` and `on`.
        """
        form, _ = await read_form(request)
        user, message = self._user(form.get("user")), self._message(request.match_info["message_id"])
        emoji = str(form.get("emoji"))
        if form.get("on", True):
            react_as_user(self.world, user, message, emoji)
        else:
            remove_reaction(self.world, user, message, emoji)
        return json_response({"ok": True})

    async def edit(self, request: web.Request) -> web.Response:
        """Changes the text of a user's own message.

        Args:
            request: The request; its form has `user` and `content`.
        """
        form, _ = await read_form(request)
        user, message = self._user(form.get("user")), self._message(request.match_info["message_id"])
        edit_as_user(self.world, user, message, str(form.get("content") or ""))
        return json_response(message_for_user(self.world, message, user))

    async def delete(self, request: web.Request) -> web.Response:
        """Deletes a message.

        Args:
            request: The request; its query may have `user`.
        """
        user = self._user(request.query.get("user"))
        delete_as_user(self.world, user, self._message(request.match_info["message_id"]))
        return json_response({"ok": True})

    async def interact(self, request: web.Request) -> web.Response:
        """Sends an interaction: a command, context menu, component, modal or autocompletion.

        Args:
            request: The request; `type` in its form says which.
        """
        form, files = await read_form(request)
        user = self._user(form.get("user"))
        if form.get("type") == "autocomplete":
            return json_response({"choices": await self._autocomplete(form, user)})
        interaction = self._send_interaction(form, user, files)
        return json_response({"ok": True, "interaction_id": str(interaction.id)})

    async def set_locale(self, request: web.Request) -> web.Response:
        """Sets the language of a user's client.

        Args:
            request: The request; its form has `user` and `locale`.

        Raises:
            RejectedByClient: The locale is not valid.
        """
        form, _ = await read_form(request)
        locale = str(form.get("locale"))
        if not _LOCALE.fullmatch(locale):
            raise RejectedByClient(f"“{locale}” is no language.")
        self._user(form.get("user")).locale = locale
        return json_response({"ok": True})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serves the WebSocket that sends events to the page.

        Args:
            request: The request; its query may have `user`.
        """
        return await serve_event_socket(
            self.world, request, self._user(request.query.get("user")), self._sockets
        )

    async def close(self, _: web.Application) -> None:
        """Closes the WebSockets of all open pages, which would otherwise delay the end of the server."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))

    def _send_interaction(self, form: Json, user: User, files: dict[str, Upload]) -> Interaction:
        name, world = str(form.get("name")), self.world
        match form.get("type"):
            case "slash":
                channel = self._channel(form.get("channel_id"))
                return commands.use_slash_command(world, user, channel, name, option_values(form, files))
            case "menu" if form.get("user_id"):
                target = self.world.find_user(int(form["user_id"]))
                return commands.use_context_menu(
                    world, user, self._channel(form.get("channel_id")), name, target
                )
            case "menu":
                message = self._message(form.get("message_id"))
                return commands.use_context_menu(world, user, message.channel, name, message)
            case "component":
                message = self._message(form.get("message_id"))
                custom_id = str(form.get("custom_id"))
                return use_component(world, user, message, custom_id, form.get("values"))
            case "modal":
                number = int(form.get("interaction_id") or 0)
                interaction = next((one for one in world.interactions.values() if one.id == number), None)
                if interaction is None:
                    raise RejectedByClient("There is no form to fill in.")
                return submit_modal(world, user, interaction, modal_values(form, files))
        raise RejectedByClient(f"There is no interaction of type “{form.get('type')}”.")

    async def _autocomplete(self, form: Json, user: User) -> list[Json]:
        interaction = commands.request_autocomplete(
            self.world,
            user,
            self._channel(form.get("channel_id")),
            str(form.get("name")),
            partial_option_values(form),
            option=str(form.get("option")),
            typed=str(form.get("value", "")),
        )
        try:
            await self.world.events.wait_for(
                lambda: interaction.answered_at is not None or interaction.failed,
                5.0,
                "an answer to the completion",
            )
        except TimeoutError:
            return []
        return interaction.choices or []

    def _shown_users(self) -> list[User]:
        """Returns the members of all guilds, and always the sandbox's own bot."""
        in_guilds = {one for guild in self.world.guilds.values() for one in guild.members}
        return [one for one in self.world.users.values() if one.id in in_guilds or one is self.world.bot]

    def _people(self) -> list[User]:
        """Returns the human members that the page can act as.

        The owner of the application is included only if there is no other.
        """
        in_guilds = {one for guild in self.world.guilds.values() for one in guild.members}
        people = [one for one in self.world.users.values() if not one.bot and one.id in in_guilds]
        return [one for one in people if one is not self.world.application.owner] or people

    def _user(self, number: Any) -> User:
        people = self._people()
        for user in people if number else people[:1]:
            if not number or str(user.id) == str(number):
                return user
        raise RejectedByClient("There is no such person here.")

    def _channel(self, number: Any) -> Channel:
        channel = self.world.channels.get(int(number)) if str(number).isdecimal() else None
        if channel is None:
            raise RejectedByClient("There is no such channel.")
        return channel

    def _message(self, number: Any) -> Message:
        if str(number).isdecimal():
            for channel in self.world.channels.values():
                if int(number) in channel.messages:
                    return channel.messages[int(number)]
        raise RejectedByClient("That message is gone.")


def _member_json(guild: Guild, member: Member) -> Json:
    """Returns a member's nickname, rank and roles in a guild."""
    roles = [guild.roles[one].name for one in member.roles]
    rank = "app" if member.user.bot else member_rank(guild, member)
    return {"id": str(member.user.id), "nick": member.nick, "rank": rank, "roles": roles}
