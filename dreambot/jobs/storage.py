"""Stores files by key in a local folder (durable and atomic) or in an object store bucket."""

import asyncio
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dreambot.errors import UserError
from dreambot.extras import install_hint

_PARTIAL_FOLDER = "parts"
_PARTIAL_MAX_AGE_S = 3600
"""No write takes this long: an older part is of a process that ended."""


@dataclass(frozen=True)
class StoredFile:
    """A stored file.

    Attributes:
        key: Its key.
        size: In bytes.
        changed: When it was written.
    """

    key: str
    size: int
    changed: datetime


class LocalStorage:
    """A folder of files by their keys, such as `0abc/source`. Several processes may share it.

    Every method raises OSError, FileNotFoundError among them.
    """

    def __init__(self, root: Path) -> None:
        """Creates nothing yet.

        Args:
            root: The folder, created when needed; nothing else may be kept in it.
        """
        self._root = root

    def __str__(self) -> str:
        return str(self._root)

    def path(self, key: str) -> Path:
        """Returns where a file is, or would be.

        Args:
            key: Its key.
        """
        return self._root / key

    async def has(self, key: str) -> bool:
        """Whether there is a file.

        Args:
            key: Its key.
        """
        return await asyncio.to_thread(self.path(key).is_file)

    @contextmanager
    def part(self) -> Iterator[Path]:
        """Yields a path for a new file, to be passed to `settle`; it is removed afterwards."""
        path = self._root / _PARTIAL_FOLDER / secrets.token_hex(8)
        _make_folder(path.parent)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def settle(self, part: Path, key: str) -> None:
        """Moves a new file to its key. When this returns, it survives a power cut.

        Args:
            part: The path from `part`.
            key: Its key.
        """
        await asyncio.to_thread(_commit, part, self.path(key))

    async def put(self, key: str, data: bytes) -> None:
        """Writes a file, in place of one of that key. When this returns, it survives a power cut.

        Args:
            key: Its key.
            data: The file.
        """
        with self.part() as part:
            await asyncio.to_thread(part.write_bytes, data)
            await self.settle(part, key)

    async def get(self, key: str) -> bytes:
        """Returns a file.

        Args:
            key: Its key.
        """
        return await asyncio.to_thread(self.path(key).read_bytes)

    async def files(self, within: str = "") -> list[StoredFile]:
        """Lists the files, and removes parts that were left behind.

        Args:
            within: A folder in the folder; empty is all.
        """
        return await asyncio.to_thread(self._files, self._root / within)

    async def remove(self, keys: Iterable[str]) -> None:
        """Removes files that exist.

        Args:
            keys: Their keys.
        """
        await asyncio.to_thread(self._remove, list(keys))

    def _files(self, folder: Path) -> list[StoredFile]:
        found = []
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):
                about = path.stat()
                if not path.is_file():
                    continue
                if path.parent.name != _PARTIAL_FOLDER:
                    changed = datetime.fromtimestamp(about.st_mtime, UTC)
                    found.append(StoredFile(str(path.relative_to(self._root)), about.st_size, changed))
                elif about.st_mtime < time.time() - _PARTIAL_MAX_AGE_S:
                    path.unlink()
        return found

    def _remove(self, keys: list[str]) -> None:
        for key in keys:
            path = self.path(key)
            path.unlink(missing_ok=True)
            if path.parent != self._root:
                # Not while there is another file in it.
                with suppress(OSError):
                    path.parent.rmdir()


def _commit(part: Path, path: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    _make_folder(path.parent)
    try:
        part.rename(path)
    except FileNotFoundError:
        # Its folder was empty for a moment, and removed by another.
        _make_folder(path.parent)
        part.rename(path)
    _fsync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """Creates a folder and its parents durably."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    """Syncs a folder: a file's name is on the disk only after its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_NON_BUCKET_SCHEMES = ("file:", "memory:", "http:", "https:")
_RETRY_TIMEOUT = timedelta(seconds=30)


class BucketStorage:
    """Files by their keys in a bucket of S3 or a compatible service, of Google or of Azure.

    Credentials are read from the environment, as AWS_ACCESS_KEY_ID and so on. Every method raises OSError,
    FileNotFoundError among them, after half a minute of retries.
    """

    def __init__(self, url: str, timeout: timedelta = _RETRY_TIMEOUT) -> None:
        """Connects to nothing yet.

        Args:
            url: Such as s3://bucket/folder.
            timeout: How long a request is retried.

        Raises:
            UserError: The URL is not understood, or the extra is not installed.
        """
        self._url = url
        try:
            # An extra, which most bots do without.
            import obstore
            from obstore.store import from_url
        except ImportError as error:
            raise UserError("setup-obstore-missing", hint=install_hint("objects")) from error
        self._obstore = obstore
        try:
            if url.startswith(_NON_BUCKET_SCHEMES):
                raise ValueError("it names no bucket")
            self._store = from_url(url, retry_config={"retry_timeout": timeout})
        except (obstore.exceptions.BaseError, ValueError) as error:
            raise UserError("setup-files-url", url=url, reason=_first_line(error)) from error

    def __str__(self) -> str:
        return self._url

    async def put(self, key: str, data: bytes) -> None:
        """Writes a file, in place of one of that key.

        Args:
            key: Its key.
            data: The file.
        """
        try:
            await self._obstore.put_async(self._store, key, data)
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_first_line(error)) from error

    async def get(self, key: str) -> bytes:
        """Returns a file.

        Args:
            key: Its key.
        """
        try:
            found = await self._obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise FileNotFoundError(_first_line(error)) from error
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_first_line(error)) from error

    async def files(self, within: str = "") -> list[StoredFile]:
        """Lists the files.

        Args:
            within: A folder in the bucket; empty is all.
        """
        try:
            return [
                StoredFile(found["path"], found["size"], found["last_modified"])
                async for page in self._obstore.list(self._store, within or None)
                for found in page
            ]
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_first_line(error)) from error

    async def remove(self, keys: Iterable[str]) -> None:
        """Removes files that exist.

        Args:
            keys: Their keys.
        """
        try:
            await self._obstore.delete_async(self._store, list(keys))
        except FileNotFoundError:
            pass
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
