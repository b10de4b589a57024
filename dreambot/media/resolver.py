"""Resolves host names in separate threads, with a limit per requester.

`socket.getaddrinfo` cannot be cancelled, and a name server that does not answer blocks its thread for half a
minute. asyncio would run it in the default thread pool, which the bot's own file access uses.
"""

import asyncio
import socket
import threading
from collections.abc import Hashable
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from dreambot.media.concurrency import FairSemaphore, current_requester

MAX_LOOKUPS = 16
MAX_LOOKUPS_PER_REQUESTER = 2
LOOKUP_TIMEOUT_S = 10.0


class LimitedResolver(AbstractResolver):
    """Resolves names for one event loop, with a limit per requester.

    A lookup holds its slot until its thread has ended, even if its caller gave up earlier.
    """

    def __init__(
        self,
        threads: int = MAX_LOOKUPS,
        per_requester: int = MAX_LOOKUPS_PER_REQUESTER,
        timeout: float = LOOKUP_TIMEOUT_S,
    ) -> None:
        """Starts no thread yet.

        Args:
            threads: Concurrent lookups.
            per_requester: Concurrent lookups of one requester.
            timeout: Seconds for a lookup, including the wait for a thread.
        """
        self._slots = FairSemaphore(threads, per_requester)
        self._timeout = timeout

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolves a name.

        Args:
            host: The name.
            port: Returned with each address.
            family: AF_INET, AF_INET6, or AF_UNSPEC for both.

        Returns:
            The addresses in aiohttp's form.

        Raises:
            OSError: The name does not exist, cannot be resolved, or took too long (TimeoutError).
        """
        key = current_requester()
        async with asyncio.timeout(self._timeout):
            await self._slots.acquire(key)
            infos = await self._lookup(key, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=address[0],
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, address in infos
        ]

    async def close(self) -> None:
        """Does nothing: the threads end on their own and do not keep the process alive."""

    def _lookup(
        self, key: Hashable, host: str, port: int, family: socket.AddressFamily
    ) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def done(infos: Any, error: Exception | None) -> None:
            self._slots.release(key)
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(infos)

        def work() -> None:
            infos, error = None, None
            try:
                infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            except Exception as raised:  # a name that cannot be encoded raises UnicodeError
                error = raised if isinstance(raised, OSError) else OSError(f"{raised}")
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(done, infos, error)

        try:
            threading.Thread(target=work, name="resolver", daemon=True).start()
        except RuntimeError as error:
            done(None, OSError(f"no thread to resolve a name: {error}"))
        return future
