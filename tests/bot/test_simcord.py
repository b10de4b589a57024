"""A second opinion: the bot's Discord side over simcord, which is not ours and shares no mistakes with us."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import simcord

from dreambot.bot import DreamBot
from dreambot.chat.connect import Found, intents
from dreambot.config import Settings
from dreambot.jobs.runner import JobRunner
from dreambot.jobs.settings import ChannelSettings
from dreambot.jobs.store import JobStore
from dreambot.jobs.types import Dreaming, Finished, Job, Source, Update
from dreambot.media.encode import Encoded
from dreambot.media.pool import CodecPool
from dreambot.recipe import Recipe
from dreambot.services import Services
from tests.bot.support import picture
from tests.support.recipes import some_recipe


class _Runner:
    """Answers at once: simcord keeps attachments to itself, and settles after each action."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe

    async def recover(self) -> list[Job]:
        return []

    def cancel(self, job_id: str) -> bool:
        return False

    async def run(self, job: Job, source: Source, *, limit: int) -> AsyncIterator[Update]:
        assert limit > 0
        yield Dreaming(0.5, 1, 2, 3, 6, 4.0, picture())
        yield Finished(Encoded(picture(), "PNG", "png", 96, 64), self._recipe, 1.0, 96, 64)


@pytest.fixture
async def simcord_bot(tmp_path: Path, recipe: Any) -> AsyncIterator[DreamBot]:
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}")
    await store.open()
    codecs = CodecPool()
    runner = cast(JobRunner, _Runner(recipe))
    parts = Services(Settings(), store, ChannelSettings(store), codecs, runner)
    yield DreamBot(parts, Found(intents(True), 1, True))
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
