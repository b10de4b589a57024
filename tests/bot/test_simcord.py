"""A second opinion: the bot's Discord side over simcord, which is not ours and shares no mistakes with us."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import simcord

from dreambot.bot import DreamBot
from dreambot.chat.connect import Found, intents
from dreambot.chat.dreamer import Dreamer
from dreambot.community import Community
from dreambot.config import Settings
from dreambot.executor import Executor
from dreambot.jobs.comparisons import Comparisons
from dreambot.jobs.files import JobFiles, job_files
from dreambot.jobs.keeper import Holder, JobKeeper
from dreambot.jobs.lineage import Lineage
from dreambot.jobs.notes import Notes
from dreambot.jobs.runner import Find, JobRunner
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Dreaming, Finished, Job, JobState, Result, Update
from dreambot.media.fetch import Fetcher
from dreambot.media.pool import CodecPool
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.services import Services
from tests.bot.support import picture
from tests.support.recipes import some_recipe


class _Runner:
    """Answers at once: simcord keeps attachments to itself, and settles after each action."""

    def __init__(self, store: JobStore, files: JobFiles, recipe: Recipe) -> None:
        self._store = store
        self._files = files
        self._recipe = recipe

    def cancel(self, job_id: str) -> bool:
        return False

    async def end(self, job_id: str, state: JobState, **more: Any) -> None:
        await self._store.set_state(job_id, state, **more)

    async def run(self, job: Job, find: Find | None) -> AsyncIterator[Update]:
        assert find
        subject = await find()
        yield Dreaming(0.5, 1, 2, 3, 6, 4.0, picture())
        key = await self._files.save(job.id, picture(), "png")
        yield Finished(subject, Result(key, "png", 96, 64, 1.0, None), self._recipe)


class _Keeper:
    """Has nothing to look after: simcord would wait for what goes on for ever."""

    async def take_over(self, holder: Holder) -> int:
        return 0

    async def keep(self, holder: Holder) -> None:
        return


@pytest.fixture(autouse=True)
def _to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """simcord waits for a command, but not for what it leaves running."""
    take_on = Dreamer.for_interaction

    async def and_finish(self: Dreamer, *args: Any, **more: Any) -> None:
        await take_on(self, *args, **more)
        tasks = [task for task in asyncio.all_tasks() if "Carrying._carry" in repr(task)]
        if tasks:
            await asyncio.wait(tasks)

    monkeypatch.setattr(Dreamer, "for_interaction", and_finish)


@pytest.fixture
async def simcord_bot(tmp_path: Path, recipe: Any) -> AsyncIterator[DreamBot]:
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}")
    await store.open()
    codecs = CodecPool()
    fetcher = Fetcher(frozenset())
    files = job_files(tmp_path / "files", None, fetcher, sources_hours=1, results_days=1, gigabytes=1)
    parts = Services(
        Settings(),
        Metrics(),
        store,
        Notes(store.database),
        files,
        codecs,
        cast(Executor, None),
        cast(JobRunner, _Runner(store, files, recipe)),
        cast(JobKeeper, _Keeper()),
        Community(store.database),
        Lineage(store.database),
        Comparisons(store.database),
    )
    yield DreamBot(parts, Found(intents(True), 1, 1, True))
    await codecs.close()
    await store.close()


@pytest.fixture
def recipe() -> Recipe:
    return some_recipe(objective="eq", cooling=0.0, width=96, height=64, seed=7, intensity=11)


async def test_a_slash_command_is_answered(simcord_env: simcord.Env) -> None:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("memes")
    ann = guild.add_member(simcord_env.create_user("ann"))
    await ann.send(channel, "look", attachments=[("cat.png", picture())])
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
    [told] = result.followups
    assert told.ephemeral
    assert "no picture" in told.content
