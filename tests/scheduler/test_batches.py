"""Stills with the same batch key share a batch if the device is faster with batches."""

import asyncio
import functools
from pathlib import Path

import numpy as np
import pytest

from dreambot.media.picture import DreamInputs
from dreambot.scheduler.executor import DeviceExecutor
from dreambot.workers.types import JobCancelled, JobFailed, Pixels, TimeBudgetExceeded
from tests.scheduler.conftest import Make, StartLocal
from tests.support.fake_engine import BATCHING, CRASH, HANG, HELD, REFUSE, release
from tests.support.waiting import until, until_running, workers


@pytest.fixture
def start_batching(start_local: StartLocal) -> StartLocal:
    return functools.partial(start_local, engine=BATCHING)


def _largest_batch(executor: DeviceExecutor) -> int:
    return max(state.batch for state in executor.device_states())


async def test_stills_with_the_same_batch_key_share_a_batch(
    start_batching: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    pictures = [np.roll(picture, index, axis=0) for index in range(5)]
    async with start_batching(step=0.1) as executor:
        runs = [
            executor.submit(str(n), recipe(seed=n or HELD, steps=4), DreamInputs(pictures[n]))
            for n in range(5)
        ]
        await until(lambda: _largest_batch(executor) == 4)
        assert runs[4].position == 1
        release(tmp_path)
        events = [[event async for event in run.events()] for run in runs[1:4]]
        done = [await run.result() for run in runs]
        busy = executor.device_states()[0].busy_seconds
    for source, one in zip(pictures, done, strict=True):
        assert np.array_equal(one.rgb, 255 - source)
    assert [one.plan for one in done[:4]] == ["batched"] * 4
    assert done[4].plan is None
    # The time of the batch is divided between its jobs.
    assert sum(one.seconds for one in done) <= busy
    assert all(each[-1].running and each[-1].fraction == 1 for each in events)


async def test_stills_with_another_batch_key_wait(
    start_batching: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    order: list[str] = []
    async with start_batching(step=0.05) as executor:
        first = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        await until_running(first)
        larger = executor.submit("b", recipe(width=80, height=60), DreamInputs(picture))
        compatible = executor.submit("c", recipe(), DreamInputs(picture))
        for run in (first, larger, compatible):
            run.add_done_callback(lambda run: order.append(run.job_id))
        await until(lambda: _largest_batch(executor) == 2)
        release(tmp_path)
        assert (await compatible.result()).plan == "batched"
        assert (await larger.result()).plan is None
        await until(lambda: len(order) == 3)
    assert order[-1] == "b"


async def test_an_idle_device_is_preferred_to_a_batch(
    start_batching: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_batching(devices=["cpu", "cpu"], step=0.05) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(3)]
        await until(lambda: sum(state.batch for state in executor.device_states()) == 3)
        assert sorted(state.batch for state in executor.device_states()) == [1, 2]
        release(tmp_path)
        for run in runs:
            await run.result()


async def test_cancelling_one_job_of_a_batch_leaves_the_others_whole(
    start_batching: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_batching(step=0.05) as executor:
        [worker] = workers()
        runs = [executor.submit(str(i), recipe(seed=HELD, octaves=4), DreamInputs(picture)) for i in range(3)]
        await until(lambda: _largest_batch(executor) == 3)
        runs[1].cancel()
        release(tmp_path)
        for run in (runs[0], runs[2]):
            assert np.array_equal((await run.result()).rgb, 255 - picture)
        with pytest.raises(JobCancelled):
            await runs[1].result()
        more = [executor.submit(f"more {i}", recipe(steps=12), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_running(run) for run in more))
        for run in more:
            run.cancel()
        await executor.submit("after", recipe(), DreamInputs(picture)).result()
        assert workers() == [worker]


@pytest.mark.parametrize("memory", [3, 1, 0])
async def test_a_batch_that_does_not_fit_is_split(
    start_batching: StartLocal, recipe: Make, picture: Pixels, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_MEMORY", str(memory))
    async with start_batching(step=0.03) as executor:
        [worker] = workers()
        runs = [executor.submit(str(i), recipe(), DreamInputs(picture)) for i in range(6)]
        done = [await run.result() for run in runs]
        assert workers() == [worker]
    assert all(np.array_equal(one.rgb, 255 - picture) for one in done)
    assert ("batched" in [one.plan for one in done]) == (memory > 1)


async def test_only_the_job_that_hangs_a_batch_fails(
    start_batching: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_batching(step=0.02, time_budget=2.5) as executor:
        runs = {
            seed: executor.submit(str(seed), recipe(seed=seed), DreamInputs(picture)) for seed in (1, HANG, 2)
        }
        with pytest.raises(TimeBudgetExceeded, match="smaller"):
            await runs[HANG].result()
        for seed in (1, 2):
            assert np.array_equal((await runs[seed].result()).rgb, 255 - picture)


async def test_only_the_job_that_crashes_a_batch_fails(
    start_batching: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_batching(step=0.03) as executor:
        seeds = [1, CRASH, 2, REFUSE, 3]
        runs = {seed: executor.submit(str(seed), recipe(seed=seed), DreamInputs(picture)) for seed in seeds}
        with pytest.raises(JobFailed, match="twice"):
            await runs[CRASH].result()
        with pytest.raises(JobFailed, match="I will not"):
            await runs[REFUSE].result()
        for seed in (1, 2, 3):
            assert np.array_equal((await runs[seed].result()).rgb, 255 - picture)
            assert runs[seed].crashes == 0
