"""The files of jobs: sources, guides and undelivered results, and when each of them is removed."""

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
from dreambot.jobs.models import GUIDE_NAME, SOURCE_NAME, AttachmentSource, FileSource, Source, UrlSource
from dreambot.jobs.retry import RETRY_TIMEOUT_S, Retrier, RetriesExhausted, describe_error
from dreambot.jobs.storage import BucketStorage, LocalStorage, StoredFile
from dreambot.media.fetch import Fetcher

_GRACE_PERIOD = timedelta(minutes=10)
"""A job so young may not have been known to whoever listed the unfinished ones."""


@dataclass(frozen=True)
class RetentionLimits:
    """How long files are kept, and the bytes they may take together."""

    sources: timedelta
    results: timedelta
    size: int


def expired_keys(
    files: Iterable[StoredFile], limits: RetentionLimits, now: datetime, unfinished: Collection[str]
) -> list[str]:
    """The keys of those to be removed: all that are too old, and as many as it takes to keep to the size,
    oldest first, those of unfinished jobs last."""
    old: list[StoredFile] = []
    young: list[StoredFile] = []
    for file in files:
        life = limits.sources if PurePosixPath(file.key).name in {SOURCE_NAME, GUIDE_NAME} else limits.results
        (old if file.changed < now - life else young).append(file)

    def patience(file: StoredFile) -> tuple[bool, datetime]:
        job = PurePosixPath(file.key).parts[0]
        return job in unfinished or file.changed > now - _GRACE_PERIOD, file.changed

    excess = sum(file.size for file in young) - limits.size
    for file in sorted(young, key=patience):
        if excess <= 0:
            break
        old.append(file)
        excess -= file.size
    return [file.key for file in old]


log = logging.getLogger(__name__)

T = TypeVar("T")

_PROBE_KEY = "tried"
_DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StorageError(UserError):
    """A file cannot be written or read; the log says why."""


class FileExpired(UserError):
    """A file was swept away."""


class JobFiles:
    """Files by job. They lie in a folder, or in a bucket that several machines share; the sources that this
    machine works on are in its folder either way.

    A full disk, or a bucket out of reach, is waited for: StorageError is raised once patience has run out.
    """

    def __init__(
        self,
        folder: LocalStorage,
        fetcher: Fetcher,
        limits: RetentionLimits,
        bucket: BucketStorage | None = None,
        patience: float = RETRY_TIMEOUT_S,
    ) -> None:
        """limits: what `sweep` keeps to. patience: seconds."""
        self._folder = folder
        self._fetcher = fetcher
        self._limits = limits
        self._bucket = bucket
        self._shared: LocalStorage | BucketStorage = bucket or folder
        self._retrier = Retrier("where files are kept", patience, lambda error: isinstance(error, OSError))

    async def open(self) -> None:
        """Tries whether files can be kept. Raises StorageError."""
        try:
            for place in {self._folder, self._shared}:
                await place.put(_PROBE_KEY, b"")
                await place.remove([_PROBE_KEY])
        except OSError as error:
            raise StorageError("setup-files-folder", place=place, reason=error.strerror or error) from error

    @asynccontextmanager
    async def source(self, job_id: str, source: Source, name: str = SOURCE_NAME) -> AsyncIterator[Path]:
        """The source as a file of this machine, whole, and to be left as it is. It is fetched once, and kept
        until `remove`. name: SOURCE or GUIDE. Raises StorageError, and what the fetcher raises."""
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
        """Whether `source` can do without fetching. Raises StorageError."""
        key = f"{job_id}/{SOURCE_NAME}"

        async def look() -> bool:
            return await self._folder.has(key) or await self._copied(key)

        return await self._with_retries(look)

    async def save(self, job_id: str, data: bytes, extension: str) -> str:
        """Keeps a job's dream, in place of an earlier one, and returns its key. When this returns, it
        survives a power cut. extension: without a dot. Raises StorageError."""
        key = f"{job_id}/dream.{extension}"
        await self._with_retries(lambda: self._shared.put(key, data))
        return key

    async def load(self, key: str) -> bytes:
        """The dream of that key. Raises FileExpired, StorageError."""

        async def get() -> bytes:
            try:
                return await self._shared.get(key)
            except FileNotFoundError as error:
                raise FileExpired("errors-file-gone") from error

        return await self._with_retries(get)

    async def remove(self, job_id: str) -> None:
        """Removes all that is kept of a job. What cannot be removed now is left to `sweep`."""
        for place in {self._folder, self._shared}:
            try:
                found = await place.files(job_id)
                await place.remove(file.key for file in found)
            except OSError as error:
                with logs.job_context(job_id):
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
                keys = expired_keys(found, self._limits, datetime.now(UTC), keep)
                await place.remove(keys)
            except OSError as error:
                log.warning("%s cannot be swept: %s", place, error)
            else:
                if keys:
                    log.info("%d of %d files swept from %s", len(keys), len(found), place)

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
    """The files of jobs as the settings have them. url: of a bucket, or None for the folder alone.

    Raises UserError where the URL is not understood or the extra is not installed.
    """
    limits = RetentionLimits(
        timedelta(hours=sources_hours), timedelta(days=results_days), int(gigabytes * 10**9)
    )
    return JobFiles(LocalStorage(folder), fetcher, limits, BucketStorage(url) if url else None)
