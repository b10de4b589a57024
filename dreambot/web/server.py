"""The small web server for those who look after the bot: /healthz, /healthz/ready, /metrics."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from dreambot.config import ConfigError
from dreambot.metrics import Metrics
from dreambot.web.readiness import parts
from dreambot.web.scrape import scrape
from dreambot.web.watched import Watched

_LOOK_EVERY = 0.5


@asynccontextmanager
async def watching(
    host: str, port: int | None, watched: Watched, metrics: Metrics
) -> AsyncIterator[int | None]:
    """Answers until the end; yields the port, which 0 leaves to the system. No port, no server.

    Raises ConfigError if the port cannot be had.
    """
    if port is None:
        yield None
        return
    runner = web.AppRunner(application(watched, metrics), access_log=None)
    await runner.setup()
    looking = asyncio.create_task(_look(watched, metrics))
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(f"DREAMBOT_HTTP_PORT {port} cannot be used: {error.strerror}.") from error
        yield runner.addresses[0][1]
    finally:
        looking.cancel()
        await asyncio.wait([looking])
        await runner.cleanup()


def application(watched: Watched, metrics: Metrics) -> web.Application:
    """/healthz: 200 while the process can go on, 503 when it should be started again.
    /healthz/ready: 200 if every part works, else 503, and which do, in JSON.
    /metrics: for Prometheus."""

    async def live(_: web.Request) -> web.Response:
        good = watched.working()
        return web.Response(text="ok\n" if good else "over\n", status=200 if good else 503)

    async def ready(_: web.Request) -> web.Response:
        found = await parts(watched)
        good = all(found.values())
        return web.json_response({"ready": good, "parts": found}, status=200 if good else 503)

    async def all_metrics(request: web.Request) -> web.Response:
        text, kind = await scrape(metrics.registry, watched, request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": kind})

    app = web.Application()
    app.router.add_get("/healthz", live)
    app.router.add_get("/healthz/ready", ready)
    app.router.add_get("/metrics", all_metrics)
    return app


async def _look(watched: Watched, metrics: Metrics) -> None:
    while True:
        due = time.monotonic() + _LOOK_EVERY
        await asyncio.sleep(_LOOK_EVERY)
        metrics.loop_late(max(0.0, time.monotonic() - due))
        for device in watched.devices():
            if device.batch:
                metrics.batched(device.batch)
