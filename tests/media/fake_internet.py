"""A fake internet with one local server behind every address."""

import asyncio
import gzip
import socket
import zlib
from typing import Any

import pytest
from aiohttp import web

from dreambot.media.http_client import FetchError

PICTURE = bytes(range(256)) * 400
BOMB = gzip.compress(bytes(100 * 2**20))
SEEN = web.AppKey("seen", list[dict[str, str]])


class FakeInternet:
    """Host names, the addresses they resolve to (a list per lookup), and one server behind all of them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.names: dict[str, list[list[str]]] = {}
        self.connected: list[str] = []
        loop = asyncio.get_running_loop()
        self._connect = loop.sock_connect
        loop.sock_connect = self._redirect  # type: ignore[method-assign]

    def lookup(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        """Replaces `socket.getaddrinfo`."""
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port, *((0, 0) if ":" in address else ())))
            for family, address in zip(families, addresses, strict=True)
        ]

    async def _redirect(self, sock: socket.socket, address: tuple[str, int]) -> None:
        self.connected.append(address[0])
        await self._connect(sock, ("127.0.0.1", self.port))


async def assert_refused(call: Any, dest: Any, match: str) -> None:
    with pytest.raises(FetchError, match=match) as caught:
        await call
    assert str(caught.value).endswith(".")
    assert not dest.exists()


async def redirect(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": request.query["to"]})


async def hop(request: web.Request) -> web.Response:
    left = int(request.query["left"])
    to = f"/hop?left={left - 1}" if left else "/cat.png"
    return web.Response(status=302, headers={"Location": to})


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(600):
        await response.write(b"x")
        await asyncio.sleep(0.05)
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(2**16))


async def huge(request: web.Request) -> web.StreamResponse:
    """Declares a body of 1 GiB and never sends it."""
    response = web.StreamResponse(headers={"Content-Length": str(2**30)})
    await response.prepare(request)
    await asyncio.sleep(60)
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000000"})
    await response.prepare(request)
    await response.write(b"x" * 1000)
    assert request.transport is not None
    request.transport.abort()
    return response


def compressed_response(body: bytes, encoding: str) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": encoding})

    return answer


async def page(request: web.Request) -> web.Response:
    """A page with the query's items as `meta` tags, sent with the content type of a picture."""
    tags = "".join(f'<meta property="{name}" content="{value}">' for name, value in request.query.items())
    text = f"<!DOCTYPE html><html><head><title>A page</title>{tags}</head><body>Welcome</body></html>"
    return web.Response(text=text, content_type="image/png")


async def long_page(request: web.Request) -> web.StreamResponse:
    """A page that names its picture at the start and never ends."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b'<html><head><meta property="og:image" content="/cat.png">')
    while True:
        await response.write(b"<br>" * 2**14)


async def picture(request: web.Request) -> web.Response:
    response = web.Response(body=PICTURE, content_type="text/plain")
    response.set_cookie("visited", "yes")
    request.app[SEEN].append(dict(request.headers))
    return response


def create_application() -> web.Application:
    """Returns the routes of the server."""
    app = web.Application()
    app[SEEN] = []
    app.router.add_get("/cat.png", picture)
    app.router.add_get("/to", redirect)
    app.router.add_get("/page", page)
    app.router.add_get("/long", long_page)
    app.router.add_get("/video.mp4", compressed_response(b"video" * 400, "identity"))
    app.router.add_get("/hop", hop)
    app.router.add_get("/drip", drip)
    app.router.add_get("/endless", endless)
    app.router.add_get("/huge", huge)
    app.router.add_get("/cut", cut)
    app.router.add_get("/gzip", compressed_response(gzip.compress(PICTURE), "gzip"))
    app.router.add_get("/deflate", compressed_response(zlib.compress(PICTURE), "deflate"))
    app.router.add_get("/bomb", compressed_response(BOMB, "gzip"))
    app.router.add_get("/half", compressed_response(gzip.compress(PICTURE)[:-20], "gzip"))
    app.router.add_get("/garbage", compressed_response(b"this is not gzip", "gzip"))
    app.router.add_get("/br", compressed_response(b"not brotli", "br"))
    return app
