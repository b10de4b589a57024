"""Measures dreams per minute through the whole bot, against the same recipes in one worker without the bot.

The result is the median time between two finished dreams while all of them are queued, which excludes the
start and moments in which the machine was busy. The order is: worker alone, bot, worker alone. On a CPU, the
bot and the sandbox take their time from the same device.
"""

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.bot.support import PICTURE, RunningBot, running_bot, wait_for_dream
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.scheduler.executor import LocalExecutor
from dreambot.scheduler.run import Run
from dreambot.workers.codec_pool import CodecPool

OPTIONS = {"layer": "mixed3", "intensity": 6}


@dataclass(frozen=True)
class Throughput:
    """Dreams per minute: through the bot, and in a bare worker before and after."""

    bot: float
    bare: tuple[float, float]

    @property
    def share(self) -> float:
        """The rate of the bot relative to the bare worker."""
        return self.bot / (sum(self.bare) / 2)


async def measure(dreams: int) -> Throughput:
    """Measures the bot and the bare worker.

    Args:
        dreams: Number of dreams on each side.
    """
    recipe = await _recipe()
    before = await _worker_rate(recipe, dreams)
    through = await _bot_rate(dreams)
    return Throughput(through, (before, await _worker_rate(recipe, dreams)))


async def _recipe() -> Recipe:
    """Returns the recipe that the bot stores for the request."""
    async with running_bot() as it:
        [person] = it.people(1)
        await wait_for_dream(await person.dream(**OPTIONS, seed=1))
        return _stored_recipe(it.data)


def _stored_recipe(data: Path) -> Recipe:
    with closing(sqlite3.connect(data / "dreambot.db")) as database:
        [[text]] = database.execute("SELECT recipe FROM jobs").fetchall()
    return Recipe.from_json(text)


async def _bot_rate(dreams: int) -> float:
    async with running_bot() as it:
        ends: list[float] = []
        await asyncio.gather(*(_record_bot_end(it, seed, ends) for seed in range(dreams + 1)))
        return _rate(ends)


async def _record_bot_end(it: RunningBot, seed: int, ends: list[float]) -> None:
    [person] = it.people(1)
    await wait_for_dream(await person.dream(**OPTIONS, seed=seed))
    ends.append(time.perf_counter())


async def _worker_rate(recipe: Recipe, dreams: int) -> float:
    codecs = CodecPool(processes=1)
    picture = await codecs.decode(Path(str(PICTURE)), size=(recipe.width, recipe.height))
    await codecs.close()
    executor = LocalExecutor(previews=False, max_queue=dreams + 1)
    await executor.start()
    ends: list[float] = []
    try:
        async with asyncio.TaskGroup() as group:
            for seed in range(dreams + 1):
                again = recipe.model_copy(update={"seed": seed})
                group.create_task(
                    _record_worker_end(executor.submit(str(seed), again, DreamInputs(picture.rgb)), ends)
                )
    finally:
        await executor.close()
    return _rate(ends)


async def _record_worker_end(run: Run, ends: list[float]) -> None:
    await run.result()
    ends.append(time.perf_counter())


def _rate(ends: list[float]) -> float:
    """Returns dreams per minute, from the median time between two ends."""
    return 60 / median(later - earlier for earlier, later in pairwise(sorted(ends)))
