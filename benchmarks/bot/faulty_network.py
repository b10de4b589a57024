"""`dreambot` with a network that fails: `python -m benchmarks.bot.faulty_network run`.

Names that end in `.slow.example` take 25 s to resolve and then do not exist. Names that end in
`.silent.example` lead to the server on this machine whose port is in BENCH_SILENT_PORT, which accepts
connections and sends nothing.
"""

import asyncio
import os
import socket
import time
from typing import Any

from dreambot.cli import main

SLOW, SILENT = ".slow.example", ".silent.example"
SLOW_SECONDS = 25.0
_PUBLIC_ADDRESS = "93.184.215.14"

_getaddrinfo = socket.getaddrinfo
_sock_connect = asyncio.SelectorEventLoop.sock_connect


def _lookup(host: Any, port: Any, *more: Any, **named: Any) -> Any:
    if str(host).endswith(SLOW):
        time.sleep(SLOW_SECONDS)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")
    if str(host).endswith(SILENT):
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (_PUBLIC_ADDRESS, port))]
    return _getaddrinfo(host, port, *more, **named)


async def _connect(self: Any, sock: socket.socket, address: Any) -> None:
    if address[0] == _PUBLIC_ADDRESS:
        address = ("127.0.0.1", int(os.environ["BENCH_SILENT_PORT"]))
    await _sock_connect(self, sock, address)


if __name__ == "__main__":
    socket.getaddrinfo = _lookup
    asyncio.SelectorEventLoop.sock_connect = _connect  # type: ignore[method-assign]
    main()
