"""Who may talk to the sandbox: only those who call it by its own name, and no stranger's web page."""

from collections.abc import Awaitable, Callable, Set
from typing import Any

from aiohttp import web

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def host_guard(hosts: Callable[[], Set[str]]) -> Any:
    """A middleware that refuses (403) requests whose `Host` is not among `hosts()`, which a page elsewhere
    rebinding its name would send, and whose `Origin` is another site's."""

    @web.middleware
    async def guard(request: web.Request, handler: Next) -> web.StreamResponse:
        allowed = hosts()
        origin = request.headers.get("Origin")
        if request.headers.get("Host", "").lower() not in allowed:
            return web.Response(status=403, text="This server answers to its own address only.\n")
        if origin is not None and origin.lower().removeprefix("http://") not in allowed:
            return web.Response(status=403, text="Requests from other sites are refused.\n")
        return await handler(request)

    return guard
