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
"""Nothing is written for so long: an older part is of a life that ended."""


@dataclass(frozen=True)
class StoredFile:
    """A file that is kept. size: in bytes. changed: when it was written."""

    key: str
    size: int
    changed: datetime


class LocalStorage:
    """A folder of files by their keys, such as `0abc/source`. Several processes may share it.

    Everything raises OSError, FileNotFoundError among them.
    """

    def __init__(self, root: Path) -> None:
        """root: made when needed; nothing else may be kept in it."""
        self._root = root

    def __str__(self) -> str:
        return str(self._root)

    def path(self, key: str) -> Path:
        """Where a file lies, or would lie."""
        return self._root / key

    async def has(self, key: str) -> bool:
        """Whether there is such a file."""
        return await asyncio.to_thread(self.path(key).is_file)

    @contextmanager
    def part(self) -> Iterator[Path]:
        """A path for a file in the making, to be settled in the block; what is left of it is removed."""
        path = self._root / _PARTIAL_FOLDER / secrets.token_hex(8)
        _make_folder(path.parent)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def settle(self, part: Path, key: str) -> None:
        """Gives a part its key. When this returns, it survives a power cut."""
        await asyncio.to_thread(_commit, part, self.path(key))

    async def put(self, key: str, data: bytes) -> None:
        """Writes a file, in place of one of that key. When this returns, it survives a power cut."""
        with self.part() as part:
            await asyncio.to_thread(part.write_bytes, data)
            await self.settle(part, key)

    async def get(self, key: str) -> bytes:
        """The file's bytes."""
        return await asyncio.to_thread(self.path(key).read_bytes)

    async def files(self, within: str = "") -> list[StoredFile]:
        """All that is kept, or what is kept within a folder of it. Parts that were left behind are removed in
        passing."""
        return await asyncio.to_thread(self._files, self._root / within)

    async def remove(self, keys: Iterable[str]) -> None:
        """Removes files, those that are there."""
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
    """Makes a folder and those above it, to last."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    """A name is on the disk only when the folder that holds it is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_NON_BUCKET_SCHEMES = ("file:", "memory:", "http:", "https:")
_RETRY_TIMEOUT = timedelta(seconds=30)


class BucketStorage:
    """A bucket of S3, or whatever speaks its language, Google's or Azure's, of files by their keys.

    Who may write there is read from the environment, as AWS_ACCESS_KEY_ID and so on. Everything raises
    OSError, FileNotFoundError among them, after having tried for half a minute.
    """

    def __init__(self, url: str, patience: timedelta = _RETRY_TIMEOUT) -> None:
        """url: such as s3://bucket/folder. patience: how long a request is tried anew. Raises UserError."""
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
            self._store = from_url(url, retry_config={"retry_timeout": patience})
        except (obstore.exceptions.BaseError, ValueError) as error:
            raise UserError("setup-files-url", url=url, reason=_first_line(error)) from error

    def __str__(self) -> str:
        return self._url

    async def put(self, key: str, data: bytes) -> None:
        """Writes a file, in place of one of that key."""
        try:
            await self._obstore.put_async(self._store, key, data)
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_first_line(error)) from error

    async def get(self, key: str) -> bytes:
        """The file's bytes."""
        try:
            found = await self._obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise FileNotFoundError(_first_line(error)) from error
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_first_line(error)) from error

    async def files(self, within: str = "") -> list[StoredFile]:
        """All that is kept, or what is kept within a folder of it."""
        try:
            return [
                StoredFile(found["path"], found["size"], found["last_modified"])
                async for page in self._obstore.list(self._store, within or None)
                for found in page
            ]
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_first_line(error)) from error

    async def remove(self, keys: Iterable[str]) -> None:
        """Removes files, those that are there."""
        try:
            await self._obstore.delete_async(self._store, list(keys))
        except FileNotFoundError:
            pass
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
