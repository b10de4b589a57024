"""The files of jobs: what is dreamed upon, and dreams that are still to be delivered."""

import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from dreambot import logs
from dreambot.errors import UserError
from dreambot.jobs.bucket import Bucket
from dreambot.jobs.folder import Folder
from dreambot.jobs.patience import TEN_MINUTES, GaveUp, Patience, in_words
from dreambot.jobs.sweeping import SOURCE, Limits, swept
from dreambot.jobs.types import AttachmentSource, FileSource, Source, UrlSource
from dreambot.media.fetch import Fetcher

log = logging.getLogger(__name__)

T = TypeVar("T")

_TRIED = "tried"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_DISK_FULL = "My disk is full at the moment; please try again in a while."
_CANNOT_STORE = "I cannot store pictures at the moment; please try again in a while."


class FilesError(UserError):
    """A file cannot be written or read; the log says why."""


class FileGone(UserError):
    """A file was swept away."""


class JobFiles:
    """Files by job. They lie in a folder, or in a bucket that several machines share; the sources that this
    machine works on are in its folder either way.

    A full disk, or a bucket out of reach, is waited for: FilesError is raised once patience has run out.
    """

    def __init__(
        self,
        folder: Folder,
        fetcher: Fetcher,
        limits: Limits,
        bucket: Bucket | None = None,
        patience: float = TEN_MINUTES,
    ) -> None:
        """limits: what `sweep` keeps to. patience: seconds."""
        self._folder = folder
        self._fetcher = fetcher
        self._limits = limits
        self._bucket = bucket
        self._shared: Folder | Bucket = bucket or folder
        self._patience = Patience("where files are kept", patience, lambda error: isinstance(error, OSError))

    async def open(self) -> None:
        """Tries whether files can be kept. Raises FilesError."""
        try:
            for place in {self._folder, self._shared}:
                await place.put(_TRIED, b"")
                await place.remove([_TRIED])
        except OSError as error:
            raise FilesError(
                f"The files of jobs cannot be kept in {place}: {error.strerror or error}. "
                "Mend that, or set DREAMBOT_DATA_DIR or DREAMBOT_FILES_URL."
            ) from error

    @asynccontextmanager
    async def source(self, job_id: str, source: Source, name: str = SOURCE) -> AsyncIterator[Path]:
        """The source as a file of this machine, whole, and to be left as it is. It is fetched once, and kept
        until `remove`. name: SOURCE or GUIDE. Raises FilesError, and what the fetcher raises."""
        if isinstance(source, FileSource):
            yield source.path
            return
        key = f"{job_id}/{name}"

        async def bring() -> None:
            if not await self._folder.has(key) and not await self._copied(key):
                await self._fetched(key, source)

        await self._patiently(bring)
        yield self._folder.path(key)

    async def has_source(self, job_id: str) -> bool:
        """Whether `source` can do without fetching. Raises FilesError."""
        key = f"{job_id}/{SOURCE}"

        async def look() -> bool:
            return await self._folder.has(key) or await self._copied(key)

        return await self._patiently(look)

    async def save(self, job_id: str, data: bytes, extension: str) -> str:
        """Keeps a job's dream, in place of an earlier one, and returns its key. When this returns, it
        survives a power cut. extension: without a dot. Raises FilesError."""
        key = f"{job_id}/dream.{extension}"
        await self._patiently(lambda: self._shared.put(key, data))
        return key

    async def load(self, key: str) -> bytes:
        """The dream of that key. Raises FileGone, FilesError."""

        async def get() -> bytes:
            try:
                return await self._shared.get(key)
            except FileNotFoundError as error:
                raise FileGone(
                    "Your dream was done, but I could not deliver it for so long that I no longer have it; "
                    "please ask again."
                ) from error

        return await self._patiently(get)

    async def remove(self, job_id: str) -> None:
        """Removes all that is kept of a job. What cannot be removed now is left to `sweep`."""
        for place in {self._folder, self._shared}:
            try:
                found = await place.files(job_id)
                await place.remove(file.key for file in found)
            except OSError as error:
                with logs.job(job_id):
                    log.warning("its files cannot be removed: %s", error)

    async def remove_all(self, job_ids: Collection[str]) -> None:
        """Removes all that is kept of jobs, however many. What cannot be removed now is left to `sweep`."""
        ids = frozenset(job_ids)
        for place in {self._folder, self._shared}:
            try:
                found = await place.files()
                await place.remove(file.key for file in found if file.key.partition("/")[0] in ids)
            except OSError as error:
                log.warning("files in %s cannot be removed: %s", place, error)

    async def sweep(self, keep: Collection[str]) -> None:
        """Removes what is too old or too much. keep: the ids of the unfinished jobs of all processes, whose
        files go last. Trouble is logged."""
        for place in {self._folder, self._shared}:
            try:
                found = await place.files()
                keys = swept(found, self._limits, datetime.now(UTC), keep)
                await place.remove(keys)
            except OSError as error:
                log.warning("%s cannot be swept: %s", place, error)
            else:
                if keys:
                    log.info("%d of %d files swept from %s", len(keys), len(found), place)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._patience.keep_trying(attempt)
        except GaveUp as error:
            log.warning("files cannot be kept or read: %s", in_words(error))
            full = isinstance(error.cause, OSError) and error.cause.errno in _FULL
            raise FilesError(_DISK_FULL if full else _CANNOT_STORE) from error.cause

    async def _copied(self, key: str) -> bool:
        """Copies a file from the bucket to the folder, if it is there."""
        if self._bucket is None:
            return False
        try:
            await self._folder.put(key, await self._bucket.get(key))
        except FileNotFoundError:
            return False
        return True

    async def _fetched(self, key: str, source: AttachmentSource | UrlSource) -> None:
        with self._folder.part() as part:
            if isinstance(source, AttachmentSource):
                await self._fetcher.fetch_attachment(source.url, part)
            else:
                await self._fetcher.fetch_url(source.url, part)
            await self._folder.settle(part, key)
        if self._bucket:
            await self._bucket.put(key, await self._folder.get(key))


def job_files(
    folder: Path,
    url: str | None,
    fetcher: Fetcher,
    *,
    sources_hours: float,
    results_days: float,
    gigabytes: float,
) -> JobFiles:
    """The files of jobs as the settings have them. url: of a bucket, or None for the folder alone.

    Raises UserError where the URL is not understood or the extra is not installed.
    """
    limits = Limits(timedelta(hours=sources_hours), timedelta(days=results_days), int(gigabytes * 10**9))
    return JobFiles(Folder(folder), fetcher, limits, Bucket(url) if url else None)
