"""The Ray actor that runs the engine of one device for one bot, and its mailbox."""

import asyncio
import logging
import os
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import replace

from dreambot import __version__
from dreambot.errors import UserError
from dreambot.workers.environment import openmp_environment
from dreambot.workers.gpu.engine import load_engine
from dreambot.workers.gpu.inbox import Inbox
from dreambot.workers.gpu.job_loop import serve_jobs
from dreambot.workers.protocol import (
    Message,
    StartFailed,
    message_from_bytes,
    message_to_bytes,
)
from dreambot.workers.ray.nodes import node_engine_settings

MAILBOX_SIZE = 16
"""Messages that may wait here; then the device waits. Otherwise a video's frames could fill the memory."""


class Mailbox:
    """Filled by the engine's thread, emptied by the event loop that it was created on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._messages: deque[bytes] = deque()
        self._room = threading.Condition()

    def put(self, message: bytes) -> None:
        """Adds a message; blocks until there is room.

        Args:
            message: one packet.
        """
        with self._room:
            self._room.wait_for(lambda: len(self._messages) < MAILBOX_SIZE)
            self._messages.append(message)
        self._loop.call_soon_threadsafe(self._arrived.set)

    async def take(self, timeout_s: float) -> list[bytes]:
        """Takes all messages.

        Args:
            timeout_s: how long to wait for a first one.

        Returns:
            The messages in order; none if the time ran out.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await self._arrived.wait()
        except TimeoutError:
            return []
        with self._room:
            messages = list(self._messages)
            self._messages.clear()
            self._arrived.clear()
            self._room.notify_all()
        return messages


log = logging.getLogger(__name__)

FETCH_TIMEOUT_S = 20.0
"""How long a fetch waits for messages."""


class Host:
    """Runs the engine of one device for one bot. Its methods are answered while the engine is in a step.

    Ray ends the process when the bot has exited or its machine has left the cluster.
    """

    def __init__(self, engine: str, device: str, after_crash: bool = False) -> None:
        """Starts the engine on a thread; `hello` reports how that went.

        Args:
            engine: `module:attribute`, see `load_engine`.
            device: the device as the engine knows it.
            after_crash: see `EngineSettings`.
        """
        # The machine may have joined its cluster with plain `ray start`; torch is not imported yet.
        os.environ.update(openmp_environment())
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
        self._mailbox: Mailbox | None = None
        self._greeting: Future[Message] = Future()
        self._inbox = _HostInbox(self)
        threading.Thread(
            target=self._work, args=(engine, device, after_crash), name="engine", daemon=True
        ).start()

    async def hello(self) -> tuple[str, bytes]:
        """Waits until the engine is warm.

        Returns:
            The version of dreambot here, and the packet of Ready or StartFailed.
        """
        self._mailbox = Mailbox()
        return __version__, message_to_bytes(await asyncio.wrap_future(self._greeting))

    async def ping(self) -> None:
        """Returns while the actor is alive."""

    async def post(self, packet: bytes) -> None:
        """Takes a message for the engine.

        Args:
            packet: the message. The bot posts one after the other.
        """
        self._inbox.put(message_from_bytes(packet))

    async def fetch(self) -> list[bytes]:
        """Waits for messages from the engine and returns their packets; none after `FETCH_TIMEOUT_S`."""
        assert self._mailbox
        return await self._mailbox.take(FETCH_TIMEOUT_S)

    def answer(self, message: Message) -> None:
        """Hands a message from the engine on; called on the engine's thread.

        Args:
            message: about a job, which came after `hello`.
        """
        assert self._mailbox
        self._mailbox.put(message_to_bytes(message))

    def _work(self, engine_name: str, device: str, after_crash: bool) -> None:
        try:
            engine = load_engine(engine_name, node_engine_settings(device, after_crash=after_crash))
        except UserError as error:
            self._greeting.set_result(StartFailed(error.message.to_json()))
            return
        except BaseException:
            _log_and_exit("The engine did not start.")
        # The bot would divide the threads of this machine between workers on several machines.
        self._greeting.set_result(replace(engine.ready, threads=0))
        try:
            serve_jobs(self._inbox, engine)
        except BaseException:
            # After a driver fault only a new process can be trusted.
            _log_and_exit("The engine failed.")


class _HostInbox(Inbox):
    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host

    def send(self, message: Message) -> None:
        """See `Inbox`.

        Args:
            message: for the bot.
        """
        self._host.answer(message)


def _log_and_exit(why: str) -> None:
    log.exception(why)
    logging.shutdown()
    os._exit(1)
