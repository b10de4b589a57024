import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dreambot.jobs.files import create_job_files
from dreambot.jobs.models import AttachmentSource, JobRequest, ReplyTarget, SourceImage
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.shared_runs import SharedRuns
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher
from dreambot.recipe import DreamRequest
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers.codec_pool import CodecPool
from tests.jobs.harness import PLAIN, PipelineHarness
from tests.support.fake_engine import ENGINE
from tests.support.patience import long_query_timeouts
from tests.support.postgres import fresh_database
from tests.support.recipes import fake_trained

__all__ = ["backend", "harness", "job_request", "long_query_timeouts", "store", "url"]


@pytest.fixture
def backend() -> str:
    """The database of a test that does not ask for `both`."""
    return "sqlite"


@pytest.fixture
async def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """An empty database."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/data/dreambot.db"
        return
    async with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def store(url: str) -> AsyncIterator[JobStore]:
    store = JobStore(url)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def job_request() -> Callable[..., JobRequest]:
    """Makes requests of one person."""

    def make(**changes: Any) -> JobRequest:
        place: dict[str, Any] = {
            "channel": 12,
            "guild": 11,
            "application": 13,
            "token": "a-secret-token",
            "since": datetime.now(UTC),
            "reply_to": None,
            "quiet": False,
            "limit": 10 * 2**20,
            "reachable": True,
        }
        values: dict[str, Any] = {
            "owner": 2**63 - 1,
            "request": DreamRequest(layer="mixed4+mixed5", intensity=11),
            "source": SourceImage(
                AttachmentSource("https://cdn.test/a.png", "a.png", 1000), "a cat", True, 14
            ),
        }
        more = {"guide", "sound", "parent", "press", "limits"}
        place |= {key: value for key, value in changes.items() if key in place}
        values |= {key: value for key, value in changes.items() if key in values.keys() | more}
        assert changes.keys() <= place.keys() | values.keys()
        return JobRequest(reply_target=ReplyTarget(**place), **values)

    return make


@pytest.fixture
async def harness(
    store: JobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PipelineHarness]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.03")
    monkeypatch.setenv("FAKE_ENGINE_DIR", str(tmp_path))
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
    reached: defaultdict[tuple[str, str], asyncio.Event] = defaultdict(asyncio.Event)
    codecs, executor = CodecPool(1), LocalExecutor(["cpu"], engine=ENGINE, max_queue=2)
    await executor.start()
    async with Fetcher(frozenset({origin})) as fetcher:
        folder = tmp_path / "data/files"
        files = create_job_files(folder, None, fetcher, sources_hours=1, results_days=1, gigabytes=1)
        runs = SharedRuns(executor)
        pipeline = JobPipeline(store, files, codecs, runs, max_pixels=40_000, models=fake_trained)
        yield PipelineHarness(pipeline, store, executor, files, folder, origin, served, reached, [])
    await asyncio.gather(executor.close(), codecs.close(), server.close())
