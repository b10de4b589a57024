"""The source files of jobs under way."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from dreambot.jobs.types import AttachmentSource, FileSource, Source
from dreambot.media.fetch import Fetcher


class JobFiles:
    """A folder that holds one file for each job, while it is needed."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        """folder: made when needed; nothing else may be kept in it."""
        self._folder = folder
        self._fetcher = fetcher

    @asynccontextmanager
    async def kept(self, job_id: str, source: Source) -> AsyncIterator[Path]:
        """The source as a file that is whole and on the disk, removed at the end. Raises what the fetcher
        raises, and OSError."""
        if isinstance(source, FileSource):
            yield source.path
            return
        path = self._folder / job_id
        part = path.with_suffix(".part")
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
            if isinstance(source, AttachmentSource):
                await self._fetcher.fetch_attachment(source.url, part)
            else:
                await self._fetcher.fetch_url(source.url, part)
            await asyncio.to_thread(_settle, part, path)
            yield path
        finally:
            await asyncio.to_thread(_remove, part, path)

    async def clear(self) -> None:
        """Removes what an earlier life left behind."""
        found = await asyncio.to_thread(lambda: list(self._folder.glob("*")))
        await asyncio.to_thread(_remove, *found)


def _settle(part: Path, path: Path) -> None:
    """Gives a file its name once its bytes are on the disk, and its name too."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()
