"""The bot's Discord side over simcord, an independent simulator without the sandbox's mistakes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import simcord

from dreambot.bot.client import DreamBot
from dreambot.bot.gateway import GatewayInfo, build_intents
from dreambot.bot.job_manager import JobManager
from dreambot.bot.services import Services
from dreambot.config import Settings
from dreambot.engine.progress import Progress
from dreambot.guilds.store import GuildStore
from dreambot.jobs.files import JobFiles, create_job_files
from dreambot.jobs.forwards import Forwards
from dreambot.jobs.gallery import GalleryStore, create_gallery_files
from dreambot.jobs.history import Comparisons, JobHistory
from dreambot.jobs.interfaces import Responder
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.models import Job, JobState, Result, ResultFile
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.recovery import ActiveJobs, JobRecovery
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.scheduler.run import Executor
from dreambot.workers.codec_pool import CodecPool
from tests.bot.support import noise_png
from tests.support.recipes import make_recipe


class _FakePipeline:
    """Finishes jobs at once: simcord does not serve attachments, and waits after each action."""

    def __init__(self, store: JobStore, files: JobFiles, recipe: Recipe) -> None:
        self._store = store
        self._files = files
        self._recipe = recipe

    def cancel(self, job_id: str, reason: str | None) -> bool:
        return False

    async def run(self, job: Job, responder: Responder, *, resumed: bool) -> None:
        try:
            async with responder.working(job):
                sources = await responder.find_sources(job)
                responder.show_progress(Progress(eta=4.0, fraction=0.5, octave=1, octaves=2), noise_png())
            source = sources[0] if sources else None
            job = replace(job, spec=replace(job.spec, source=source))
            result = Result(await self._files.save(job.id, noise_png(), "png"), "png", 1.0)
            file = ResultFile(source, self._recipe, result, noise_png(), "png")
            message = await responder.deliver(job, [file])
            await self._store.set_state(job.id, JobState.done, result_message=message)
        except Exception as error:
            await responder.fail(error)


class _FakeRecovery:
    """Does nothing: simcord would wait forever for a periodic task."""

    async def claim_abandoned(self, holder: ActiveJobs) -> int:
        return 0

    async def keep(self, holder: ActiveJobs) -> None:
        return


@pytest.fixture(autouse=True)
def _wait_for_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for the job, too: simcord only waits for the command."""
    submit = JobManager.submit

    async def and_finish(self: JobManager, *args: Any, **more: Any) -> None:
        await submit(self, *args, **more)
        tasks = [task for task in asyncio.all_tasks() if "_FakePipeline.run" in repr(task)]
        if tasks:
            await asyncio.wait(tasks)

    monkeypatch.setattr(JobManager, "submit", and_finish)


@pytest.fixture
async def simcord_bot(tmp_path: Path, recipe: Any) -> AsyncIterator[DreamBot]:
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}")
    await store.open()
    codecs = CodecPool()
    fetcher = Fetcher(frozenset())
    files = create_job_files(tmp_path / "files", None, fetcher, sources_hours=1, results_days=1, gigabytes=1)
    parts = Services(
        Settings(),
        Metrics(),
        store,
        KeyValueStore(store.database),
        files,
        codecs,
        cast(Executor, None),
        cast(JobPipeline, _FakePipeline(store, files, recipe)),
        cast(JobRecovery, _FakeRecovery()),
        GuildStore(store.database),
        JobHistory(store.database),
        Comparisons(store.database),
        Forwards(store.database),
        GalleryStore(store.database, create_gallery_files(tmp_path / "gallery", None), max_bytes=2**30),
    )
    yield DreamBot(parts, GatewayInfo(build_intents(True), 1, 1))
    await codecs.close()
    await store.close()


@pytest.fixture
def recipe() -> Recipe:
    return make_recipe(
        objective="eq", cooling=0.0, width=96, height=64, palette="natural", seed=7, intensity=11
    )


async def test_a_slash_command_is_answered(simcord_env: simcord.Env) -> None:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("memes")
    ann = guild.add_member(simcord_env.create_user("ann"))
    await ann.send(channel, "look", attachments=[("cat.png", noise_png())])
    result = await ann.slash(channel, "dream", layer="mixed5", intensity=11)
    assert result.response is not None
    assert "layer:mixed5 intensity:11 seed:7" in result.response.content
    assert [file.filename for file in result.response.attachments] == ["mixed5-11.png"]
    assert result.response.attachments[0].description


async def test_a_mistake_is_answered_in_private(simcord_env: simcord.Env) -> None:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("memes")
    ann = guild.add_member(simcord_env.create_user("ann"))
    result = await ann.slash(channel, "dream")
    [reply] = result.followups
    assert reply.ephemeral
    assert "no picture" in reply.content
