"""A job from the stored request to the stored result."""

import asyncio
import io
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.jobs.models import (
    FileSource,
    Job,
    JobRequest,
    JobState,
    ResultFile,
    SourceImage,
    UrlSource,
)
from dreambot.jobs.pipeline import MAX_ATTEMPTS
from dreambot.recipe import DreamRequest, Recipe
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import JobCancelled, JobFailed, QueueFull
from tests.jobs.harness import FinishedDream, PipelineHarness, RecordingResponder, png
from tests.support.fake_engine import CRASH, HELD, REFUSE, release

Make = Callable[..., JobRequest]


async def test_a_picture_goes_all_the_way(harness: PipelineHarness, job_request: Make) -> None:
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", intensity=11), source=None)
    )
    states, updates = [], []

    async def find() -> SourceImage:
        return SourceImage(harness.source(), "a picture", False, 77)

    async with aclosing(harness.stream(job, find)) as stream:
        async for update in stream:
            updates.append(update)
            states.append((await harness.found(job)).state)

    *before, finished = updates
    assert isinstance(finished, FinishedDream)
    assert {update.running for update in before if isinstance(update, Progress)} == {False, True}
    assert states[0] in (JobState.queued, JobState.running)
    assert [states[-2], states[-1]] == [JobState.running, JobState.delivering]
    assert harness.previews
    assert Image.open(io.BytesIO(harness.previews[0])).format == "JPEG"

    result = finished.result
    image = Image.open(io.BytesIO(await harness.files.load(result.file)))
    assert (image.format, image.size) == ("PNG", (finished.recipe.width, finished.recipe.height))
    assert image.width * image.height <= 40_000
    assert image.convert("RGB").getpixel((5, 5)) == (245, 235, 225)
    assert finished.recipe.intensity == 11
    found = await harness.found(job)
    assert (found.recipe, found.result, found.attempts) == (finished.recipe, result, 1)
    assert found.spec.source
    assert found.spec.source.message == 77

    await harness.pipeline.end(job.id, JobState.done, result_message=5)
    assert (await harness.found(job)).state is JobState.done
    assert harness.kept() == []


