"""Fetching pictures: freely from the servers Discord's own payloads name, guardedly from anywhere else."""

import asyncio
import socket
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Self

import aiohttp
from yarl import URL

from dreambot.errors import UserError
from dreambot.media.addresses import ALLOWED_PORTS, is_odd_literal, is_public
from dreambot.media.inflate import PIECE_BYTES, WINDOWS, Inflater

MAX_BYTES = 64 * 2**20
TIMEOUT = 30.0
MAX_REDIRECTS = 5
MAX_URL_CHARACTERS = 2048
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Compressed answers save nothing for pictures and are only another way to be bombed
HEADERS = {"Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "dreambot"}


class FetchError(UserError):
    """A picture that could not be fetched. `str(error)` says why."""


class BlockedAddressError(OSError):
    """A connection to an address outside the public internet was about to be made."""


class Fetcher:
    """Streams pictures from the web to files. Use it in one event loop, and close it.

    trusted_origins: origins such as "https://cdn.discordapp.com" of attachments; matched exactly.
    max_bytes: of the unpacked answer. timeout: seconds for everything, redirects included.
    """

    def __init__(
        self, trusted_origins: frozenset[str], max_bytes: int = MAX_BYTES, timeout: float = TIMEOUT
    ) -> None:
        """Connects to nothing yet."""
        self._trusted = frozenset(URL(origin).origin() for origin in trusted_origins)
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def fetch_attachment(self, url: str, dest: Path) -> None:
        """Fetches a URL out of Discord's own payloads to the file dest.

        Only the trusted origins are asked, also after a redirect. Raises FetchError, and OSError when dest
        cannot be written; dest does not exist then.
        """
        await self._fetch(url, dest, guarded=False)

    async def fetch_url(self, url: str, dest: Path) -> None:
        """Fetches a URL that a person typed or an embed carried to the file dest.

        Only public addresses are connected to, on ports 80 and 443, whatever a name resolves to; at most five
        redirects, each checked anew. Raises as fetch_attachment does.
        """
        await self._fetch(url, dest, guarded=True)

    async def close(self) -> None:
        """Closes all connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _fetch(self, url: str, dest: Path, *, guarded: bool) -> None:
        file = await asyncio.to_thread(dest.open, "wb")
        try:
            with file:
                async with asyncio.timeout(self._timeout), aclosing(self._body(url, guarded)) as pieces:
                    async for piece in pieces:
                        file.write(piece)
        except BaseException as error:
            await asyncio.to_thread(dest.unlink, missing_ok=True)
            explained = self._explained(error)
            if explained is error:
                raise
            raise explained from error

    async def _body(self, url: str, guarded: bool) -> AsyncGenerator[bytes, None]:
        """The unpacked pieces of the answer, wherever redirects lead, no more than max_bytes of them."""
        target = _parsed(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._check(target, guarded)
            async with self._session(guarded).get(target, allow_redirects=False) as response:
                if response.status in REDIRECTS and "Location" in response.headers:
                    target = target.join(_parsed(response.headers["Location"]))
                    continue
                if response.status != 200:
                    raise FetchError(
                        f"{target.host} answered {response.status} instead of a picture."
                        " Check the link, or upload the picture itself."
                    )
                total = 0
                async for piece in _unpacked(response):
                    total += len(piece)
                    if total > self._max_bytes:
                        raise self._too_large()
                    yield piece
                return
        raise FetchError(
            "That link leads from one page to the next and never to a picture. Upload it instead."
        )

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
            raise _private()

    def _session(self, guarded: bool) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                resolver=aiohttp.ThreadedResolver(),
                # a name is looked up, and its address checked, for each request anew
                use_dns_cache=not guarded,
                force_close=guarded,
                socket_factory=_guarded_socket if guarded else None,
            )
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                trust_env=False,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=15),
            )
        return self._sessions[guarded]

    def _too_large(self) -> FetchError:
        return FetchError(
            f"That file is larger than {self._max_bytes / 2**20:.0f} MiB. Try a smaller copy of it."
        )

    def _explained(self, error: BaseException) -> BaseException:
        if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
            error.os_error, BlockedAddressError
        ):
            return _private()
        if isinstance(error, TimeoutError):
            return FetchError("That link took too long to answer. Try again, or upload the picture itself.")
        if isinstance(error, (aiohttp.ClientError, zlib.error, ValueError)):
            return FetchError("That link could not be fetched. Check it, or upload the picture itself.")
        return error


def _guarded_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """The socket for one address that aiohttp is about to connect to: nothing comes between check and use."""
    family, kind, protocol, _, (address, port, *_) = info
    if not is_public(str(address)) or port not in ALLOWED_PORTS:
        raise BlockedAddressError("not a public address")
    return socket.socket(family, kind, protocol)


async def _unpacked(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
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


def _parsed(url: str) -> URL:
    if len(url) > MAX_URL_CHARACTERS:
        raise FetchError(
            f"That link is longer than {MAX_URL_CHARACTERS} characters. Upload the picture instead."
        )
    try:
        return URL(url.strip())
    except ValueError as error:
        raise FetchError("That is not a link I understand. It should begin with https://.") from error


def _private() -> FetchError:
    return FetchError("That link does not lead to a public web address. Upload the picture instead.")
