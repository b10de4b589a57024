"""Machines join and leave, and a bot is killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import numpy as np
import psutil
import pytest

from dreambot.media.picture import DreamInputs
from dreambot.scheduler.ray_executor import RayExecutor
from dreambot.workers.environment import NICENESS
from dreambot.workers.types import JobCancelled, Pixels
from tests.scheduler.conftest import Make
from tests.scheduler.ray.cluster import LocalCluster
from tests.scheduler.ray.engine import ENGINE
from tests.support.waiting import until, until_running

StartRay = Callable[..., AbstractAsyncContextManager[RayExecutor]]


@pytest.fixture
def bot(ray_cluster: LocalCluster) -> StartRay:
    """Starts an executor, and closes it."""

    @asynccontextmanager
    async def started(**options: Any) -> AsyncIterator[RayExecutor]:
        executor = RayExecutor(ray_cluster.address, engine=ENGINE, watch_every=0.2, **options)
        await executor.start()
        try:
            yield executor
        finally:
            await executor.close()

    return started


def host_processes(cluster: LocalCluster) -> list[psutil.Process]:
    """Returns the processes of the actors."""
    return [process for process in cluster.processes if process.name().startswith("ray::Host")]


async def test_a_lost_machines_job_is_finished_by_another(
    ray_cluster: LocalCluster, bot: StartRay, recipe: Make, picture: Pixels
) -> None:
    ray_cluster.set_node_count(2)
    ray_cluster.set_environment(FAKE_ENGINE_STEP="0.06")
    async with bot() as executor:
        await until(lambda: len(executor.devices) == 2)
        runs = [executor.submit(str(i), recipe(steps=15), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_running(run) for run in runs))
        ray_cluster.kill_node(ray_cluster.nodes[0])
        for run in runs:
            assert np.array_equal((await run.result()).rgb, 255 - picture)
        await until(lambda: len(executor.devices) == 1)
    assert sum(run.crashes for run in runs) == 0


async def test_jobs_wait_until_a_machine_joins(
    ray_cluster: LocalCluster, bot: StartRay, recipe: Make, picture: Pixels
) -> None:
    ray_cluster.set_node_count(0)
    async with bot() as executor:
        assert executor.devices == ()
        assert executor.precision == "fp32"
        runs = [executor.submit(str(i), recipe(), DreamInputs(picture)) for i in range(2)]
        waiting = await anext(runs[1].events())
        assert waiting.position == 2
        runs[0].cancel()
        ray_cluster.set_node_count(1)
        assert np.array_equal((await runs[1].result()).rgb, 255 - picture)
        with pytest.raises(JobCancelled):
            await runs[0].result()


async def test_settings_and_secrets_of_the_bot_do_not_reach_hosts(
    ray_cluster: LocalCluster, bot: StartRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMBOT_TOKEN", "secret")
    async with bot():
        [host] = host_processes(ray_cluster)
        # Settings in the cluster's own environment are allowed.
        own = {name for node in ray_cluster.processes for name in node.environ()} - {"DREAMBOT_TOKEN"}
        assert not [name for name in host.environ() if name.startswith("DREAMBOT_") and name not in own]
        assert host.nice() == min(19, os.nice(0) + NICENESS)


async def test_only_the_loopback_interface_is_listened_on(ray_cluster: LocalCluster, bot: StartRay) -> None:
    async with bot():
        listened = {
            connection.laddr.ip.removeprefix("::ffff:")
            for process in (*ray_cluster.processes, psutil.Process())
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        }
    assert listened == {"127.0.0.1"}


# Another bot in miniature, which reports when it dreams and waits to be killed.
SCRIPT = """
import asyncio, sys
import numpy as np
from dreambot.scheduler.ray_executor import RayExecutor
from dreambot.media.picture import DreamInputs
from tests.scheduler.ray.engine import ENGINE
from tests.support.waiting import until_running
from tests.support.recipes import make_recipe

async def main():
    executor = RayExecutor(sys.argv[1], engine=ENGINE)
    await executor.start()
    run = executor.submit("a", make_recipe(steps=1000), DreamInputs(np.zeros((30, 40, 3), np.uint8)))
    await until_running(run)
    print("dreaming", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_a_killed_bots_job_is_stopped_and_the_next_bot_gets_its_device(
    ray_cluster: LocalCluster, bot: StartRay, recipe: Make, picture: Pixels
) -> None:
    ray_cluster.set_environment(FAKE_ENGINE_STEP="0.12")
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, ray_cluster.address, stdout=subprocess.PIPE
    )
    assert killed.stdout
    assert await killed.stdout.readline() == b"dreaming\n"
    [host] = host_processes(ray_cluster)
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    async with bot() as executor:
        assert not host.is_running()
        await executor.submit("b", recipe(steps=2), DreamInputs(picture)).result()
        assert len(host_processes(ray_cluster)) == 1
    await until(lambda: not host_processes(ray_cluster))
