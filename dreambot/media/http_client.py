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

# All global unicast addresses. Outside it are IPv4-mapped and NAT64 addresses, by which a private IPv4
# address could be reached, and others that older Pythons consider global.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SPECIAL_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's platform, seen from its machines
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


CHUNK_BYTES = 64 * 1024
# zlib's `wbits` for a gzip header and for a zlib header.
ZLIB_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}

MAX_REDIRECTS = 5
MAX_URL_CHARACTERS = 2048
GONE_STATUSES = frozenset({403, 404, 410})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
MAX_REQUESTS_PER_HOST = 6
"""Concurrent requests to one host."""
CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 10
"""Longest pause in a response, also before its first byte."""
# Compression saves nothing for pictures and only allows decompression bombs.
HEADERS = {"Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "dreambot"}


def is_public_address(address: str) -> bool:
    """Returns whether an address may be any host on the internet.

    False for private, loopback, link-local, carrier-grade NAT, multicast, reserved and IPv4-carrying
    addresses, and for strings that are not an address.

    Args:
        address: Numeric, as from a socket.
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
    """Returns whether some resolvers read a host name as an address though it is not written as one.

    Examples are 2130706433, 0x7f.1, 127.1 and 0177.0.0.1: browsers treat every name that ends in a number as
    an address.

    Args:
        host: The host of a URL.
    """
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdecimal() or last.startswith("0x")):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False


class Inflater:
    """Decompresses gzip and deflate in chunks of at most 64 KiB."""

    def __init__(self, encoding: str) -> None:
        """Expects a compressed stream.

        Args:
            encoding: A key of ZLIB_WINDOW_BITS.
        """
        self._stream = zlib.decompressobj(ZLIB_WINDOW_BITS[encoding])

    def chunks(self, data: bytes) -> Iterator[bytes]:
        """Yields the decompressed content of the next compressed bytes.

        Args:
            data: The compressed bytes.

        Raises:
            zlib.error: They are damaged.
        """
        while data:
            yield self._stream.decompress(data, CHUNK_BYTES)
            data = self._stream.unconsumed_tail

    @property
    def finished(self) -> bool:
        """Whether the end of the compressed stream was read."""
        return self._stream.eof


class FetchError(UserError):
    """A picture that could not be downloaded. `str(error)` says why."""


class BlockedAddressError(OSError):
    """A connection to an address outside the public internet was refused."""


class HttpClient:
    """Requests URLs. Use it in one event loop, and close it."""

    def __init__(self, trusted_origins: frozenset[str]) -> None:
        """Does not connect yet.

        Args:
            trusted_origins: Origins such as "https://cdn.discordapp.com"; requests that are not `public_only`
                are sent only to these.
        """
        self._trusted = frozenset(URL(origin).origin() for origin in trusted_origins)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._hosts = FairSemaphore(sys.maxsize, MAX_REQUESTS_PER_HOST)

    @asynccontextmanager
    async def get(self, url: str, *, public_only: bool) -> AsyncIterator[aiohttp.ClientResponse]:
        """Requests a URL and follows at most five redirects, each checked again; the body is not read yet.

        Args:
            url: The URL.
            public_only: Connect only to public addresses, on ports 80 and 443; a name's
                addresses are checked.
                Otherwise only to the trusted origins.

        Raises:
            FetchError: The URL is not allowed, or the status is not 200.
            aiohttp.ClientError: The request failed.
        """
        target = parse_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._check(target, public_only)
            host = target.host if public_only else None
            async with (
                self._hosts.hold(host),
                self._session(public_only).get(target, allow_redirects=False) as response,
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

    def _check(self, url: URL, public_only: bool) -> None:
        """Refuses what can be refused without the network; the final check is at the socket."""
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise FetchError("errors-link-scheme")
        if not public_only:
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

    def _session(self, public_only: bool) -> aiohttp.ClientSession:
        if public_only not in self._sessions:
            connector = aiohttp.TCPConnector(
                # One per session: lookups of other hosts cannot delay Discord's.
                resolver=LimitedResolver() if public_only else LimitedResolver(per_requester=MAX_LOOKUPS),
                # For each request the name is looked up, and its address checked, again.
                use_dns_cache=not public_only,
                force_close=public_only,
                # The callers' slots are the limit; a queue here would be shared by all.
                limit=0,
                socket_factory=_create_public_socket if public_only else None,
            )
            self._sessions[public_only] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                trust_env=False,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=READ_TIMEOUT_S
                ),
            )
        return self._sessions[public_only]


async def decompressed_chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yields the body of a response in chunks of at most 64 KiB, without the server's compression.

    Args:
        response: The response.

    Raises:
        FetchError: The compression is unknown, or the body is truncated.
        zlib.error: The compressed data is damaged.
        aiohttp.ClientError: The connection failed.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", *ZLIB_WINDOW_BITS):
        raise FetchError("errors-link-packed")
    inflater = Inflater(encoding) if encoding in ZLIB_WINDOW_BITS else None
    async for data in response.content.iter_chunked(CHUNK_BYTES):
        if inflater is None:
            yield data
        else:
            for chunk in inflater.chunks(data):
                yield chunk
    if inflater is not None and not inflater.finished:
        raise FetchError("errors-link-stopped")


def parse_url(url: str) -> URL:
    """Parses a link as a person typed it.

    Args:
        url: The link.

    Raises:
        FetchError: It is not a URL, or too long.
    """
    if len(url) > MAX_URL_CHARACTERS:
        raise FetchError("errors-link-long", most=MAX_URL_CHARACTERS)
    try:
        return URL(url.strip())
    except ValueError as error:
        raise FetchError("errors-link-odd") from error


def private_address_error() -> FetchError:
    """Returns the error for addresses outside the public internet."""
    return FetchError("errors-link-private")


def _create_public_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """Creates the socket for one address that aiohttp is about to connect to.

    Nothing can change between this check and the connection.
    """
    family, kind, protocol, _, (address, port, *_) = info
    if not is_public_address(str(address)) or port not in ALLOWED_PORTS:
        raise BlockedAddressError("not a public address")
    return socket.socket(family, kind, protocol)
