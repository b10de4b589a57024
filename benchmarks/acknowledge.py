"""How soon an interaction is acknowledged while the device is busy: `python -m benchmarks.acknowledge`.

The real bot, in a process of its own, over the sandbox; its worker always has a dream to work on. People use
/dream with a picture at a steady rate. A latency is from the gateway's send to the callback's receipt.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import numpy as np

from dreambot.sandbox.main import build_world
from dreambot.sandbox.sandbox import Sandbox


@asynccontextmanager
async def bot_in(sandbox: Sandbox) -> AsyncIterator[None]:
    """`dreambot run` at work in the sandbox, with a small queue so that most requests are turned away."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {key: value for key, value in os.environ.items() if not key.startswith("DREAMBOT_")}
        env = ours | {
            "DREAMBOT_TOKEN": sandbox.bot_token,
            "DREAMBOT_DISCORD_API": sandbox.api,
            "DREAMBOT_DATA_DIR": folder,
            "DREAMBOT_LOG_LEVEL": "ERROR",
            "DREAMBOT_QUEUE_SIZE": "20",
        }
        bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "dreambot", "run", env=env)
        try:
            await sandbox.wait_until_bot_ready(120)
            yield
        finally:
            bot.terminate()
            await bot.wait()


async def measure(rate: float, seconds: float) -> list[float]:
    """Latencies in seconds; one that never came is infinite."""
    picture = (files("dreambot.sandbox") / "samples" / "cat.jpg").read_bytes()
    async with Sandbox(rate_limits=False) as sandbox, bot_in(sandbox):
        world = build_world(sandbox)
        await asyncio.sleep(1)
        loop = asyncio.get_running_loop()
        # A few long dreams first: from here on the worker is never idle.
        for _ in range(5):
            await world.ada.slash("dream", channel=world.memes, image=picture, intensity=11)
        await asyncio.sleep(10)
        asked, start = [], loop.time()
        for count in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + count / rate - loop.time()))
            asked.append(
                await world.grace.slash("dream", channel=world.art, image=picture, intensity=1 + count % 11)
            )
        await asyncio.sleep(4)
        return [float("inf") if one.latency is None else one.latency for one in asked]


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=10.0, help="interactions a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    latencies = np.array(asyncio.run(measure(asked.rate, asked.seconds))) * 1000
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "interactions": len(latencies),
        "per_second": asked.rate,
        "acknowledged_ms": {
            "median": round(float(np.median(latencies)), 1),
            "p99": round(float(np.percentile(latencies, 99)), 1),
            "max": round(float(latencies.max()), 1),
        },
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
