"""The REST server: routes, request log, planned faults, authorization, rate limits, responses."""

import asyncio
import json
import logging
import time
from typing import Any

from aiohttp import web

from dreambot.sandbox.errors import ApiError, api_error, plain_api_error
from dreambot.sandbox.faults import Fault, Faults
from dreambot.sandbox.requests import ApiCall, Handler, RecordedRequest, RequestLog, read_body
from dreambot.sandbox.rest import channels, commands, guilds, interactions, users
from dreambot.sandbox.rest.rate_limits import Bucket, RateLimits, rate_limit_json
from dreambot.sandbox.wire import WireLog
from dreambot.sandbox.world import World

_CHANNEL = "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"
_GUILD = "/guilds/{guild_id}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_WEBHOOK = "/webhooks/{application_id}/{token}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/gateway", users.get_gateway),
    ("GET", "/gateway/bot", users.get_gateway_bot),
    ("GET", "/oauth2/applications/@me", users.get_application),
    ("GET", "/applications/@me", users.get_application),
    ("GET", "/users/@me", users.get_current_user),
    ("GET", "/users/@me/guilds", users.list_current_user_guilds),
    ("POST", "/users/@me/channels", users.create_dm),
    ("GET", "/users/{user_id}", users.get_user),
    ("GET", _CHANNEL, channels.get_channel),
    ("PATCH", _CHANNEL, channels.edit_channel),
    ("POST", _CHANNEL + "/typing", channels.trigger_typing),
    ("GET", _CHANNEL + "/messages", channels.list_messages),
    ("POST", _CHANNEL + "/messages", channels.create_message),
    ("GET", _MESSAGE, channels.get_message),
    ("PATCH", _MESSAGE, channels.edit_message),
    ("DELETE", _MESSAGE, channels.delete_message),
    ("POST", _CHANNEL + "/messages/bulk-delete", channels.bulk_delete_messages),
    ("DELETE", _REACTIONS, channels.delete_all_reactions),
    ("GET", _REACTIONS + "/{emoji}", channels.list_reaction_users),
    ("DELETE", _REACTIONS + "/{emoji}", channels.delete_reactions_of_emoji),
    ("PUT", _REACTIONS + "/{emoji}/@me", channels.create_reaction),
    ("DELETE", _REACTIONS + "/{emoji}/@me", channels.delete_own_reaction),
    ("DELETE", _REACTIONS + "/{emoji}/{user_id}", channels.delete_user_reaction),
    ("GET", _GUILD, guilds.get_guild),
    ("GET", _GUILD + "/channels", guilds.list_channels),
    ("GET", _GUILD + "/roles", guilds.list_roles),
    ("GET", _GUILD + "/emojis", guilds.list_emojis),
    ("GET", _GUILD + "/stickers", guilds.list_stickers),
    ("GET", "/stickers/{sticker_id}", guilds.get_sticker),
    ("GET", _GUILD + "/members", guilds.list_members),
    ("GET", _GUILD + "/members/{user_id}", guilds.get_member),
    ("GET", _COMMANDS, commands.list_commands),
    ("PUT", _COMMANDS, commands.overwrite_commands),
    ("POST", _COMMANDS, commands.create_command),
    ("GET", _COMMANDS + "/{command_id}", commands.get_command),
    ("PATCH", _COMMANDS + "/{command_id}", commands.edit_command),
    ("DELETE", _COMMANDS + "/{command_id}", commands.delete_command),
    ("GET", _GUILD_COMMANDS, commands.list_commands),
    ("PUT", _GUILD_COMMANDS, commands.overwrite_commands),
    ("POST", _GUILD_COMMANDS, commands.create_command),
    ("GET", _GUILD_COMMANDS + "/{command_id}", commands.get_command),
    ("PATCH", _GUILD_COMMANDS + "/{command_id}", commands.edit_command),
    ("DELETE", _GUILD_COMMANDS + "/{command_id}", commands.delete_command),
    ("POST", "/interactions/{interaction_id}/{token}/callback", interactions.create_response),
    ("POST", _WEBHOOK, interactions.create_followup),
    ("GET", _WEBHOOK + "/messages/{message_id}", interactions.get_response),
    ("PATCH", _WEBHOOK + "/messages/{message_id}", interactions.edit_response),
    ("DELETE", _WEBHOOK + "/messages/{message_id}", interactions.delete_response),
]

API_PREFIX = "/api/v10"
_VIA_HEADERS = {"Via": "1.1 google"}
# Routes without an Authorization header: they need none, or have their token in the path.
_UNAUTHENTICATED_ROUTES = ("/webhooks/{application_id}/{token}", "/interactions/", "/gateway")

_log = logging.getLogger(__name__)


