"""Albums in the pipeline: several pictures in one job."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.jobs.album import AlbumRun, album_of
from dreambot.jobs.models import FileSource, Job, JobRequest, JobState, Limits, Source, SourceImage, new_job
from dreambot.jobs.pipeline import MAX_ATTEMPTS
from dreambot.recipe import DreamRequest
from tests.jobs.harness import FinishedDream, PipelineHarness
from tests.jobs.test_rendering import gif

Make = Callable[..., JobRequest]


async def _stored(harness: PipelineHarness, request: JobRequest, *sources: Source) -> Job:
    images = [SourceImage(source, f"number {number}", False, 77) for number, source in enumerate(sources)]
    return await harness.store.create(
        replace(request, source=images[0]), album=album_of(images, request.limits)
    )


async def _last(harness: PipelineHarness, job: Job) -> FinishedDream:
    last = None
    async with aclosing(harness.stream(job)) as updates:
        async for update in updates:
            last = update
    assert isinstance(last, FinishedDream)
    return last


async def test_the_videos_of_an_album_share_the_length_of_one(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    request = job_request(request=DreamRequest(preset="classic", intensity=1), limits=Limits(seconds=1.0))
    films = [gif(tmp_path / f"{name}.gif", frames=10) for name in "ab"]
    job = await _stored(harness, request, films[0], harness.source(), films[1])
    done = await _last(harness, job)
    assert [file.recipe.frames for file in done.files] == [7, 1, 7]
    assert len({file.recipe.seed for file in done.files}) == 1


async def test_each_picture_keeps_its_own_end(harness: PipelineHarness, job_request: Make) -> None:
    request = job_request(request=DreamRequest(preset="classic", intensity=1), limits=Limits(pictures=4))
    plain = harness.source()
    job = await _stored(harness, request, plain, harness.source("text.png"), plain, plain, plain)
    album = list(job.album)
    album[2] = replace(album[2], attempts=MAX_ATTEMPTS)
    assert await harness.store.set_album(job.id, tuple(album))
    done = await _last(harness, await harness.found(job))
    assert len(done.files) == 2
    found = await harness.found(job)
    assert (found.state, found.result) == (JobState.delivering, found.album[0].result)
    assert [picture.result is not None for picture in found.album] == [True, False, False, True, False]
    assert [picture.attempts for picture in found.album] == [1, 0, MAX_ATTEMPTS, 1, 0]
    # A later process delivers what is there.
    assert await _last(harness, found) == done


async def test_an_album_without_a_dream_says_why(harness: PipelineHarness, job_request: Make) -> None:
    job = await _stored(harness, job_request(), *[harness.source("text.png")] * 2)
    with pytest.raises(UserError) as same:
        await _last(harness, job)
    assert "Picture" not in str(same.value)
    job = await _stored(harness, job_request(), harness.source("text.png"), FileSource(Path("/missing.png")))
    with pytest.raises(UserError, match=r"Picture 1 \(text.png\): .*Picture 2 \(number 1\): ") as different:
        await _last(harness, job)
    # As a later process says it.
    with pytest.raises(UserError) as again:
        await _last(harness, await harness.found(job))
    assert str(again.value) == str(different.value)


def test_progress_is_that_of_the_whole_album(job_request: Make) -> None:
    seen: list[Progress] = []

    def show(progress: Progress, _: bytes | None) -> None:
        if progress.eta is not None and progress.eta > 100:
            raise UserError("core-out-of-time")
        seen.append(progress)

    images = [SourceImage(FileSource(Path(name)), name, False, 77) for name in "abc"]
    job = new_job(job_request(), album=album_of(images, Limits()))
    album = AlbumRun(job, None, show, str)  # type: ignore[arg-type]
    album.show(0, Progress(position=2, eta=20.0), None)
    album.show(1, Progress(position=3, eta=40.0), None)
    assert seen == []
    album.show(2, Progress(position=4, eta=60.0), None)
    album.update(0, error="broken")
    album.show(1, Progress(0.5), None)
    first, then = seen
    assert (first.running, first.position, first.eta, first.pictures) == (False, 2, 60.0, 3)
    assert (then.running, then.fraction, then.eta, then.picture) == (True, 0.5, 60.0, 2)
    with pytest.raises(UserError), album.failing_alone(1):
        album.show(1, Progress(0.6, eta=200.0), None)
    assert album.open == [1, 2]
