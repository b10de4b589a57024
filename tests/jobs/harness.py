"""A job pipeline made of real parts, except for an engine without torch."""

import asyncio
import io
from collections import defaultdict
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import AttachmentSource, FinishedDream, Job, JobUpdate, Source, SourceImage
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.store import JobStore
from dreambot.scheduler.executor import LocalExecutor


def png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


PLAIN = png(Image.new("RGB", (300, 280), (10, 20, 30)))


@dataclass
class PipelineHarness:
    """A runner of real parts, but for an engine without torch."""

    runner: JobPipeline
    store: JobStore
    executor: LocalExecutor
    files: JobFiles
    folder: Path
    origin: str
    served: asyncio.Event
    reached: defaultdict[tuple[type[JobUpdate], str], asyncio.Event]

    def source(self, name: str = "plain.png") -> AttachmentSource:
        return AttachmentSource(f"{self.origin}/{name}", name, 1000)

    async def updates(self, job: Job, source: Source | None = None) -> list[JobUpdate]:
        """All updates of a job; with a source, of one whose subject is found now."""
        if source:
            job = replace(job, ask=replace(job.ask, subject=None))

        async def find() -> SourceImage:
            assert source
            return SourceImage(source, "a picture", False, None)

        seen = []
        async with aclosing(self.runner.run(job, find if source else None)) as updates:
            async for update in updates:
                seen.append(update)
                self.reached[type(update), job.id].set()
        return seen

    async def finished(self, job: Job, source: Source | None = None) -> tuple[FinishedDream, bytes]:
        """How it ended, and the file."""
        last = (await self.updates(job, source))[-1]
        assert isinstance(last, FinishedDream)
        return last, await self.files.load(last.result.file)

    async def found(self, job: Job) -> Job:
        found = await self.store.get(job.id)
        assert found
        return found

    def kept(self) -> list[Path]:
        """The files that lie about."""
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def written(self, data: bytes, name: str) -> Path:
        """A file beside the bot's own."""
        path = self.folder.parent / name
        path.write_bytes(data)
        return path
