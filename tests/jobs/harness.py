"""A job pipeline made of real parts, except for an engine without torch."""

import asyncio
import io
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from dreambot.engine.progress import Progress
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import AttachmentSource, Job, Result, ResultFile, Source, SourceImage
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.rendering import OutputFormat
from dreambot.jobs.store import JobStore
from dreambot.recipe import Recipe
from dreambot.recipe.request import needs_source
from dreambot.scheduler.executor import LocalExecutor
from dreambot.scheduler.run import LatestValue
from dreambot.workers.types import JobFailed

FindSource = Callable[[], Awaitable[SourceImage | tuple[SourceImage, ...] | None]]


def png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


PLAIN = png(Image.new("RGB", (300, 280), (10, 20, 30)))


class _StoredOnly(Exception):
    """Nothing was delivered or reported: the job stays as it is stored."""


class RecordingResponder:
    """Records what a job shows and how it ends, and leaves it in the state before its end."""

    def __init__(self, harness: "PipelineHarness", job: Job, find: FindSource) -> None:
        self.output = OutputFormat(limit=job.spec.reply_target.limit)
        self.updates: LatestValue[Progress | FinishedDream] = LatestValue()
        self.error: Exception | None = None
        self._bench, self._job, self._find = harness, job, find

    async def find_sources(self, job: Job) -> tuple[SourceImage, ...]:
        found = await self._find()
        return found if isinstance(found, tuple) else (found,) if found else ()

    @asynccontextmanager
    async def working(self, job: Job) -> AsyncIterator[None]:
        yield

    def show_progress(self, progress: Progress, preview: bytes | None) -> None:
        self._bench.previews += [preview] if preview else []
        self.updates.put(progress)

    async def deliver(self, job: Job, files: Sequence[ResultFile]) -> int:
        self.updates.put(FinishedDream(job.spec.source, files[0].recipe, files[0].result, tuple(files)))
        raise _StoredOnly

    async def fail(self, error: Exception) -> bool:
        self.error = None if isinstance(error, _StoredOnly) else error
        return False

    async def finished(self, message: int) -> None:
        raise AssertionError("nothing was delivered")


@dataclass(frozen=True)
class FinishedDream:
    """What a job came to."""

    image: SourceImage | None
    recipe: Recipe
    result: Result
    files: tuple[ResultFile, ...] = ()


@dataclass
class PipelineHarness:
    """A pipeline of real parts, but for an engine without torch."""

    pipeline: JobPipeline
    store: JobStore
    executor: LocalExecutor
    files: JobFiles
    folder: Path
    origin: str
    served: asyncio.Event
    reached: defaultdict[tuple[str, str], asyncio.Event]
    previews: list[bytes]

    def source(self, name: str = "plain.png") -> AttachmentSource:
        return AttachmentSource(f"{self.origin}/{name}", name, 1000)

    async def stream(
        self, job: Job, find: FindSource | None = None
    ) -> AsyncGenerator[Progress | FinishedDream, None]:
        """Everything that a job shows, latest wins; raises its error. find: of a new job."""

        async def never_seen() -> None:
            if needs_source(job.spec.request):
                raise JobFailed("errors-restarted")

        responder = RecordingResponder(self, job, find or never_seen)
        task = asyncio.create_task(self.pipeline.run(job, responder, resumed=find is None))
        task.add_done_callback(lambda _: responder.updates.close())
        try:
            async for update in responder.updates:
                yield update
        finally:
            task.cancel()
            await asyncio.wait([task])
        if responder.error:
            raise responder.error

    async def updates(self, job: Job, source: Source | None = None) -> list[Progress | FinishedDream]:
        """All updates of a job; with a source, of one whose image is found now."""
        if source:
            job = replace(job, spec=replace(job.spec, source=None))

        async def find() -> SourceImage:
            assert source
            return SourceImage(source, "a picture", False, None)

        seen = []
        async with aclosing(self.stream(job, find if source else None)) as updates:
            async for update in updates:
                seen.append(update)
                running = isinstance(update, Progress) and update.running
                self.reached["running" if running else "queued", job.id].set()
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
