"""Asking web servers: Discord's own freely, all others only where anybody on the internet may go."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from dreambot.errors import UserError
from dreambot.media.addresses import ALLOWED_PORTS, is_odd_literal, is_public
from dreambot.media.inflate import PIECE_BYTES, WINDOWS, Inflater
from dreambot.media.resolver import THREADS, Resolver
from dreambot.media.slots import Slots

MAX_REDIRECTS = 5
MAX_URL_CHARACTERS = 2048
GONE = frozenset({403, 404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PER_HOST = 6
"""How many answers of one host are under way at once."""
CONNECT_SECONDS = 10
SILENT_SECONDS = 10
"""How long a server may say nothing, at first and in between."""
# Compressed answers save nothing for pictures and are only another way to be bombed
HEADERS = {"Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "dreambot"}


class FetchError(UserError):
    """A picture that could not be fetched. `str(error)` says why."""


class BlockedAddressError(OSError):
    """A connection to an address outside the public internet was about to be made."""


class Web:
    """Answers of web servers. Use it in one event loop, and close it.

    trusted_origins: origins such as "https://cdn.discordapp.com", all that is asked when not `guarded`.
    """

    def __init__(self, trusted_origins: frozenset[str]) -> None:
        """Connects to nothing yet."""
        self._trusted = frozenset(URL(origin).origin() for origin in trusted_origins)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._hosts = Slots(sys.maxsize, PER_HOST)

    @asynccontextmanager
    async def answer(self, url: str, *, guarded: bool) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer of wherever at most five redirects lead, each checked anew; its body is still to come.

        guarded: only public addresses are connected to, on ports 80 and 443, whatever a name resolves to.
        Raises FetchError, and what aiohttp raises.
        """
        target = parsed(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._check(target, guarded)
            host = target.host if guarded else None
            async with (
                self._hosts.hold(host),
                self._session(guarded).get(target, allow_redirects=False) as response,
            ):
                if response.status in REDIRECTS and "Location" in response.headers:
                    target = target.join(parsed(response.headers["Location"]))
                    continue
                if response.status != 200:
                    raise self._refused(target, response.status)
                yield response
                return
        raise FetchError(
            "That link leads from one page to the next and never to a picture. Upload it instead."
        )

    async def close(self) -> None:
        """Closes all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _check(self, url: URL, guarded: bool) -> None:
        """Refuses what can be refused without asking the network; the socket has the last word."""
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise FetchError("I can only fetch links that begin with http:// or https://.")
        if not guarded:
            if url.origin() not in self._trusted:
                raise FetchError(
                    f"{url.host} is not where Discord keeps attachments. Upload the picture again."
                )
            return
        if url.user is not None or url.password is not None:
            raise FetchError(
                "I do not use links with a name or password in them. Upload the picture instead."
            )
        if url.port not in ALLOWED_PORTS:
            raise FetchError("I only fetch from the usual web ports, 80 and 443. Upload the picture instead.")
        if is_odd_literal(url.raw_host):
            raise private()

    def _refused(self, url: URL, status: int) -> FetchError:
        if status in GONE and url.origin() in self._trusted:
            return FetchError(
                "Discord no longer has that picture, or its link has expired. Upload the picture again."
            )
        return FetchError(
            f"{url.host} answered {status} instead of a picture."
            " Check the link, or upload the picture itself."
        )

    def _session(self, guarded: bool) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                # each session's own: strangers' names cannot hold up Discord's
                resolver=Resolver() if guarded else Resolver(each=THREADS),
                # a name is looked up, and its address checked, for each request anew
                use_dns_cache=not guarded,
                force_close=guarded,
                # the callers' slots are the limit; a queue in here would be the same for all
                limit=0,
                socket_factory=_guarded_socket if guarded else None,
            )
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                trust_env=False,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
                ),
            )
        return self._sessions[guarded]


async def unpacked(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """An answer's body in pieces of at most 64 KiB, without the server's compression. Raises FetchError,
    zlib.error, and what aiohttp raises."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", *WINDOWS):
        raise FetchError(
            "That link's server packs its files in a way I cannot unpack. Upload the picture instead."
        )
    inflater = Inflater(encoding) if encoding in WINDOWS else None
    async for data in response.content.iter_chunked(PIECE_BYTES):
        if inflater is None:
            yield data
        else:
            for piece in inflater.pieces(data):
                yield piece
    if inflater is not None and not inflater.finished:
        raise FetchError("That link's server stopped in the middle of the picture. Try again.")


def parsed(url: str) -> URL:
    """A link as somebody wrote it. Raises FetchError."""
    if len(url) > MAX_URL_CHARACTERS:
        raise FetchError(
            f"That link is longer than {MAX_URL_CHARACTERS} characters. Upload the picture instead."
        )
    try:
        return URL(url.strip())
    except ValueError as error:
        raise FetchError("That is not a link I understand. It should begin with https://.") from error


def private() -> FetchError:
    """What is said of addresses that are not the internet's."""
    return FetchError("That link does not lead to a public web address. Upload the picture instead.")


def _guarded_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """The socket for one address that aiohttp is about to connect to: nothing comes between check and use."""
    family, kind, protocol, _, (address, port, *_) = info
    if not is_public(str(address)) or port not in ALLOWED_PORTS:
        raise BlockedAddressError("not a public address")
    return socket.socket(family, kind, protocol)
