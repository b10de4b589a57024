"""The bot as a process that dreams on a Ray cluster: it ends as cleanly as with its own workers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.processes import bot_process
from tests.bot.support import BotEnvironment, noise_png
from tests.scheduler.ray import cluster as on_ray
from tests.support import require

STEPS_S = {"after": "0.01", "during": "0.3"}


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[on_ray.LocalCluster]:
    require("ray", on_ray.RAY)
    with on_ray.environment() as folder:
        cluster = on_ray.LocalCluster(folder)
        cluster.set_node_count(1)
        yield cluster
        assert cluster.close() == []


@pytest.mark.parametrize("when", STEPS_S)
async def test_sigterm_ends_it_cleanly(
    ray_cluster: on_ray.LocalCluster, env: BotEnvironment, tmp_path: Path, when: str
) -> None:
    ray_cluster.set_environment(FAKE_ENGINE_DIR=str(tmp_path), FAKE_ENGINE_STEP=STEPS_S[when])
    settings = {"DREAMBOT_EXECUTOR": "ray", "DREAMBOT_RAY_ADDRESS": ray_cluster.address}
    async with bot_process(env, "tests.bot.fake_engine_bot", **settings) as running:
        await env.sandbox.wait_until_bot_ready(120)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), layer="mixed0")
        message = await interaction.result()
        if when == "after":
            await env.dreamed(message)
        else:
            await message.until(lambda now: "octave" in now.content)
        running.terminate()
        _, err = await asyncio.wait_for(running.communicate(), 100)
    assert running.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()
    assert "*** SIG" not in err.decode()
    await env.dreamed(message)
