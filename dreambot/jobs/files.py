"""The files of jobs: sources, guides, sounds and undelivered results, and when each of them is removed."""

import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TypeVar

from dreambot import logs
from dreambot.errors import UserError
from dreambot.jobs.models import (
    GUIDE_NAME,
    SOUND_NAME,
    SOURCE_NAME,
    AttachmentSource,
    FileSource,
    Source,
    UrlSource,
)
from dreambot.jobs.retry import RETRY_TIMEOUT_S, Retrier, RetriesExhausted, describe_error
from dreambot.jobs.storage import BucketStorage, LocalStorage, StoredFile
from dreambot.media.fetch import Fetcher

_GRACE_PERIOD = timedelta(minutes=10)
"""A newer job may be missing in the list of unfinished jobs."""


@dataclass(frozen=True)
class RetentionLimits:
    """How long files are kept, and how many.

    Attributes:
        sources: Lifetime of sources, guides and sounds.
        results: Lifetime of results.
        size: Bytes of all files together.
    """

    sources: timedelta
    results: timedelta
    size: int


def expired_keys(
    files: Iterable[StoredFile], limits: RetentionLimits, now: datetime, unfinished: Collection[str]
) -> list[str]:
    """Returns the keys of the files to be removed: all that are too old, and the oldest beyond the size.

    Files of unfinished jobs go last.

    Args:
        files: All files.
        limits: How long they are kept.
        now: The current time.
        unfinished: Ids of unfinished jobs.
    """
    old: list[StoredFile] = []
    young: list[StoredFile] = []
    for file in files:
        is_source = PurePosixPath(file.key).name.startswith((SOURCE_NAME, GUIDE_NAME, SOUND_NAME))
        life = limits.sources if is_source else limits.results
        (old if file.changed < now - life else young).append(file)

    def removal_order(file: StoredFile) -> tuple[bool, datetime]:
        job = PurePosixPath(file.key).parts[0]
        return job in unfinished or file.changed > now - _GRACE_PERIOD, file.changed

    excess = sum(file.size for file in young) - limits.size
    for file in sorted(young, key=removal_order):
        if excess <= 0:
            break
        old.append(file)
        excess -= file.size
    return [file.key for file in old]


log = logging.getLogger(__name__)

T = TypeVar("T")

_RESULT_NAME = "dream"
GALLERY_FOLDER = "gallery"
"""In a bucket, the folder with the files of the gallery, which are not files of jobs."""
_PROBE_KEY = "tried"
_DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StorageError(UserError):
    """A file cannot be written or read; the log says why."""


class FileExpired(UserError):
    """A file was removed by `sweep`."""


