"""/healthz: whether the bot is connected, for a container's health check."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from dreambot.config import ConfigError


@asynccontextmanager
async def health(host: str, port: int | None, healthy: Callable[[], bool]) -> AsyncIterator[int | None]:
    """Serves GET /healthz: 200 `ok`, or 503 `not connected`; yields the port. No port, no server.

    Raises ConfigError if the port cannot be had.
    """
    if port is None:
        yield None
        return

    async def answer(_: web.Request) -> web.Response:
        good = healthy()
        return web.Response(text="ok\n" if good else "not connected\n", status=200 if good else 503)

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(f"DREAMBOT_HTTP_PORT {port} cannot be used: {error.strerror}.") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