async def test_the_recipe_is_in_the_picture(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    job = await harness.store.create(job_request(request=DreamRequest(preset="classic", seed=5)))
    finished, data = await harness.finished(job, harness.source())
    (tmp_path / "dream.png").write_bytes(data)
    codecs = CodecPool(1)
    text = await codecs.read_recipe(tmp_path / "dream.png")
    await codecs.close()
    assert text
    assert Recipe.from_json(text) == finished.recipe
    assert finished.recipe.seed == 5


async def test_every_dream_has_a_seed_of_its_own(harness: PipelineHarness, job_request: Make) -> None:
    seeds = set()
    for _ in range(2):
        job = await harness.store.create(job_request(request=DreamRequest(preset="classic", intensity=1)))
        finished, _ = await harness.finished(job, harness.source())
        seeds.add(finished.recipe.seed)
    assert len(seeds) == 2


async def test_transparency_is_put_back(harness: PipelineHarness, job_request: Make, tmp_path: Path) -> None:
    pixels = np.zeros((100, 120, 4), np.uint8)
    pixels[:, 60:] = 255
    path = tmp_path / "half.png"
    path.write_bytes(png(Image.fromarray(pixels)))
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", intensity=1), source=None)
    )
    _, data = await harness.finished(job, FileSource(path))
    image = Image.open(io.BytesIO(data))
    assert image.mode == "RGBA"
    assert image.width > 120
    alpha = np.asarray(image)[:, :, 3]
    assert alpha[:, : image.width // 3].max() == 0
    assert alpha[:, -image.width // 3 :].min() == 255
    assert path.exists()


async def test_the_file_keeps_to_the_limit(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)
    path = tmp_path / "noise.png"
    path.write_bytes(png(Image.fromarray(noise)))
    request = DreamRequest(preset="classic", intensity=1)
    job = await harness.store.create(job_request(request=request, source=None, limit=30_000))
    _, data = await harness.finished(job, FileSource(path))
    assert len(data) <= 30_000


@pytest.mark.parametrize(
    ("name", "request_", "words"),
    [
        ("text.png", DreamRequest(), "not a picture"),
        ("gone.png", DreamRequest(), "no longer has that picture"),
        ("plain.png", DreamRequest(layer="mixed99"), "did you mean"),
        ("plain.png", DreamRequest(preset="classic", seed=REFUSE), "I will not dream this"),
        ("plain.png", DreamRequest(preset="classic", seed=CRASH), "twice"),
    ],
)
async def test_what_goes_wrong_is_stored_until_it_was_told(
    harness: PipelineHarness, job_request: Make, name: str, request_: DreamRequest, words: str
) -> None:
    job = await harness.store.create(job_request(request=request_, source=None))
    with pytest.raises(UserError, match=words) as raised:
        await harness.updates(job, harness.source(name))
    found = await harness.found(job)
    assert (found.state, found.error) == (JobState.delivering, raised.value.message.to_json())
    with pytest.raises(UserError, match=words):
        await harness.updates(found)
    await harness.pipeline.end(job.id, JobState.failed)
    assert (await harness.found(job)).spec.reply_target.token is None
    assert harness.kept() == []


async def test_a_link_into_the_own_network_is_refused(harness: PipelineHarness, job_request: Make) -> None:
    job = await harness.store.create(job_request(source=None))
    with pytest.raises(UserError):
        await harness.updates(job, UrlSource(f"{harness.origin}/plain.png"))


async def test_a_full_queue_is_told_but_never_to_those_who_were_promised(
    harness: PipelineHarness, job_request: Make
) -> None:
    slow = job_request(request=DreamRequest(preset="classic", intensity=11))
    jobs = [await harness.store.create(slow) for _ in range(4)]
    image = SourceImage(harness.source(), "a picture", False, None)
    promised = await harness.store.create(replace(slow, source=image))
    *results, last = await asyncio.gather(
        *(harness.updates(job, harness.source()) for job in jobs),
        harness.updates(promised),
        return_exceptions=True,
    )
    assert QueueFull in {type(result) for result in results}
    assert isinstance(last, list)
    assert isinstance(last[-1], FinishedDream)


@pytest.mark.parametrize("when", ["fetching", "waiting", "dreaming"])
async def test_a_job_can_be_cancelled_at_any_time(
    harness: PipelineHarness, job_request: Make, when: str, tmp_path: Path
) -> None:
    request = DreamRequest(preset="classic", intensity=11)
    asked = job_request(request=request, source=None)
    held = replace(asked, request=request.model_copy(update={"seed": HELD}))
    first = await harness.store.create(held if when == "waiting" else job_request(source=None))
    other = asyncio.create_task(harness.updates(first, harness.source()))
    if when == "waiting":
        await harness.reached["running", first.id].wait()
    else:
        await other
    job = await harness.store.create(replace(asked, owner=7))
    work = asyncio.create_task(
        harness.updates(job, harness.source("endless.png" if when == "fetching" else "plain.png"))
    )
    if when == "fetching":
        await harness.served.wait()
    else:
        await harness.reached["queued" if when == "waiting" else "running", job.id].wait()
    assert harness.pipeline.cancel(job.id, "core-cancelled")
    with pytest.raises(JobCancelled):
        await work
    assert not harness.pipeline.cancel(job.id, "core-cancelled")
    await harness.pipeline.end(job.id, JobState.cancelled)
    assert (await harness.found(job)).state is JobState.cancelled
    release(tmp_path)
    await other
    assert not [path for path in harness.kept() if job.id in str(path)]


async def test_what_a_dying_bot_leaves_is_carried_on(
    harness: PipelineHarness, job_request: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = job_request(request=DreamRequest(preset="classic", intensity=11), source=None)
    job = await harness.store.create(asked)
    work = asyncio.create_task(harness.updates(job, harness.source()))
    await harness.reached["running", job.id].wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    found = await harness.found(job)
    assert found.state is JobState.running
    harness.served.clear()
    finished, _ = await harness.finished(found)
    assert finished.recipe == found.recipe
    assert (await harness.found(job)).attempts == 2
    again, _ = await harness.finished(await harness.found(job))
    assert again == finished
    assert (await harness.found(job)).attempts == 2


async def test_what_was_never_seen_cannot_be_carried_on(harness: PipelineHarness, job_request: Make) -> None:
    job = await harness.store.create(job_request(source=None))
    with pytest.raises(JobFailed, match="I was restarted"):
        await harness.updates(job)


async def test_a_job_that_never_gets_done_is_given_up(harness: PipelineHarness, job_request: Make) -> None:
    image = SourceImage(harness.source(), "a picture", False, None)
    job = await harness.store.create(job_request(request=DreamRequest(preset="classic"), source=image))
    with pytest.raises(JobFailed, match="ten times"):
        await harness.updates(replace(job, attempts=MAX_ATTEMPTS))


async def test_what_another_process_has_taken_is_left_alone(
    harness: PipelineHarness, job_request: Make, caplog: pytest.LogCaptureFixture
) -> None:
    image = SourceImage(harness.source(), "a picture", False, None)
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", seed=1), source=image)
    )
    await harness.store.release([job.id])
    assert await harness.updates(job) == []
    assert "another process has taken the job over" in caplog.text
    assert (await harness.found(job)).state is JobState.received


async def test_files_of_a_job_that_another_process_has_taken_while_it_was_sent_are_left_alone(
    harness: PipelineHarness, job_request: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """In a bucket they are those of the other process, which looks for the message and may send them."""

    class LosesItsLease(RecordingResponder):
        async def deliver(self, job: Job, files: Sequence[ResultFile]) -> int:
            await harness.store.release([job.id])
            return 5

    image = SourceImage(harness.source(), "a picture", False, None)
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", seed=1), source=image)
    )

    async def find() -> SourceImage:
        return image

    await harness.pipeline.run(job, LosesItsLease(harness, job, find))
    assert "another process has taken the job over" in caplog.text
    left = await harness.found(job)
    assert left.state is JobState.delivering
    assert left.result
    assert await harness.files.load(left.result.file)


async def test_identical_requests_share_one_run(harness: PipelineHarness, job_request: Make) -> None:
    asked = job_request(request=DreamRequest(preset="classic", intensity=9, seed=3), source=None)
    first, second, elsewhere = [
        await harness.store.create(one)
        for one in (
            asked,
            replace(asked, owner=2),
            replace(asked, reply_target=replace(asked.reply_target, guild=99)),
        )
    ]
    runs = [asyncio.create_task(harness.updates(job, harness.source())) for job in (first, second, elsewhere)]
    await harness.reached["running", first.id].wait()
    await harness.reached["running", second.id].wait()
    assert not harness.reached["running", elsewhere.id].is_set()
    assert harness.pipeline.cancel(first.id, "core-cancelled")
    with pytest.raises(JobCancelled):
        await runs[0]
    await harness.pipeline.end(first.id, JobState.cancelled)
    assert isinstance((await runs[1])[-1], FinishedDream)
    assert isinstance((await runs[2])[-1], FinishedDream)
    assert (await harness.found(second)).attempts == 1


async def test_dice_that_were_thrown_are_not_shared(harness: PipelineHarness, job_request: Make) -> None:
    asked = job_request(request=DreamRequest(preset="classic", intensity=5), source=None)
    jobs = [await harness.store.create(asked) for _ in range(2)]
    (one, _), (other, _) = await asyncio.gather(*(harness.finished(job, harness.source()) for job in jobs))
    assert one.recipe.seed != other.recipe.seed
