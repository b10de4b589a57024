import asyncio
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from dreambot.errors import UserError
from dreambot.executor import JobCancelled, JobFailed, LocalExecutor, QueueFull
from dreambot.jobs.runner import JobRunner
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import (
    Ask,
    AttachmentSource,
    Dreaming,
    FileSource,
    Finished,
    Job,
    JobState,
    Source,
    Update,
    UrlSource,
    Waiting,
)
from dreambot.media.fetch import Fetcher
from dreambot.media.pool import CodecPool
from dreambot.recipe import DreamRequest, Recipe
from tests.executor.fake_engine import CRASH, ENGINE, REFUSE
from tests.support.recipes import some_models

Make = Callable[..., Ask]


def png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


PLAIN = png(Image.new("RGB", (300, 280), (10, 20, 30)))


@dataclass
class Bench:
    """A runner of real parts, but for an engine without torch."""

    runner: JobRunner
    store: JobStore
    executor: LocalExecutor
    files: Path
    origin: str
    served: asyncio.Event
    reached: defaultdict[tuple[type[Update], str], asyncio.Event]

    def source(self, name: str = "plain.png") -> AttachmentSource:
        return AttachmentSource(f"{self.origin}/{name}", name, 1000)

    async def updates(self, job: Job, source: Source, limit: int = 10**7) -> list[Update]:
        seen = []
        async with aclosing(self.runner.run(job, source, limit=limit)) as updates:
            async for update in updates:
                seen.append(update)
                self.reached[type(update), job.id].set()
        return seen

    async def state(self, job: Job) -> tuple[JobState, str | None]:
        found = await self.store.get(job.id)
        assert found
        return found.state, found.error


