"""Files of this machine that are there after a power cut, or not at all."""

import asyncio
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_PARTS = "parts"
_PART_SECONDS = 3600
"""Nothing is written for so long: an older part is of a life that ended."""


@dataclass(frozen=True)
class StoredFile:
    """A file that is kept. size: in bytes. changed: when it was written."""

    key: str
    size: int
    changed: datetime


class Folder:
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
        path = self._root / _PARTS / secrets.token_hex(8)
        _make(path.parent)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def settle(self, part: Path, key: str) -> None:
        """Gives a part its key. When this returns, it survives a power cut."""
        await asyncio.to_thread(_settle, part, self.path(key))

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
                if path.parent.name != _PARTS:
                    changed = datetime.fromtimestamp(about.st_mtime, UTC)
                    found.append(StoredFile(str(path.relative_to(self._root)), about.st_size, changed))
                elif about.st_mtime < time.time() - _PART_SECONDS:
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


def _settle(part: Path, path: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    _make(path.parent)
    try:
        part.rename(path)
    except FileNotFoundError:
        # Its folder was empty for a moment, and removed by another.
        _make(path.parent)
        part.rename(path)
    _sync(path.parent)


def _make(folder: Path) -> None:
    """Makes a folder and those above it, to last."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """A name is on the disk only when the folder that holds it is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
