"""A TCP proxy on 127.0.0.1 whose connections can be cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class TcpProxy:
    """Passes bytes on, until it is told not to. port: where it listens."""

    port: int

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._wires: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._word: bytes | None = None
        self._down_after = False
        self.down = False
        """Whether connections are refused, as it were: cut as soon as they are made."""

    def cut_after(self, word: bytes, *, stay_down: bool = False) -> None:
        """Once: when a client says `word`, passes it on, and cuts every connection before there is an answer.
        stay_down: and lets nobody in again until `down` is False."""
        self._word = word
        self._down_after = stay_down

    def cut(self) -> None:
        """Cuts every connection now."""
        for wire in self._wires:
            wire.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self.down:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection(*self._target)
        self._wires |= {writer, there}
        pair = [
            asyncio.create_task(self._pass_on(reader, there, watched=True)),
            asyncio.create_task(self._pass_on(there_reader, writer, watched=False)),
        ]
        self._tasks |= set(pair)
        await asyncio.wait(pair, return_when=asyncio.FIRST_COMPLETED)
        for wire in (writer, there):
            wire.close()
            self._wires.discard(wire)

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, watched: bool
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if watched and self._word and self._word in data:
                    self._word = None
                    self.down = self._down_after
                    # The server has it, and time to act on it, when the line goes dead.
                    for wire in self._wires - {target}:
                        wire.transport.abort()
                    target.write(data)
                    await target.drain()
                    await asyncio.sleep(0.2)
                    return
                target.write(data)
                await target.drain()

    async def close(self) -> None:
        """Cuts everything, and waits until it is over."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def proxy_to(host: str, port: int) -> AsyncIterator[TcpProxy]:
    """A proxy to that address, for as long as the block lasts."""
    proxy = TcpProxy(host, port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