class RestApi:
    """The API under /api/v10.

    Args:
        world: The sandbox's state.
        faults: The planned faults.
        limits: The rate limits.
        keep: How many requests the log keeps.
        wire: The log for the wire view.
    """

    def __init__(self, world: World, faults: Faults, *, limits: RateLimits, keep: int, wire: WireLog) -> None:
        self.world = world
        self._wire = wire
        self.limits = limits
        self.faults = faults
        self.requests = RequestLog(keep)

    def register(self, app: web.Application) -> None:
        """Adds all routes. Other paths below the prefix respond with 404 as Discord does.

        Args:
            app: The application.
        """
        for method, route, handler in ROUTES:
            app.router.add_route(method, API_PREFIX + route, self._endpoint(route, handler))
        known = {route for _, route, _ in ROUTES}
        for route in known:
            app.router.add_route("*", API_PREFIX + route, self._endpoint(route, _not_allowed))
        app.router.add_route("*", "/api/{tail:v\\d+.*}", self._endpoint("", _not_found))

    def _endpoint(self, route: str, handler: Handler) -> Any:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            recorded = RecordedRequest(
                request.method,
                request.path.removeprefix(API_PREFIX),
                request.query_string,
                request.headers.get("Content-Type", ""),
                b"",
            )
            self.requests.add(recorded)
            try:
                recorded.body = await request.read()
            except web.HTTPRequestEntityTooLarge:
                return self._answer(recorded, _error_response(api_error(40005)))
            fault = self.faults.take(recorded.method, recorded.path)
            if fault is not None:
                if fault[0] is Fault.DROP_BEFORE:
                    return self._drop(request, recorded, fault[0])
                if (failed := fault_response(*fault)) is not None:
                    return self._answer(recorded, failed, fault[0])
                if fault[0] is Fault.SLOW:
                    await asyncio.sleep(fault[1])
            response = await self._respond(request, route, handler, recorded)
            if fault is not None and fault[0] is Fault.DROP_AFTER:
                return self._drop(request, recorded, fault[0])
            return self._answer(recorded, response, None if fault is None else fault[0])

        return endpoint

    async def _respond(
        self, request: web.Request, route: str, handler: Handler, recorded: RecordedRequest
    ) -> web.Response:
        now = time.monotonic()
        bucket: Bucket | None = None
        try:
            if (wait := self.limits.banned(now)) is not None:
                return _rate_limit_response(wait, "shared", everywhere=False, via=False)
            if not route.startswith(_UNAUTHENTICATED_ROUTES):
                self._authorise(request)
            interactive = route.startswith(_UNAUTHENTICATED_ROUTES)
            if not interactive and (wait := self.limits.take_global(now)) is not None:
                self.limits.count_invalid(now)
                return _rate_limit_response(wait, "global", everywhere=True)
            parameters = dict(request.match_info)
            bucket = self.limits.bucket(request.method, route, parameters) if route else None
            if bucket is not None and not bucket.take(now):
                self.limits.count_invalid(now)
                response = _rate_limit_response(bucket.reset - now, "user", everywhere=False)
                response.headers.update(bucket.headers(now))
                return response
            body = read_body(recorded.body, recorded.content_type)
            response = _json_response(await handler(ApiCall(self.world, parameters, request.query, body)))
        except ApiError as error:
            if error.status in (401, 403):
                self.limits.count_invalid(now)
            response = _error_response(error)
        except RecursionError:
            # The JSON parser accepted the nesting, but the validation recursed too deeply.
            response = _error_response(api_error(50109))
        except Exception:
            _log.exception("%s %s failed with an unexpected error", recorded.method, recorded.path)
            response = _error_response(plain_api_error(500, "Internal Server Error"))
        if bucket is not None:
            response.headers.update(bucket.headers(time.monotonic()))
        return response

    def _authorise(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.world.application.token}":
            raise plain_api_error(401, "Unauthorized")

    def _answer(
        self, recorded: RecordedRequest, response: web.Response, fault: Fault | int | None = None
    ) -> web.Response:
        body = response.body
        self.requests.finish(recorded, response.status, body if isinstance(body, bytes) else b"")
        self._wire.add_call(recorded, response.headers, fault)
        return response

    def _drop(self, request: web.Request, recorded: RecordedRequest, fault: Fault | int) -> web.Response:
        self.requests.finish(recorded, None, b"")
        self._wire.add_call(recorded, {}, fault)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


def _json_response(answer: Any) -> web.Response:
    if answer is None:
        return web.Response(status=204, headers=_VIA_HEADERS)
    # discord.py parses JSON only with exactly this content type, without a charset.
    text = json.dumps(answer, separators=(",", ":")).encode()
    return web.Response(body=text, content_type="application/json", headers=_VIA_HEADERS)


def _error_response(error: ApiError) -> web.Response:
    response = _json_response(error.json())
    response.set_status(error.status)
    return response


def _rate_limit_response(
    retry_after: float, scope: str, *, everywhere: bool, via: bool = True
) -> web.Response:
    response = _json_response(rate_limit_json(retry_after, everywhere=everywhere))
    response.set_status(429)
    response.headers["Retry-After"] = str(max(1, round(retry_after)))
    response.headers["X-RateLimit-Scope"] = scope
    if everywhere:
        response.headers["X-RateLimit-Global"] = "true"
    if not via:
        del response.headers["Via"]
    return response


def fault_response(fault: Fault | int, retry_after: float) -> web.Response | None:
    """Returns the response of a planned fault, or None if the fault is not a response.

    Args:
        fault: The fault, or one of Discord's JSON error codes.
        retry_after: Seconds in the header of a 429.
    """
    match fault:
        case Fault.RATE_LIMITED:
            return _rate_limit_response(retry_after, "user", everywhere=False)
        case Fault.GLOBAL_LIMIT:
            return _rate_limit_response(retry_after, "global", everywhere=True)
        case Fault.BANNED:
            return _rate_limit_response(retry_after, "shared", everywhere=False, via=False)
        case Fault.SERVER_ERROR:
            return _error_response(plain_api_error(500, "Internal Server Error"))
        case Fault.UNAVAILABLE:
            return _error_response(plain_api_error(503, "Service Unavailable"))
        case Fault.TOO_LARGE:
            return _error_response(api_error(40005))
        case int(code):
            return _error_response(api_error(code))
    return None


async def _not_found(_call: ApiCall) -> None:
    raise plain_api_error(404, "Not Found")


async def _not_allowed(_call: ApiCall) -> None:
    raise plain_api_error(405, "Method Not Allowed")
