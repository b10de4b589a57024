"""A Fetcher, and a fake internet for it."""

import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from dreambot.media.fetch import Fetcher
from tests.media.fake_internet import FakeInternet, create_application


@pytest_asyncio.fixture
async def server() -> AsyncIterator[web.AppRunner]:
    """The one server behind every address."""
    app = create_application()
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner
    await runner.cleanup()


@pytest.fixture
def port(server: web.AppRunner) -> int:
    """The server's port."""
    return int(server.addresses[0][1])


@pytest_asyncio.fixture
async def internet(port: int, monkeypatch: pytest.MonkeyPatch) -> FakeInternet:
    """A fake internet with one name, pictures.example."""
    internet = FakeInternet(port)
    monkeypatch.setattr(socket, "getaddrinfo", internet.lookup)
    internet.names["pictures.example"] = [["93.184.215.14"]]
    return internet


@pytest_asyncio.fixture
async def fetcher(port: int) -> AsyncIterator[Fetcher]:
    """A Fetcher limited to one MiB and 30 seconds; it trusts the server's own origin."""
    async with Fetcher(frozenset({f"http://127.0.0.1:{port}"}), max_bytes=2**20, timeout=30) as fetcher:
        yield fetcher
