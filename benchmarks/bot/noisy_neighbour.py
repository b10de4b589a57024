"""Measures one user's dream while another user sends the most expensive requests possible.

Alone: `python -m benchmarks.bot.noisy_neighbour [ROUNDS [BURST …]]`. It prints JSON.
"""

import asyncio
import io
import json
import struct
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from statistics import median

from PIL import Image

from benchmarks.bot.faulty_network import SILENT, SLOW
from benchmarks.bot.support import SimulatedUser, running_bot, wait_for_dream

ORDINARY = {"layer": "mixed4", "intensity": 3}
_COSTLY = (
    "dream1.2 inception_v3 mixed10 eq 512x512 octaves=8x1.2 steps=200x0.03 cooling=0 jitter=24 "
    "laplacian=0.25,0.9,1,0.7 chroma=0.8 seed=1 fp32 hellscape=frames:1200,fps:60"
)
_MANY_OCTAVES_ABOVE = (
    "dream1.2 inception_v3 mixed4 eq 1024x768 octaves=5x3 above=4 steps=10x0.02 cooling=0.6 jitter=32 "
    "laplacian=0.4,1,1,0.5 chroma=0.6 seed=1 fp32"
)


async def _texts(person: SimulatedUser, bot: int) -> None:
    for _ in range(5):
        await person.user.post(person.channel, f"<@{bot}> mixed4" + " " * 1900 + "intensity:1")
    for _ in range(2):
        recipe = "dream1.2" + " mixed4" * 700
        await person.user.slash("dream", channel=person.channel, options={"recipe": recipe})
    words = " ".join(["qzx"] * 100)
    await person.user.slash("summon", channel=person.channel, options={"what": words})


async def _slow_names(person: SimulatedUser, _bot: int) -> None:
    for n in range(12):
        await person.user.slash("dream", channel=person.channel, options={"url": f"http://n{n}{SLOW}/a.png"})


async def _silent_servers(person: SimulatedUser, _bot: int) -> None:
    for n in range(110):
        await person.user.slash(
            "dream", channel=person.channel, options={"url": f"http://n{n}{SILENT}/a.png"}
        )


async def _costly_recipes(person: SimulatedUser, _bot: int) -> None:
    for recipe in [_COSTLY, _MANY_OCTAVES_ABOVE] * 5:
        await person.user.slash(
            "dream", channel=person.channel, image=small_file(96, 96, 1), options={"recipe": recipe}
        )


async def _codecs(person: SimulatedUser, _bot: int) -> None:
    for _ in range(6):
        await person.user.slash("dream", channel=person.channel, image=small_file(7000, 7000, 1900))


BURSTS: dict[str, Callable[[SimulatedUser, int], Awaitable[None]]] = {
    "long texts": _texts,
    "slow names": _slow_names,
    "silent servers": _silent_servers,
    "costly recipes": _costly_recipes,
    "small files of many pixels": _codecs,
}


@dataclass(frozen=True)
class NeighbourTimes:
    """Seconds of an ordinary dream.

    Attributes:
        usual: Without a burst.
        beside: During each burst.
        acknowledged: The longest time to the acknowledgement during each burst.
    """

    usual: float
    beside: dict[str, float]
    acknowledged: dict[str, float]

    @property
    def worst(self) -> float:
        """The slowest dream during a burst as a multiple of the usual time."""
        return max(self.beside.values()) / self.usual


async def measure(rounds: int = 3, bursts: Iterable[str] = tuple(BURSTS)) -> NeighbourTimes:
    """Measures a user's ordinary dream alone and during each burst of another, with a new bot for each burst.

    Args:
        rounds: Number of dreams; the median counts.
        bursts: Names in `BURSTS`.
    """
    usual: list[float] = []
    beside: dict[str, float] = {}
    acknowledged: dict[str, float] = {}
    for name in bursts:
        burst = BURSTS[name]
        async with (
            _silent_server() as port,
            running_bot("benchmarks.bot.faulty_network", BENCH_SILENT_PORT=str(port)) as it,
        ):
            heavy, light = it.people(2)
            await _timed(light)
            usual += [(await _timed(light))[0] for _ in range(rounds)]
            print(f"usual: {usual[-rounds:]}", file=sys.stderr)
            bursting = asyncio.create_task(burst(heavy, it.sandbox.bot_id))
            await asyncio.sleep(1)
            times = [await _timed(light) for _ in range(rounds)]
            beside[name] = median(seconds for seconds, _ in times)
            acknowledged[name] = max(seconds for _, seconds in times)
            await bursting
            print(
                f"{name}: {beside[name]:.1f} s, acknowledged in {acknowledged[name]:.2f} s", file=sys.stderr
            )
    return NeighbourTimes(median(usual), beside, acknowledged)


async def _timed(person: SimulatedUser) -> tuple[float, float]:
    """Returns the seconds until the dream, and until the acknowledgement."""
    start = time.perf_counter()
    interaction = await person.dream(**ORDINARY)
    await interaction.acknowledged()
    acknowledged = time.perf_counter() - start
    await wait_for_dream(interaction)
    return time.perf_counter() - start, acknowledged


@asynccontextmanager
async def _silent_server() -> AsyncIterator[int]:
    """Runs a server that accepts connections and sends nothing; yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@cache
def small_file(width: int, height: int, frames: int) -> bytes:
    """Returns a grey GIF with a few bytes per frame; all frames but the first paint one pixel.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        frames: Number of frames.
    """
    file = io.BytesIO()
    Image.new("P", (width, height), 1).save(file, "GIF")
    content = bytearray(file.getvalue().removesuffix(b";"))
    for n in range(1, frames):
        content += b"!\xf9\4\4\x0a\0\0\0"
        content += b"," + struct.pack("<HHHHB", n % width, n % height, 1, 1, 0) + b"\2\2\x44\1\0"
    return bytes(content + b";")


if __name__ == "__main__":
    found = asyncio.run(measure(int((sys.argv[1:] or ["3"])[0]), sys.argv[2:] or BURSTS))
    print(json.dumps(asdict(found) | {"worst": found.worst}, indent=1))
