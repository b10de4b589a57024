"""Measures how long a user with one picture waits behind a user with twenty."""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.bot.support import SimulatedUser, running_bot, wait_for_dream

QUICK = {"layer": "mixed0", "intensity": 1}


@dataclass(frozen=True)
class WaitTimes:
    """Seconds from asking to the dream. heavy: of the one with many pictures, in their order; light: of the
    one who asks for one when all those are queued."""

    heavy: list[float]
    light: float

    @property
    def share(self) -> float:
        """The light one's wait as a share of the heavy one's last."""
        return self.light / max(self.heavy)


async def measure(pictures: int = 20) -> WaitTimes:
    """One person asks for so many pictures at once, another for one a second later."""
    async with running_bot() as it:
        heavy, light = it.people(2)
        many = [asyncio.create_task(_wait(heavy)) for _ in range(pictures)]
        await asyncio.sleep(1)
        one = await _wait(light)
        return WaitTimes(sorted(await asyncio.gather(*many)), one)


async def _wait(person: SimulatedUser) -> float:
    began = time.perf_counter()
    await wait_for_dream(await person.ask(**QUICK))
    return time.perf_counter() - began
