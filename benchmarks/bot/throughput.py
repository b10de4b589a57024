"""Dreams a minute through the whole bot, against the same recipes run bare in one worker.

What counts is the median time from one finished dream to the next while all of them are queued, so neither
start nor a moment in which the machine was busy with something else; in turns: bare, bot, bare. On a CPU,
the bot's own work and the sandbox's take their time from the very device.
"""

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.bot.stage import PICTURE, Stage, dreamed, stage
from dreambot.executor import LocalExecutor, Run
from dreambot.media.inputs import Inputs
from dreambot.media.pool import CodecPool
from dreambot.recipe import Recipe

HOW = {"layer": "mixed3", "intensity": 6}


@dataclass(frozen=True)
class Throughput:
    """Dreams a minute: through the bot, and bare before and after."""

    bot: float
    bare: tuple[float, float]

    @property
    def share(self) -> float:
        """The bot's, of the bare engine's."""
        return self.bot / (sum(self.bare) / 2)


async def measure(dreams: int) -> Throughput:
    """So many dreams count on either side."""
    recipe = await _recipe()
    before = await _bare(recipe, dreams)
    through = await _through_the_bot(dreams)
    return Throughput(through, (before, await _bare(recipe, dreams)))


async def _recipe() -> Recipe:
    """What the bot makes of the request: it says so itself."""
    async with stage() as it:
        [person] = it.people(1)
        await dreamed(await person.ask(**HOW, seed=1))
        return _stored(it.data)


def _stored(data: Path) -> Recipe:
    with closing(sqlite3.connect(data / "dreambot.db")) as database:
        [[text]] = database.execute("SELECT recipe FROM jobs").fetchall()
    return Recipe.from_json(text)


async def _through_the_bot(dreams: int) -> float:
    async with stage() as it:
        ends: list[float] = []
        await asyncio.gather(*(_end(it, seed, ends) for seed in range(dreams + 1)))
        return _rate(ends)


async def _end(it: Stage, seed: int, ends: list[float]) -> None:
    [person] = it.people(1)
    await dreamed(await person.ask(**HOW, seed=seed))
    ends.append(time.perf_counter())


async def _bare(recipe: Recipe, dreams: int) -> float:
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
                group.create_task(_bare_end(executor.submit(str(seed), again, Inputs(picture.rgb)), ends))
    finally:
        await executor.close()
    return _rate(ends)


async def _bare_end(run: Run, ends: list[float]) -> None:
    await run.result()
    ends.append(time.perf_counter())


def _rate(ends: list[float]) -> float:
    """Dreams a minute, by the median time between two ends."""
    return 60 / median(later - earlier for earlier, later in pairwise(sorted(ends)))
