"""Slow name lookups and silent servers delay only the requesters of those links."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from dreambot.media import fetch
from dreambot.media import http_client as web_module
from dreambot.media.concurrency import requested_by
from dreambot.media.fetch import Fetcher
from dreambot.media.http_client import FetchError
from dreambot.media.resolver import LimitedResolver
from tests.media.fake_internet import PICTURE, FakeInternet

HEAVY, OTHER = 1, 2


async def fetch_for(person: int, fetcher: Fetcher, url: str, dest: Path) -> None:
    with requested_by(person):
        await fetcher.fetch_url(url, dest)


class SlowNames:
    """Name lookups that block until `release`. `running` and `most` count the threads in them."""

    def __init__(self, internet: FakeInternet) -> None:
        self._internet = internet
        self._go = threading.Event()
        self._lock = threading.Lock()
        self.running = self.most = 0

    def lookup(self, host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        """Replaces `socket.getaddrinfo`."""
        if not host.startswith("slow"):
            return self._internet.lookup(host, port, *more, **named)
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self._go.wait(60)
        with self._lock:
            self.running -= 1
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    def release(self) -> None:
        self._go.set()


@pytest.fixture
def slow_names(internet: FakeInternet, monkeypatch: pytest.MonkeyPatch) -> Any:
    names = SlowNames(internet)
    monkeypatch.setattr(socket, "getaddrinfo", names.lookup)
    yield names
    names.release()


async def until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(100):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_slow_name_does_not_delay_other_files_and_links(
    fetcher: Fetcher, slow_names: SlowNames, tmp_path: Path
) -> None:
    tasks = [
        asyncio.create_task(fetch_for(HEAVY, fetcher, f"http://slow{n}.example/", tmp_path / f"{n}"))
        for n in range(12)
    ]
    await until(lambda: slow_names.running)
    async with asyncio.timeout(100):
        # Asyncio's own threads, where the bot's files are written, are free.
        await asyncio.gather(*(asyncio.to_thread((tmp_path / f"f{n}").write_bytes, b"x") for n in range(40)))
        await fetch_for(OTHER, fetcher, "http://pictures.example/cat.png", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE
    assert slow_names.most <= 2
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_lookup_holds_its_slot_until_its_thread_ends(slow_names: SlowNames) -> None:
    resolver = LimitedResolver(threads=4, per_requester=2, timeout=0.05)
    for n in range(6):
        with pytest.raises(TimeoutError), requested_by(HEAVY):
            await resolver.resolve(f"slow{n}.example")
    assert slow_names.most == 2
    for n in range(6):
        with pytest.raises(TimeoutError), requested_by(OTHER):
            await resolver.resolve(f"slow{n}.example")
    assert slow_names.most == 4
    slow_names.release()
    await until(lambda: not slow_names.running)
    found = await LimitedResolver().resolve("pictures.example", 80)
    assert [(one["host"], one["port"]) for one in found] == [("93.184.215.14", 80)]


async def test_other_names_do_not_delay_discords(
    fetcher: Fetcher, internet: FakeInternet, port: int, slow_names: SlowNames, tmp_path: Path
) -> None:
    people = range(100, 116)
    tasks = [
        asyncio.create_task(fetch_for(one, fetcher, f"http://slow.example/{one}", tmp_path / str(one)))
        for one in people
    ]
    await until(lambda: slow_names.running == 6)  # one host, so no more than its slots
    internet.names["cdn.example"] = [["127.0.0.1"]]
    async with Fetcher(frozenset({f"http://cdn.example:{port}"})) as discords:
        async with asyncio.timeout(100):
            url = f"http://cdn.example:{port}/cat.png"
            with requested_by(OTHER):
                await discords.fetch_attachment(url, tmp_path / "cat")
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


class Silent:
    """A server that accepts connections and sends nothing; counts the current and the most connections."""

    def __init__(self) -> None:
        self.open = self.most = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most = max(self.most, self.open)
        while await reader.read(1000):
            pass
        self.open -= 1
        writer.close()


@pytest_asyncio.fixture
async def nowhere(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Silent, FakeInternet]]:
    """An internet of silent servers."""
    silent = Silent()
    server = await asyncio.start_server(silent.serve, "127.0.0.1", 0)
    internet = FakeInternet(server.sockets[0].getsockname()[1])
    monkeypatch.setattr(socket, "getaddrinfo", internet.lookup)
    yield silent, internet
    server.close()


@pytest.mark.parametrize("hosts", [110, 1])
async def test_silent_servers_hold_only_their_requesters_slots(
    nowhere: tuple[Silent, FakeInternet], port: int, tmp_path: Path, hosts: int
) -> None:
    silent, internet = nowhere
    internet.names = {f"s{n}.example": [["93.184.215.14"]] for n in range(hosts)}
    async with Fetcher(frozenset({f"http://127.0.0.1:{port}"}), timeout=60) as fetcher:
        tasks = [
            asyncio.create_task(
                fetch_for(HEAVY, fetcher, f"http://s{n % hosts}.example/{n}", tmp_path / f"{n}")
            )
            for n in range(110)
        ]
        await until(lambda: silent.open == fetch.MAX_FETCHES_PER_REQUESTER)
        internet.names["quick.example"] = [["93.184.215.15"]]
        internet.port = port
        async with asyncio.timeout(100):
            await fetch_for(OTHER, fetcher, "http://quick.example/cat.png", tmp_path / "quick")
        assert silent.most == fetch.MAX_FETCHES_PER_REQUESTER
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_requests_to_one_host_are_limited(nowhere: tuple[Silent, FakeInternet], tmp_path: Path) -> None:
    silent, internet = nowhere
    internet.names["one.example"] = [["93.184.215.14"]]
    async with Fetcher(frozenset(), timeout=60) as fetcher:
        tasks = [
            asyncio.create_task(fetch_for(n, fetcher, "http://one.example/", tmp_path / f"{n}"))
            for n in range(40)
        ]
        await until(lambda: silent.open == web_module.MAX_REQUESTS_PER_HOST)
        await asyncio.sleep(0.2)
        assert silent.most == web_module.MAX_REQUESTS_PER_HOST
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_the_total_is_limited(nowhere: tuple[Silent, FakeInternet], tmp_path: Path) -> None:
    silent, internet = nowhere
    internet.names = {f"s{n}.example": [["93.184.215.14"]] for n in range(60)}
    async with Fetcher(frozenset(), timeout=60) as fetcher:
        tasks = [
            asyncio.create_task(fetch_for(n, fetcher, f"http://s{n}.example/", tmp_path / f"{n}"))
            for n in range(60)
        ]
        await until(lambda: silent.open == fetch.MAX_FETCHES)
        await asyncio.sleep(0.2)
        assert silent.most == fetch.MAX_FETCHES
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_a_silent_server_times_out(
    nowhere: tuple[Silent, FakeInternet], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(web_module, "READ_TIMEOUT_S", 0.2)
    _, internet = nowhere
    internet.names["one.example"] = [["93.184.215.14"]]
    async with Fetcher(frozenset(), timeout=60) as fetcher:
        with pytest.raises(FetchError, match="too long"):
            await fetch_for(HEAVY, fetcher, "http://one.example/", tmp_path / "one")


async def test_a_very_slow_server_times_out(
    fetcher: Fetcher, internet: FakeInternet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fetch, "SLOW_SECONDS", 0.1)
    async with Fetcher(frozenset(), timeout=60) as patient:
        with pytest.raises(FetchError, match="too long"):
            await fetch_for(HEAVY, patient, "http://pictures.example/drip", tmp_path / "drip")
