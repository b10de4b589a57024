"""The way of a request: recorded, failed if so planned, authorised, rate-limited, handled, answered."""

import asyncio
import json
import logging
import time
from typing import Any

from aiohttp import web

from dreambot.sandbox.faults import Fault, Faults
from dreambot.sandbox.records import Recorded, Requests
from dreambot.sandbox.refusal import Refusal, refuse, refuse_plain
from dreambot.sandbox.rest.body import read_body
from dreambot.sandbox.rest.context import Call, Handler
from dreambot.sandbox.rest.ratelimit import Bucket, RateLimits, limited_json
from dreambot.sandbox.rest.routes import ROUTES
from dreambot.sandbox.world import World

PREFIX = "/api/v10"
_VIA = {"Via": "1.1 google"}
# Their tokens are in their paths.
_WITHOUT_LOGIN = ("/webhooks/{application_id}/{token}", "/interactions/", "/gateway")

_log = logging.getLogger(__name__)


class Rest:
    """The API under /api/v10."""

    def __init__(self, world: World, faults: Faults, *, limits: RateLimits, keep: int) -> None:
        self.world = world
        self.limits = limits
        self.faults = faults
        self.requests = Requests(keep)

    def register(self, app: web.Application) -> None:
        """Add all routes; other paths below the prefix answer as Discord does."""
        for method, route, handler in ROUTES:
            app.router.add_route(method, PREFIX + route, self._endpoint(route, handler))
        known = {route for _, route, _ in ROUTES}
        for route in known:
            app.router.add_route("*", PREFIX + route, self._endpoint(route, _not_allowed))
        app.router.add_route("*", "/api/{tail:v\\d+.*}", self._endpoint("", _not_found))

    def _endpoint(self, route: str, handler: Handler) -> Any:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            recorded = Recorded(
                request.method,
                request.path.removeprefix(PREFIX),
                request.query_string,
                request.headers.get("Content-Type", ""),
                b"",
            )
            self.requests.add(recorded)
            try:
                recorded.body = await request.read()
            except web.HTTPRequestEntityTooLarge:
                return self._answer(recorded, _refused(refuse(40005)))
            fault = self.faults.take(recorded.method, recorded.path)
            if fault is not None:
                if fault[0] is Fault.DROP_BEFORE:
                    return self._drop(request, recorded)
                if (failed := failure(*fault)) is not None:
                    return self._answer(recorded, failed)
                if fault[0] is Fault.SLOW:
                    await asyncio.sleep(fault[1])
            response = await self._respond(request, route, handler, recorded)
            if fault is not None and fault[0] is Fault.DROP_AFTER:
                return self._drop(request, recorded)
            return self._answer(recorded, response)

        return endpoint

    async def _respond(
        self, request: web.Request, route: str, handler: Handler, recorded: Recorded
    ) -> web.Response:
        now = time.monotonic()
        bucket: Bucket | None = None
        try:
            if (wait := self.limits.banned(now)) is not None:
                return _limited(wait, "shared", everywhere=False, via=False)
            if not route.startswith(_WITHOUT_LOGIN):
                self._authorise(request)
            interactive = route.startswith(_WITHOUT_LOGIN)
            if not interactive and (wait := self.limits.take_global(now)) is not None:
                self.limits.count_invalid(now)
                return _limited(wait, "global", everywhere=True)
            parameters = dict(request.match_info)
            bucket = self.limits.bucket(request.method, route, parameters) if route else None
            if bucket is not None and not bucket.take(now):
                self.limits.count_invalid(now)
                response = _limited(bucket.reset - now, "user", everywhere=False)
                response.headers.update(bucket.headers(now))
                return response
            body = read_body(recorded.body, recorded.content_type)
            response = _json(await handler(Call(self.world, parameters, request.query, body)))
        except Refusal as refusal:
            if refusal.status in (401, 403):
                self.limits.count_invalid(now)
            response = _refused(refusal)
        except RecursionError:
            # Nested less deeply than JSON may be, and more than can be looked through.
            response = _refused(refuse(50109))
        except Exception:
            _log.exception("%s %s broke the sandbox", recorded.method, recorded.path)
            response = _refused(refuse_plain(500, "Internal Server Error"))
        if bucket is not None:
            response.headers.update(bucket.headers(time.monotonic()))
        return response

    def _authorise(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.world.application.token}":
            raise refuse_plain(401, "Unauthorized")

    def _answer(self, recorded: Recorded, response: web.Response) -> web.Response:
        body = response.body
        self.requests.finish(recorded, response.status, body if isinstance(body, bytes) else b"")
        return response

    def _drop(self, request: web.Request, recorded: Recorded) -> web.Response:
        self.requests.finish(recorded, None, b"")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


def _json(answer: Any) -> web.Response:
    if answer is None:
        return web.Response(status=204, headers=_VIA)
    # discord.py takes JSON only from exactly this type, without a charset.
    text = json.dumps(answer, separators=(",", ":")).encode()
    return web.Response(body=text, content_type="application/json", headers=_VIA)


def _refused(refusal: Refusal) -> web.Response:
    response = _json(refusal.json())
    response.set_status(refusal.status)
    return response


def _limited(retry_after: float, scope: str, *, everywhere: bool, via: bool = True) -> web.Response:
    response = _json(limited_json(retry_after, everywhere=everywhere))
    response.set_status(429)
    response.headers["Retry-After"] = str(max(1, round(retry_after)))
    response.headers["X-RateLimit-Scope"] = scope
    if everywhere:
        response.headers["X-RateLimit-Global"] = "true"
    if not via:
        del response.headers["Via"]
    return response


def failure(fault: Fault | int, retry_after: float) -> web.Response | None:
    """The answer of a planned fault; None where it is not an answer."""
    match fault:
        case Fault.RATE_LIMITED:
            return _limited(retry_after, "user", everywhere=False)
        case Fault.GLOBAL_LIMIT:
            return _limited(retry_after, "global", everywhere=True)
        case Fault.BANNED:
            return _limited(retry_after, "shared", everywhere=False, via=False)
        case Fault.SERVER_ERROR:
            return _refused(refuse_plain(500, "Internal Server Error"))
        case Fault.UNAVAILABLE:
            return _refused(refuse_plain(503, "Service Unavailable"))
        case Fault.TOO_LARGE:
            return _refused(refuse(40005))
        case int(code):
            return _refused(refuse(code))
    return None


async def _not_found(_call: Call) -> None:
    raise refuse_plain(404, "Not Found")


async def _not_allowed(_call: Call) -> None:
    raise refuse_plain(405, "Method Not Allowed")
