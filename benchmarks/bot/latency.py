"""Measures how soon an interaction is acknowledged while the device is busy.

A latency is measured from the gateway's send to the receipt of the callback. The device always has a dream to
work on, and the queue is soon full, so most requests are rejected: that has to be fast too.
"""

import asyncio
import itertools
from dataclasses import dataclass

import numpy as np

from benchmarks.bot.support import RunningBot, SimulatedUser, running_bot
from dreambot.sandbox.driver.users import InteractionHandle

ACKNOWLEDGEMENT_TIMEOUT_S = 4.0
"""Seconds after which an interaction counts as not acknowledged."""


@dataclass(frozen=True)
class Latencies:
    """Latencies in milliseconds, infinite without an acknowledgement; `lost` counts those."""

    count: int
    lost: int
    median: float
    p99: float
    largest: float


async def measure(rate: float, seconds: float, burst: int) -> tuple[Latencies, Latencies]:
    """Measures latencies at a steady rate, and those of a burst within one second.

    Args:
        rate: Interactions per second.
        seconds: Duration of the steady load.
        burst: Interactions in the burst.
    """
    async with running_bot() as it:
        people = it.people(60, servers=6)
        await _saturate(people)
        steady = await _measure_latencies(people, int(rate * seconds), rate)
        # Other users, so that limits per user do not reject them sooner.
        return steady, await _measure_latencies(_new_users(it), burst, burst)


def _new_users(it: RunningBot) -> list[SimulatedUser]:
    return it.people(100, servers=10)


async def _saturate(people: list[SimulatedUser]) -> None:
    for person in people[:5]:
        await person.dream(intensity=11)
    await asyncio.sleep(8)


async def _measure_latencies(people: list[SimulatedUser], count: int, rate: float) -> Latencies:
    loop = asyncio.get_running_loop()
    start, interactions = loop.time(), list[InteractionHandle]()
    for index, person in zip(range(count), itertools.cycle(people), strict=False):
        await asyncio.sleep(max(0.0, start + index / rate - loop.time()))
        interactions.append(await person.dream(intensity=1 + index % 11))
    await asyncio.sleep(ACKNOWLEDGEMENT_TIMEOUT_S)
    taken = np.array([np.inf if one.latency is None else 1000 * one.latency for one in interactions])
    return Latencies(
        count=len(taken),
        lost=int(np.isinf(taken).sum()),
        median=float(np.median(taken)),
        p99=float(np.percentile(taken, 99)),
        largest=float(taken.max()),
    )
