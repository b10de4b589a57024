"""Sends HTTP requests for untrusted links: SSRF guard, checked redirects and bounded decompression.

Attachments are requested from trusted origins only. Every other request may connect only to public internet
addresses.
"""

import ipaddress
import socket
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from dreambot.errors import UserError
from dreambot.media.concurrency import FairSemaphore
from dreambot.media.resolver import MAX_LOOKUPS, LimitedResolver

ALLOWED_PORTS = frozenset({80, 443})

# All that was ever given out for the internet. Outside it lie IPv4-mapped and NAT64 addresses, by which a
# private IPv4 address could be reached, and whatever older Pythons think global
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SPECIAL_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's platform, as its machines see it
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # for use in books
    )
)


def is_public_address(address: str) -> bool:
    """True for an address (numbers, as a socket has it) that anybody on the internet may be sent to.

    False for private, loopback, link-local, carrier-grade NAT, multicast, reserved and IPv4-carrying ones,
    and for what is no address at all.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if (
        not ip.is_global
        or ip.is_multicast
        or ip.is_reserved
        or any(ip in network for network in _SPECIAL_NETWORKS)
    ):
        return False
    return ip.version == 4 or ip in _GLOBAL_UNICAST


def is_ambiguous_ip_literal(host: str) -> bool:
    """True for a host that some resolvers read as an address though it is not written as one.

    Such are 2130706433, 0x7f.1, 127.1 and 0177.0.0.1: browsers take any name that ends in a number for one.
    """
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdecimal() or last.startswith("0x")):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False


CHUNK_BYTES = 64 * 1024
# zlib's way to say: expect a gzip header, or a zlib header
ZLIB_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Inflater:
    """Undoes gzip and deflate in pieces of at most 64 KiB."""

    def __init__(self, encoding: str) -> None:
        """encoding: one of WINDOWS."""
        self._stream = zlib.decompressobj(ZLIB_WINDOW_BITS[encoding])

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next compressed bytes unpack to. Raises zlib.error when they are damaged."""
        while data:
            yield self._stream.decompress(data, CHUNK_BYTES)
            data = self._stream.unconsumed_tail

    @property
    def finished(self) -> bool:
        """True once the end of the compressed stream was seen."""
        return self._stream.eof


MAX_REDIRECTS = 5
MAX_URL_CHARACTERS = 2048
GONE_STATUSES = frozenset({403, 404, 410})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
MAX_REQUESTS_PER_HOST = 6
"""How many answers of one host are under way at once."""
CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 10
"""How long a server may say nothing, at first and in between."""
# Compressed answers save nothing for pictures and are only another way to be bombed
HEADERS = {"Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "dreambot"}


class FetchError(UserError):
    """A picture that could not be fetched. `str(error)` says why."""


class BlockedAddressError(OSError):
    """A connection to an address outside the public internet was about to be made."""


class HttpClient:
    """Answers of web servers. Use it in one event loop, and close it.

    trusted_origins: origins such as "https://cdn.discordapp.com", all that is asked when not `guarded`.
    """

    def __init__(self, trusted_origins: frozenset[str]) -> None:
        """Connects to nothing yet."""
        self._trusted = frozenset(URL(origin).origin() for origin in trusted_origins)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._hosts = FairSemaphore(sys.maxsize, MAX_REQUESTS_PER_HOST)

    @asynccontextmanager
    async def answer(self, url: str, *, guarded: bool) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer of wherever at most five redirects lead, each checked anew; its body is still to come.

        guarded: only public addresses are connected to, on ports 80 and 443, whatever a name resolves to.
        Raises FetchError, and what aiohttp raises.
        """
        target = parse_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._check(target, guarded)
            host = target.host if guarded else None
            async with (
                self._hosts.hold(host),
                self._session(guarded).get(target, allow_redirects=False) as response,
            ):
                if response.status in REDIRECT_STATUSES and "Location" in response.headers:
                    target = target.join(parse_url(response.headers["Location"]))
                    continue
                if response.status != 200:
                    raise self._refused(target, response.status)
                yield response
                return
        raise FetchError("errors-link-round")

    async def close(self) -> None:
        """Closes all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _check(self, url: URL, guarded: bool) -> None:
        """Refuses what can be refused without asking the network; the socket has the last word."""
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise FetchError("errors-link-scheme")
        if not guarded:
            if url.origin() not in self._trusted:
                raise FetchError("errors-link-not-discord", host=url.host)
            return
        if url.user is not None or url.password is not None:
            raise FetchError("errors-link-password")
        if url.port not in ALLOWED_PORTS:
            raise FetchError("errors-link-port")
        if is_ambiguous_ip_literal(url.raw_host):
            raise private_address_error()

    def _refused(self, url: URL, status: int) -> FetchError:
        if status in GONE_STATUSES and url.origin() in self._trusted:
            return FetchError("errors-link-expired")
        return FetchError("errors-link-answered", host=url.host, status=status)

    def _session(self, guarded: bool) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                # each session's own: strangers' names cannot hold up Discord's
                resolver=LimitedResolver() if guarded else LimitedResolver(each=MAX_LOOKUPS),
                # a name is looked up, and its address checked, for each request anew
                use_dns_cache=not guarded,
                force_close=guarded,
                # the callers' slots are the limit; a queue in here would be the same for all
                limit=0,
                socket_factory=_create_public_socket if guarded else None,
            )
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                trust_env=False,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=READ_TIMEOUT_S
                ),
            )
        return self._sessions[guarded]


async def decompressed_chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """An answer's body in pieces of at most 64 KiB, without the server's compression. Raises FetchError,
    zlib.error, and what aiohttp raises."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", *ZLIB_WINDOW_BITS):
        raise FetchError("errors-link-packed")
    inflater = Inflater(encoding) if encoding in ZLIB_WINDOW_BITS else None
    async for data in response.content.iter_chunked(CHUNK_BYTES):
        if inflater is None:
            yield data
        else:
            for piece in inflater.pieces(data):
                yield piece
    if inflater is not None and not inflater.finished:
        raise FetchError("errors-link-stopped")


def parse_url(url: str) -> URL:
    """A link as somebody wrote it. Raises FetchError."""
    if len(url) > MAX_URL_CHARACTERS:
        raise FetchError("errors-link-long", most=MAX_URL_CHARACTERS)
    try:
        return URL(url.strip())
    except ValueError as error:
        raise FetchError("errors-link-odd") from error


def private_address_error() -> FetchError:
    """What is said of addresses that are not the internet's."""
    return FetchError("errors-link-private")


def _create_public_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """The socket for one address that aiohttp is about to connect to: nothing comes between check and use."""
    family, kind, protocol, _, (address, port, *_) = info
    if not is_public_address(str(address)) or port not in ALLOWED_PORTS:
        raise BlockedAddressError("not a public address")
    return socket.socket(family, kind, protocol)