@pytest.fixture
async def bench(store: JobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.03")
    served = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.match_info["name"]:
            case "plain.png":
                return web.Response(body=PLAIN)
            case "text.png":
                return web.Response(body=b"not a picture")
            case "endless.png":
                response = web.StreamResponse()
                await response.prepare(request)
                await response.write(PLAIN[:100])
                served.set()
                await asyncio.sleep(60)
        return web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{name}", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    origin = f"http://127.0.0.1:{server.port}"
    reached: defaultdict[tuple[type[Update], str], asyncio.Event] = defaultdict(asyncio.Event)
    codecs, executor = CodecPool(1), LocalExecutor(["cpu"], engine=ENGINE, max_queue=2)
    await executor.start()
    async with Fetcher(frozenset({origin})) as fetcher:
        files = tmp_path / "data/files"
        runner = JobRunner(store, files, fetcher, codecs, executor, max_pixels=40_000, models=some_models)
        yield Bench(runner, store, executor, files, origin, served, reached)
    await asyncio.gather(executor.close(), codecs.close(), server.close())


async def test_a_picture_goes_all_the_way(bench: Bench, ask: Make) -> None:
    job = await bench.store.create(ask(request=DreamRequest(preset="classic", intensity=11)))
    states, updates = [], []
    async with aclosing(bench.runner.run(job, bench.source(), limit=10**7)) as stream:
        async for update in stream:
            updates.append(update)
            states.append((await bench.state(job))[0])
    assert bench.runner.owner_of(job.id) is None

    *before, finished = updates
    assert isinstance(finished, Finished)
    assert {type(update) for update in before} == {Waiting, Dreaming}
    assert states[0] in (JobState.queued, JobState.running)
    assert [states[-2], states[-1]] == [JobState.running, JobState.delivering]
    previews = [update.preview for update in before if isinstance(update, Dreaming) and update.preview]
    assert previews
    assert Image.open(io.BytesIO(previews[0])).format == "JPEG"

    image = Image.open(io.BytesIO(finished.encoded.data))
    assert (image.format, image.size) == ("PNG", (finished.width, finished.height))
    assert finished.width * finished.height <= 40_000
    assert image.convert("RGB").getpixel((5, 5)) == (245, 235, 225)
    assert finished.recipe.intensity == 11
    found = await bench.store.get(job.id)
    assert found
    assert (found.recipe, found.attempts) == (finished.recipe, 1)
    assert list(bench.files.iterdir()) == []


async def test_the_recipe_is_in_the_picture(bench: Bench, ask: Make, tmp_path: Path) -> None:
    job = await bench.store.create(ask(request=DreamRequest(preset="classic", seed=5)))
    finished = (await bench.updates(job, bench.source()))[-1]
    assert isinstance(finished, Finished)
    (tmp_path / "dream.png").write_bytes(finished.encoded.data)
    codecs = CodecPool(1)
    text = await codecs.read_recipe(tmp_path / "dream.png")
    await codecs.close()
    assert text
    assert Recipe.from_json(text) == finished.recipe
    assert finished.recipe.seed == 5


async def test_every_dream_has_a_seed_of_its_own(bench: Bench, ask: Make) -> None:
    seeds = set()
    for _ in range(2):
        job = await bench.store.create(ask(request=DreamRequest(preset="classic", intensity=1)))
        finished = (await bench.updates(job, bench.source()))[-1]
        assert isinstance(finished, Finished)
        seeds.add(finished.recipe.seed)
    assert len(seeds) == 2


async def test_transparency_is_put_back(bench: Bench, ask: Make, tmp_path: Path) -> None:
    pixels = np.zeros((100, 120, 4), np.uint8)
    pixels[:, 60:] = 255
    path = tmp_path / "half.png"
    path.write_bytes(png(Image.fromarray(pixels)))
    job = await bench.store.create(ask(request=DreamRequest(preset="classic", intensity=1)))
    finished = (await bench.updates(job, FileSource(path)))[-1]
    assert isinstance(finished, Finished)
    image = Image.open(io.BytesIO(finished.encoded.data))
    assert image.mode == "RGBA"
    assert image.width > 120
    alpha = np.asarray(image)[:, :, 3]
    assert alpha[:, : image.width // 3].max() == 0
    assert alpha[:, -image.width // 3 :].min() == 255
    assert path.exists()


async def test_the_file_keeps_to_the_limit(bench: Bench, ask: Make, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)
    path = tmp_path / "noise.png"
    path.write_bytes(png(Image.fromarray(noise)))
    job = await bench.store.create(ask(request=DreamRequest(preset="classic", intensity=1)))
    finished = (await bench.updates(job, FileSource(path), limit=30_000))[-1]
    assert isinstance(finished, Finished)
    assert len(finished.encoded.data) <= 30_000


@pytest.mark.parametrize(
    ("name", "request_", "words"),
    [
        ("text.png", DreamRequest(), "not a picture"),
        ("gone.png", DreamRequest(), "404"),
        ("plain.png", DreamRequest(layer="mixed99"), "did you mean"),
        ("plain.png", DreamRequest(preset="classic", seed=REFUSE), "I will not dream this"),
        ("plain.png", DreamRequest(preset="classic", seed=CRASH), "twice"),
    ],
)
async def test_what_goes_wrong_is_told_and_stored(
    bench: Bench, ask: Make, name: str, request_: DreamRequest, words: str
) -> None:
    job = await bench.store.create(ask(request=request_))
    with pytest.raises(UserError, match=words) as raised:
        await bench.updates(job, bench.source(name))
    assert await bench.state(job) == (JobState.failed, str(raised.value))
    found = await bench.store.get(job.id)
    assert found
    assert found.ask.token is None
    assert list(bench.files.iterdir()) == []


async def test_a_link_into_the_own_network_is_refused(bench: Bench, ask: Make) -> None:
    job = await bench.store.create(ask())
    with pytest.raises(UserError):
        await bench.updates(job, UrlSource(f"{bench.origin}/plain.png"))
    assert (await bench.state(job))[0] is JobState.failed


async def test_a_full_disk_is_our_fault(bench: Bench, ask: Make) -> None:
    bench.files.parent.mkdir(exist_ok=True)
    bench.files.write_text("a file where a folder should be")
    job = await bench.store.create(ask())
    with pytest.raises(JobFailed, match="on my side"):
        await bench.updates(job, bench.source())
    assert (await bench.state(job))[0] is JobState.failed


async def test_a_full_queue_is_told(bench: Bench, ask: Make) -> None:
    slow = ask(request=DreamRequest(preset="classic", intensity=11))
    jobs = [await bench.store.create(slow) for _ in range(4)]
    results = await asyncio.gather(
        *(bench.updates(job, bench.source()) for job in jobs), return_exceptions=True
    )
    assert [type(result) for result in results if not isinstance(result, list)] == [QueueFull]


@pytest.mark.parametrize("when", ["fetching", "waiting", "dreaming"])
async def test_a_job_can_be_cancelled_at_any_time(bench: Bench, ask: Make, when: str) -> None:
    request = DreamRequest(preset="classic", intensity=11)
    other = asyncio.create_task(bench.updates(await bench.store.create(ask(request=request)), bench.source()))
    await asyncio.sleep(0.5)
    if when != "waiting":
        await other
    job = await bench.store.create(ask(owner=7, request=request))
    work = asyncio.create_task(
        bench.updates(job, bench.source("endless.png" if when == "fetching" else "plain.png"))
    )
    if when == "fetching":
        await bench.served.wait()
    else:
        await bench.reached[Waiting if when == "waiting" else Dreaming, job.id].wait()
    assert bench.runner.owner_of(job.id) == 7
    assert bench.runner.cancel(job.id)
    with pytest.raises(JobCancelled):
        await work
    assert (await bench.state(job))[0] is JobState.cancelled
    assert not bench.runner.cancel(job.id)
    await other
    assert list(bench.files.iterdir()) == []


async def test_what_a_dying_bot_leaves_is_found_again(bench: Bench, ask: Make) -> None:
    job = await bench.store.create(ask(request=DreamRequest(preset="classic", intensity=11)))
    work = asyncio.create_task(bench.updates(job, bench.source()))
    await bench.reached[Dreaming, job.id].wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    (bench.files / "leftover.part").touch()

    [found] = await bench.runner.recover()
    assert found.state is JobState.running
    assert found.ask == job.ask
    assert await bench.state(job) == (
        JobState.failed,
        "I was restarted before your dream was done; please ask again.",
    )
    assert list(bench.files.iterdir()) == []
    assert await bench.runner.recover() == []
