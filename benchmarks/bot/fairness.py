"""Measures how long a user with one picture waits behind a user with twenty."""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.bot.support import SimulatedUser, running_bot, wait_for_dream

QUICK = {"layer": "mixed0", "intensity": 1}


@dataclass(frozen=True)
class WaitTimes:
    """Seconds from the request to the dream.

    Attributes:
        heavy: Of the user with many images, sorted.
        light: Of the user who requests one when those are queued.
    """

    heavy: list[float]
    light: float

    @property
    def share(self) -> float:
        """The wait of `light` relative to the longest of `heavy`."""
        return self.light / max(self.heavy)


async def measure(pictures: int = 20) -> WaitTimes:
    """Measures: one user requests many dreams at once, another one dream a second later.

    Args:
        pictures: Requests of the first user.
    """
    async with running_bot() as it:
        heavy, light = it.people(2)
        many = [asyncio.create_task(_wait(heavy)) for _ in range(pictures)]
        await asyncio.sleep(1)
        one = await _wait(light)
        return WaitTimes(sorted(await asyncio.gather(*many)), one)


async def _wait(person: SimulatedUser) -> float:
    start = time.perf_counter()
    await wait_for_dream(await person.dream(**QUICK))
    return time.perf_counter() - start
