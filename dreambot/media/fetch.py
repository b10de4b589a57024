"""Downloads pictures to files, within size and time limits, following web pages to the picture they show."""

import asyncio
import time
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import aiohttp

from dreambot.media.concurrency import FairSemaphore, current_requester
from dreambot.media.http_client import (
    BlockedAddressError,
    FetchError,
    HttpClient,
    decompressed_chunks,
    private_address_error,
)
from dreambot.media.link_page import MAX_PAGE_BYTES, SNIFFED_BYTES, find_shown_url, is_html

__all__ = ["FetchError", "Fetcher"]

MAX_DOWNLOAD_BYTES = 64 * 2**20
DOWNLOAD_TIMEOUT_S = 30.0
MAX_FETCHES = 32
MAX_FETCHES_PER_REQUESTER = 3
"""How many fetches are under way at once, in all and for one person; of links and of attachments each."""
MIN_BYTES_PER_SECOND = 4096
SLOW_SECONDS = 5.0
"""An answer that has brought fewer than SLOWEST bytes a second after so many seconds is given up."""


@dataclass(frozen=True)
class _WebPage:
    """A web page that came in place of a picture. start: as much of it as is looked at."""

    address: str
    start: bytes


class Fetcher:
    """Streams pictures from the web to files. Use it in one event loop, and close it. Beyond a few, the
    fetches of one asker (see `dreambot.media.concurrency`) wait for each other.

    trusted_origins: origins such as "https://cdn.discordapp.com" of attachments; matched exactly.
    max_bytes: of the unpacked answer. timeout: seconds for everything, redirects and pages included.
    """

    def __init__(
        self,
        trusted_origins: frozenset[str],
        max_bytes: int = MAX_DOWNLOAD_BYTES,
        timeout: float = DOWNLOAD_TIMEOUT_S,
    ) -> None:
        """Connects to nothing yet."""
        self._web = HttpClient(trusted_origins)
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._slots = {
            guarded: FairSemaphore(MAX_FETCHES, MAX_FETCHES_PER_REQUESTER) for guarded in (True, False)
        }

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
        """Fetches a URL that a person typed or an embed carried to the file dest; of a web page, the picture
        or film that it says it shows.

        Only public addresses are connected to, on ports 80 and 443, whatever a name resolves to; at most five
        redirects, each checked anew. Raises as fetch_attachment does.
        """
        await self._fetch(url, dest, guarded=True)

    async def close(self) -> None:
        """Closes all connections."""
        await self._web.close()

    async def _fetch(self, url: str, dest: Path, *, guarded: bool) -> None:
        async with self._slots[guarded].hold(current_requester()):
            await self._download(url, dest, guarded)

    async def _download(self, url: str, dest: Path, guarded: bool) -> None:
        file = await asyncio.to_thread(dest.open, "wb")
        try:
            with file:
                async with asyncio.timeout(self._timeout):
                    page = await self._save(url, file, guarded)
                    if page and await self._save(await _shown_url(page), file, guarded):
                        raise _no_picture_error()
        except BaseException as error:
            await asyncio.to_thread(dest.unlink, missing_ok=True)
            explained = _to_fetch_error(error)
            if explained is error:
                raise
            raise explained from error

    async def _save(self, url: str, file: BinaryIO, guarded: bool) -> _WebPage | None:
        """Writes the answer to the file, or returns it if it is a page that somebody's link led to."""
        async with self._web.answer(url, guarded=guarded) as response:
            async with aclosing(self._bounded(response)) as pieces:
                start = await _read_at_least(pieces, SNIFFED_BYTES)
                if guarded and is_html(start):
                    start += await _read_at_least(pieces, MAX_PAGE_BYTES - len(start))
                    return _WebPage(str(response.url), start[:MAX_PAGE_BYTES])
                file.write(start)
                async for piece in pieces:
                    file.write(piece)
        return None

    async def _bounded(self, response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
        """The unpacked pieces of an answer, no more than max_bytes of them."""
        # What says that it is too large is believed, and not fetched.
        self._check_size(response.content_length or 0)
        total, began = 0, time.monotonic()
        async for piece in decompressed_chunks(response):
            total += len(piece)
            self._check_size(total)
            seconds = time.monotonic() - began
            if seconds > SLOW_SECONDS and total < MIN_BYTES_PER_SECOND * seconds:
                raise TimeoutError("the answer comes too slowly")
            yield piece

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise FetchError("errors-link-too-large", most=round(self._max_bytes / 2**20))


async def _read_at_least(pieces: AsyncGenerator[bytes, None], least: int) -> bytes:
    """The next pieces, until they are at least so many bytes or come to their end."""
    found = bytearray()
    while len(found) < least:
        piece = await anext(pieces, None)
        if piece is None:
            break
        found += piece
    return bytes(found)


async def _shown_url(page: _WebPage) -> str:
    # A large page takes a moment.
    found = await asyncio.to_thread(find_shown_url, page.start, page.address)
    if found is None:
        raise _no_picture_error()
    return found


def _no_picture_error() -> FetchError:
    return FetchError("errors-link-page")


def _to_fetch_error(error: BaseException) -> BaseException:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, BlockedAddressError):
        return private_address_error()
    if isinstance(error, TimeoutError):
        return FetchError("errors-link-slow")
    if isinstance(error, (aiohttp.ClientError, zlib.error, ValueError)):
        return FetchError("errors-link-failed")
    return error