class JobFiles:
    """Files by job, in a folder, or in a bucket that several machines share.

    The sources that this machine works on are in its folder either way. While a disk is full, or a bucket
    cannot be reached, calls wait; StorageError is raised after the timeout.
    """

    def __init__(
        self,
        folder: LocalStorage,
        fetcher: Fetcher,
        limits: RetentionLimits,
        bucket: BucketStorage | None = None,
        timeout: float = RETRY_TIMEOUT_S,
    ) -> None:
        """Opens nothing yet.

        Args:
            folder: The folder of this machine.
            fetcher: Downloads sources.
            limits: What `sweep` keeps.
            bucket: Shared by several machines.
            timeout: Seconds for which storage is waited for.
        """
        self._folder = folder
        self._fetcher = fetcher
        self._limits = limits
        self._bucket = bucket
        self._shared: LocalStorage | BucketStorage = bucket or folder
        self._retrier = Retrier("the file storage", timeout, lambda error: isinstance(error, OSError))

    async def open(self) -> None:
        """Checks that files can be kept.

        Raises:
            StorageError: They cannot.
        """
        try:
            for storage in {self._folder, self._shared}:
                await storage.put(_PROBE_KEY, b"")
                await storage.remove([_PROBE_KEY])
        except OSError as error:
            raise StorageError("setup-files-folder", place=storage, reason=error.strerror or error) from error

    @asynccontextmanager
    async def source(self, job_id: str, source: Source, name: str = SOURCE_NAME) -> AsyncIterator[Path]:
        """Yields a source as a complete file of this machine, which is not to be changed.

        It is fetched once, and kept until `remove`. Raises what the fetcher raises, too.

        Args:
            job_id: The job.
            source: Where the file is.
            name: SOURCE_NAME, GUIDE_NAME or SOUND_NAME; the number of the picture follows in an album.

        Raises:
            StorageError: It cannot be stored.
        """
        if isinstance(source, FileSource):
            yield source.path
            return
        key = f"{job_id}/{name}"

        async def bring() -> None:
            if not await self._folder.has(key) and not await self._copied(key):
                await self._fetched(key, source)

        await self._with_retries(bring)
        yield self._folder.path(key)

    async def has_source(self, job_id: str) -> bool:
        """Whether `source` would not have to fetch.

        Args:
            job_id: The job.

        Raises:
            StorageError: The storage cannot be read.
        """
        key = f"{job_id}/{SOURCE_NAME}"

        async def look() -> bool:
            return await self._folder.has(key) or await self._copied(key)

        return await self._with_retries(look)

    async def save(self, job_id: str, data: bytes, extension: str, number: int = 0) -> str:
        """Stores a job's result in place of an earlier one. When this returns, it survives a power cut.

        Args:
            job_id: The job.
            data: The file.
            extension: Its extension, without a dot.
            number: The position of the picture in an album, from 0.

        Returns:
            The key of the file.

        Raises:
            StorageError: It cannot be stored.
        """
        key = f"{job_id}/{_RESULT_NAME}{number or ''}.{extension}"
        await self._with_retries(lambda: self._shared.put(key, data))
        return key

    async def load(self, key: str) -> bytes:
        """Returns a result.

        Args:
            key: What `save` returned.

        Raises:
            FileExpired: It was swept.
            StorageError: It cannot be read.
        """

        async def get() -> bytes:
            try:
                return await self._shared.get(key)
            except FileNotFoundError as error:
                raise FileExpired("errors-file-gone") from error

        return await self._with_retries(get)

    async def remove(self, job_id: str) -> None:
        """Removes all files of a job. What cannot be removed now is left to `sweep`.

        Args:
            job_id: The job.
        """
        for storage in {self._folder, self._shared}:
            try:
                found = await storage.files(job_id)
                await storage.remove(file.key for file in found)
            except OSError as error:
                with logs.job_context(job_id):
                    log.warning("its files cannot be removed: %s", error)

    async def remove_all(self, job_ids: Collection[str]) -> None:
        """Removes all files of any number of jobs. What cannot be removed now is left to `sweep`.

        Args:
            job_ids: The jobs.
        """
        ids = frozenset(job_ids)
        for storage in {self._folder, self._shared}:
            try:
                found = await storage.files()
                await storage.remove(file.key for file in found if file.key.partition("/")[0] in ids)
            except OSError as error:
                log.warning("files in %s cannot be removed: %s", storage, error)

    async def sweep(self, keep: Collection[str]) -> None:
        """Removes what is too old or too much. Errors are logged.

        Args:
            keep: Ids of the unfinished jobs of all processes, whose files go last.
        """
        for storage in {self._folder, self._shared}:
            try:
                found = [
                    file for file in await storage.files() if not file.key.startswith(f"{GALLERY_FOLDER}/")
                ]
                keys = expired_keys(found, self._limits, datetime.now(UTC), keep)
                await storage.remove(keys)
            except OSError as error:
                log.warning("%s cannot be swept: %s", storage, error)
            else:
                if keys:
                    log.info("%d of %d files swept from %s", len(keys), len(found), storage)

    async def _with_retries(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._retrier.call(attempt)
        except RetriesExhausted as error:
            log.warning("files cannot be kept or read: %s", describe_error(error))
            full = isinstance(error.cause, OSError) and error.cause.errno in _DISK_FULL_ERRNOS
            raise StorageError("errors-disk-full" if full else "errors-cannot-store") from error.cause

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


def create_job_files(
    folder: Path,
    url: str | None,
    fetcher: Fetcher,
    *,
    sources_hours: float,
    results_days: float,
    gigabytes: float,
) -> JobFiles:
    """Creates the store of files that the settings ask for.

    Args:
        folder: The folder of this machine.
        url: A bucket; None for the folder alone.
        fetcher: Downloads sources.
        sources_hours: Lifetime of sources.
        results_days: Lifetime of results.
        gigabytes: Most that all files may take.

    Raises:
        UserError: The URL is not understood, or the extra is not installed.
    """
    limits = RetentionLimits(
        timedelta(hours=sources_hours), timedelta(days=results_days), int(gigabytes * 10**9)
    )
    return JobFiles(LocalStorage(folder), fetcher, limits, BucketStorage(url) if url else None)
