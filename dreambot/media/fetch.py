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
"""Concurrent downloads, in total and of one person; links and attachments count separately."""
MIN_BYTES_PER_SECOND = 4096
SLOW_SECONDS = 5.0
"""A response slower than MIN_BYTES_PER_SECOND is given up after SLOW_SECONDS."""


@dataclass(frozen=True)
class _WebPage:
    """A web page that was received instead of a picture.

    Attributes:
        address: Its URL.
        start: Its first bytes, at most MAX_PAGE_BYTES.
    """

    address: str
    start: bytes


class Fetcher:
    """Downloads pictures from the web to files.

    Use it in one event loop, and close it. Each requester (see `dreambot.media.concurrency`) has only a few
    downloads at a time; further ones wait.
    """

    def __init__(
        self,
        trusted_origins: frozenset[str],
        max_bytes: int = MAX_DOWNLOAD_BYTES,
        timeout: float = DOWNLOAD_TIMEOUT_S,
    ) -> None:
        """Does not connect yet.

        Args:
            trusted_origins: Origins of attachments, such as "https://cdn.discordapp.com"; matched exactly.
            max_bytes: Limit on the decompressed response.
            timeout: Seconds for everything, redirects and pages included.
        """
        self._web = HttpClient(trusted_origins)
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._slots = {
            public_only: FairSemaphore(MAX_FETCHES, MAX_FETCHES_PER_REQUESTER)
            for public_only in (True, False)
        }

    async def __aenter__(self) -> Self:
        """Returns the fetcher."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes all connections."""
        await self.close()

    async def fetch_attachment(self, url: str, dest: Path) -> None:
        """Downloads a URL from Discord's own payloads.

        Only the trusted origins are requested, also after a redirect.

        Args:
            url: The URL.
            dest: File to write. It does not exist after an error.

        Raises:
            FetchError: The download failed.
            OSError: dest cannot be written.
        """
        await self._fetch(url, dest, public_only=False)

    async def fetch_url(self, url: str, dest: Path) -> None:
        """Downloads a URL that a person typed or an embed contained.

        Of a web page, the picture or video that it shows is downloaded. Connects only to public addresses, on
        ports 80 and 443, also if a
        name resolves to others. At most five redirects are followed, and each is
        checked again.

        Args:
            url: The URL.
            dest: File to write. It does not exist after an error.

        Raises:
            FetchError: The download failed.
            OSError: dest cannot be written.
        """
        await self._fetch(url, dest, public_only=True)

    async def close(self) -> None:
        """Closes all connections."""
        await self._web.close()

    async def _fetch(self, url: str, dest: Path, *, public_only: bool) -> None:
        async with self._slots[public_only].hold(current_requester()):
            await self._download(url, dest, public_only)

    async def _download(self, url: str, dest: Path, public_only: bool) -> None:
        file = await asyncio.to_thread(dest.open, "wb")
        try:
            with file:
                async with asyncio.timeout(self._timeout):
                    page = await self._save(url, file, public_only)
                    if page and await self._save(await _shown_url(page), file, public_only):
                        raise _no_picture_error()
        except BaseException as error:
            await asyncio.to_thread(dest.unlink, missing_ok=True)
            translated = _to_fetch_error(error)
            if translated is error:
                raise
            raise translated from error

    async def _save(self, url: str, file: BinaryIO, public_only: bool) -> _WebPage | None:
        """Writes the response to the file, or returns it if it is a web page that a person's link led to."""
        async with self._web.get(url, public_only=public_only) as response:
            async with aclosing(self._bounded(response)) as chunks:
                start = await _read_at_least(chunks, SNIFFED_BYTES)
                if public_only and is_html(start):
                    start += await _read_at_least(chunks, MAX_PAGE_BYTES - len(start))
                    return _WebPage(str(response.url), start[:MAX_PAGE_BYTES])
                file.write(start)
                async for chunk in chunks:
                    file.write(chunk)
        return None

    async def _bounded(self, response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
        """Yields the decompressed chunks of a response, at most max_bytes of them."""
        # A response that declares too large a size is not read.
        self._check_size(response.content_length or 0)
        total, start = 0, time.monotonic()
        async for chunk in decompressed_chunks(response):
            total += len(chunk)
            self._check_size(total)
            seconds = time.monotonic() - start
            if seconds > SLOW_SECONDS and total < MIN_BYTES_PER_SECOND * seconds:
                raise TimeoutError("the response is too slow")
            yield chunk

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise FetchError("errors-link-too-large", most=round(self._max_bytes / 2**20))


async def _read_at_least(chunks: AsyncGenerator[bytes, None], min_bytes: int) -> bytes:
    """Reads chunks until they have at least `min_bytes` bytes together, or end."""
    data = bytearray()
    while len(data) < min_bytes:
        chunk = await anext(chunks, None)
        if chunk is None:
            break
        data += chunk
    return bytes(data)


async def _shown_url(page: _WebPage) -> str:
    # In a thread: a large page takes a while.
    url = await asyncio.to_thread(find_shown_url, page.start, page.address)
    if url is None:
        raise _no_picture_error()
    return url


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
