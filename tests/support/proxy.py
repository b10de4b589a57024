"""A TCP proxy on 127.0.0.1 whose connections can be dropped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class TcpProxy:
    """Forwards connections until they are dropped. `port` is where it listens."""

    port: int

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._word: bytes | None = None
        self._down_after = False
        self.down = False
        """Whether new connections are dropped at once."""

    def cut_after(self, word: bytes, *, stay_down: bool = False) -> None:
        """Drops all connections once, after a client's data was forwarded and before the response.

        Args:
            word: The data of a client that triggers it.
            stay_down: Whether new connections are dropped until `down` is set to False.
        """
        self._word = word
        self._down_after = stay_down

    def cut(self) -> None:
        """Drops all connections."""
        for connection in self._writers:
            connection.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forwards one connection."""
        if self.down:
            writer.transport.abort()
            return
        target_reader, target_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, target_writer}
        pair = [
            asyncio.create_task(self._forward(reader, target_writer, watched=True)),
            asyncio.create_task(self._forward(target_reader, writer, watched=False)),
        ]
        self._tasks |= set(pair)
        await asyncio.wait(pair, return_when=asyncio.FIRST_COMPLETED)
        for connection in (writer, target_writer):
            connection.close()
            self._writers.discard(connection)

    async def _forward(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, watched: bool
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if watched and self._word and self._word in data:
                    self._word = None
                    self.down = self._down_after
                    # The server receives the data and has time to act on it before its connection ends.
                    for connection in self._writers - {target}:
                        connection.transport.abort()
                    target.write(data)
                    await target.drain()
                    await asyncio.sleep(0.2)
                    return
                target.write(data)
                await target.drain()

    async def close(self) -> None:
        """Drops all connections and waits for their tasks."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def proxy_to(host: str, port: int) -> AsyncIterator[TcpProxy]:
    """Runs a proxy to an address during the block."""
    proxy = TcpProxy(host, port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
