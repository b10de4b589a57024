"""The Ray actor that serves one device, and its mailbox for each bot."""

import asyncio
import logging
import os
import threading
import time
from collections import deque

from dreambot import __version__
from dreambot.errors import UserError
from dreambot.workers.environment import openmp_environment
from dreambot.workers.gpu.engine import load_engine
from dreambot.workers.gpu.inbox import Inbox
from dreambot.workers.gpu.job_loop import serve_jobs
from dreambot.workers.protocol import (
    LENGTH_PREFIX,
    Cancel,
    Failed,
    Finished,
    FrameDone,
    Message,
    Progress,
    StartFailed,
    StartJob,
    Stopped,
    pack,
    unpack,
    unpack_lengths,
)
from dreambot.workers.ray.device_lock import DeviceLock
from dreambot.workers.ray.nodes import node_engine_settings

MAILBOX_SIZE = 16
"""Messages that may lie here; then the device waits. A film's frames could fill the memory otherwise."""


class Mailbox:
    """Filled by the engine's thread, emptied by the event loop it was made on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._messages: deque[bytes] = deque()
        self._room = threading.Condition()
        self._closed = False

    def put(self, message: bytes) -> None:
        """Adds a message; waits for room. Drops it once the box is closed."""
        with self._room:
            self._room.wait_for(lambda: self._closed or len(self._messages) < MAILBOX_SIZE)
            if not self._closed:
                self._messages.append(message)
        self._loop.call_soon_threadsafe(self._arrived.set)

    async def take(self, patience: float) -> list[bytes]:
        """All that is here; waits at most `patience` seconds for a first one."""
        try:
            async with asyncio.timeout(patience):
                await self._arrived.wait()
        except TimeoutError:
            return []
        with self._room:
            messages = list(self._messages)
            self._messages.clear()
            self._arrived.clear()
            self._room.notify_all()
        return messages

    def close(self) -> None:
        """Nobody fetches any more: what is here and what comes is dropped, and nothing waits for room."""
        with self._room:
            self._closed = True
            self._messages.clear()
            self._room.notify_all()


log = logging.getLogger(__name__)

FETCH_TIMEOUT_S = 20.0
"""Seconds that a fetch waits for news at most."""
_LEASE_CHECK_INTERVAL_S = 1.0
_STOP_TIMEOUT_S = 20.0


class Host:
    """Serves one device to all the bots of the cluster. Its methods run while the engine is at a step."""

    def __init__(self, engine: str, device: str, lease: float) -> None:
        """Warms up on a thread; `hello` says how that went. engine: `module:attribute`. lease: seconds
        without a word after which a bot counts as gone: its jobs are stopped. Without any the host ends."""
        # Where the machine joined its cluster with plain `ray start`; torch is not imported yet.
        os.environ.update(openmp_environment())
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
        self._floor = DeviceLock()
        self._boxes: dict[str, Mailbox] = {}
        self._seen: dict[str, float] = {}
        self._owners: dict[str, str] = {}
        self._lease = lease
        self._alone_since = time.monotonic()
        self._greeting: Message | None = None
        self._warm = threading.Event()
        self._inbox = _HostInbox(self)
        self._loop: asyncio.AbstractEventLoop | None = None
        threading.Thread(target=self._work, args=(engine, device), name="engine", daemon=True).start()
        threading.Thread(target=self._watch_leases, name="lease", daemon=True).start()

    async def hello(self, client: str) -> tuple[str, float, bytes]:
        """(version of dreambot, lease, what the engine said first: Ready or Unfit), when it is warm. From now
        on the bot must say that it is alive within each lease."""
        self._loop = asyncio.get_running_loop()
        self._boxes.setdefault(client, Mailbox())
        self._seen[client] = time.monotonic()
        while not self._greeting:
            await asyncio.sleep(0.05)
            self._seen[client] = time.monotonic()
        return __version__, self._lease, pack_bytes(self._greeting)

    async def alive(self, client: str) -> None:
        """The bot is still there."""
        if client in self._seen:
            self._seen[client] = time.monotonic()

    async def claim(self, client: str) -> bool:
        """See Floor."""
        return self._floor.claim(client)

    async def turn(self, client: str) -> None:
        """See Floor."""
        await self._floor.turn(client)

    async def post(self, client: str, packet: bytes) -> None:
        """Takes a message for the engine; one after the other, from each bot."""
        message = unpack_bytes(packet)
        if isinstance(message, StartJob):
            await self._floor.turn(client)
            if client not in self._seen:
                return
            self._owners[message.job] = client
            self._floor.began(client, message.job)
        self._inbox.put(message)

    async def fetch(self, client: str) -> list[bytes]:
        """What there is for the bot; waits for it a while. Raises KeyError for a bot that was forgotten."""
        return await self._boxes[client].take(FETCH_TIMEOUT_S)

    async def leave(self, client: str) -> bool:
        """Forgets a bot and stops its jobs. Whether nobody is left."""
        self._forget(client)
        return not self._seen

    def answer(self, message: Message) -> None:
        """Hands on what the engine says, to the bot whose job it is of; on the engine's thread."""
        assert isinstance(message, Progress | FrameDone | Finished | Failed | Stopped)
        box = self._boxes.get(self._owners.get(message.job, ""))
        if box:
            box.put(pack_bytes(message))
        if isinstance(message, Finished | Failed | Stopped) and self._loop:
            self._owners.pop(message.job, None)
            self._loop.call_soon_threadsafe(self._floor.ended, message.job)

    def _work(self, engine_name: str, device: str) -> None:
        try:
            engine = load_engine(engine_name, node_engine_settings(device))
        except UserError as error:
            self._greeting = StartFailed(error.message.to_json())
            return
        except BaseException:
            _log_and_exit("The engine did not start.")
        self._greeting = engine.ready
        try:
            serve_jobs(self._inbox, engine)
        except BaseException:
            # After a fault of the driver or the like, only a new process is to be trusted.
            _log_and_exit("The engine failed.")

    def _watch_leases(self) -> None:
        while True:
            time.sleep(_LEASE_CHECK_INTERVAL_S)
            now = time.monotonic()
            gone = [client for client, seen in self._seen.items() if now - seen > self._lease]
            if self._loop:
                for client in gone:
                    self._loop.call_soon_threadsafe(self._forget, client)
            if self._seen:
                self._alone_since = now
            elif now - self._alone_since > self._lease:
                os._exit(0)

    def _forget(self, client: str) -> None:
        self._seen.pop(client, None)
        box = self._boxes.pop(client, None)
        if box:
            box.close()
        for job in self._floor.left(client):
            self._inbox.put(Cancel(job))
            asyncio.get_running_loop().call_later(_STOP_TIMEOUT_S, self._kill_if_still_running, job)

    def _kill_if_still_running(self, job: str) -> None:
        if job in self._owners:
            log.error("The job of a bot that is gone did not stop.")
            os._exit(1)


class _HostInbox(Inbox):
    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host

    def send(self, message: Message) -> None:
        """See Inbox."""
        self._host.answer(message)


def pack_bytes(message: Message) -> bytes:
    """A message as one piece."""
    head, pixels = pack(message)
    return b"".join((head, *pixels))


def unpack_bytes(packet: bytes) -> Message:
    """The message in it. Raises ProtocolError."""
    header, pixels = unpack_lengths(packet[: LENGTH_PREFIX.size])
    start = LENGTH_PREFIX.size + header
    return unpack(packet[LENGTH_PREFIX.size : start], packet[start : start + pixels])


def _log_and_exit(why: str) -> None:
    log.exception(why)
    logging.shutdown()
    os._exit(1)
