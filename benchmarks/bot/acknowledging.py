"""How soon an interaction is acknowledged while the device is busy.

A latency is from the gateway's send to the callback's receipt. The device always has a dream to work on, and
the queue soon is full, so that most people are turned away: that has to be quick too.
"""

import asyncio
import itertools
from dataclasses import dataclass

import numpy as np

from benchmarks.bot.stage import Person, Stage, stage
from dreambot.sandbox.driver.handles import InteractionHandle

GRACE = 4.0
"""Seconds after which whatever has not been acknowledged never will be."""


@dataclass(frozen=True)
class Latencies:
    """In milliseconds; infinite where there never was an answer. lost: how many were not answered."""

    count: int
    lost: int
    median: float
    p99: float
    largest: float


async def measure(rate: float, seconds: float, burst: int) -> tuple[Latencies, Latencies]:
    """Latencies at a steady rate a second, and those of a burst within one second."""
    async with stage() as it:
        people = it.people(60, servers=6)
        await _saturate(people)
        steady = await _asked(people, int(rate * seconds), rate)
        # Other people, whom no cap turns away sooner than the first ones.
        return steady, await _asked(_strangers(it), burst, burst)


def _strangers(it: Stage) -> list[Person]:
    return it.people(100, servers=10)


async def _saturate(people: list[Person]) -> None:
    for person in people[:5]:
        await person.ask(intensity=11)
    await asyncio.sleep(8)


async def _asked(people: list[Person], count: int, rate: float) -> Latencies:
    loop = asyncio.get_running_loop()
    start, asked = loop.time(), list[InteractionHandle]()
    for index, person in zip(range(count), itertools.cycle(people), strict=False):
        await asyncio.sleep(max(0.0, start + index / rate - loop.time()))
        asked.append(await person.ask(intensity=1 + index % 11))
    await asyncio.sleep(GRACE)
    taken = np.array([np.inf if one.latency is None else 1000 * one.latency for one in asked])
    return Latencies(
        count=len(taken),
        lost=int(np.isinf(taken).sum()),
        median=float(np.median(taken)),
        p99=float(np.percentile(taken, 99)),
        largest=float(taken.max()),
    )
