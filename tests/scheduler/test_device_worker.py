"""What happens to jobs when a device or its worker is gone."""

import asyncio
import logging
from pathlib import Path

import numpy as np
import pytest

from dreambot.media.picture import DreamInputs
from dreambot.recipe import HellscapeParams
from dreambot.scheduler.executor import DeviceExecutor
from dreambot.scheduler.run import Run
from dreambot.workers import supervisor
from dreambot.workers.types import JobFailed, Pixels
from tests.scheduler.conftest import Make, Start, StartLocal
from tests.support.fake_engine import CRASH, HELD, release
from tests.support.waiting import until, until_running, workers


def _device_of(executor: DeviceExecutor, run: Run) -> int:
    """Returns the index of the device that runs a job."""
    return next(i for i, state in enumerate(executor.device_states()) if run.job_id in state.jobs)


async def test_jobs_of_a_removed_device_run_first_on_another_device(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.05, device_workers=2) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_running(run) for run in runs))
        waiting = executor.submit("later", recipe(), DreamInputs(picture))
        await executor.remove(executor.device_workers[_device_of(executor, runs[0])])
        assert (runs[0].position, waiting.position) == (1, 2)
        release(tmp_path)
        for run in runs:
            assert np.array_equal((await run.result()).rgb, 255 - picture)
        assert len(executor.device_states()) == 1
        assert runs[0].crashes == 0
        await waiting.result()


async def test_draining_waits_for_active_jobs_and_starts_none(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.05) as executor:
        running = executor.submit("short", recipe(seed=HELD), DreamInputs(picture))
        await until_running(running)
        waiting = executor.submit("waiting", recipe(), DreamInputs(picture))
        executor.pause()
        release(tmp_path)
        assert await executor.drained(100) == frozenset()
        assert running.settled
        assert not waiting.settled


async def test_draining_ends_after_its_timeout(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.1) as executor:
        run = executor.submit("long", recipe(seed=HELD), DreamInputs(picture))
        await until_running(run)
        executor.pause()
        assert await executor.drained(0.2) == {"long"}


async def test_device_states_are_reported(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.05, device_workers=2) as executor:
        assert [
            (s.device, s.alive, s.jobs, s.restarts, s.trouble, s.batch) for s in executor.device_states()
        ] == [("fake", True, (), 0, None, 0)] * 2
        run = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        await until_running(run)
        busy = executor.device_states()[_device_of(executor, run)]
        assert (busy.jobs, busy.batch) == (("a",), 1)
        release(tmp_path)
        done = await run.result()
        assert sum(s.busy_seconds for s in executor.device_states()) >= done.seconds
        with pytest.raises(JobFailed):
            await executor.submit("b", recipe(seed=CRASH), DreamInputs(picture)).result()
        await executor.submit("c", recipe(), DreamInputs(picture)).result()
        assert sum(s.restarts for s in executor.device_states()) == 2


async def test_a_killed_worker_fails_no_job(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_local(step=0.05) as executor:
        run = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        await until_running(run)
        following = executor.submit("b", recipe(), DreamInputs(picture))
        workers()[0].kill()
        release(tmp_path)
        assert np.array_equal((await run.result()).rgb, 255 - picture)
        await following.result()


async def test_only_the_job_that_caused_the_crash_fails(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_local(step=0.03) as executor:
        video = executor.submit(
            "video", recipe(seed=HELD, hellscape=HellscapeParams(frames=2)), DreamInputs(picture)
        )
        await until_running(video)
        poison = executor.submit("poison", recipe(seed=CRASH), DreamInputs(picture))
        await until(lambda: executor.device_states()[0].restarts == 1)
        release(tmp_path)
        with pytest.raises(JobFailed, match="twice"):
            await poison.result()
        assert np.array_equal((await video.result()).rgb, 255 - picture)
        assert video.crashes == 0


async def test_a_worker_that_does_not_come_back_is_reported_once_and_tried_again(
    start_local: StartLocal,
    recipe: Make,
    picture: Pixels,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.0, 0.2))
    async with start_local() as executor:
        (tmp_path / "broken").touch()
        workers()[0].kill()
        await until(lambda: executor.device_states()[0].trouble)
        run = executor.submit("a", recipe(), DreamInputs(picture))
        state = executor.device_states()[0]
        assert not state.alive
        assert "no such device" in (state.trouble or "")
        (tmp_path / "broken").unlink()
        assert np.array_equal((await run.result()).rgb, 255 - picture)
        assert executor.device_states()[0].trouble is None
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert ["keeps ending" in record.message for record in errors] == [True]
    assert any("works again" in record.message for record in caplog.records)


async def test_other_devices_run_the_jobs_of_a_device_that_is_down(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (60.0,))
    async with start_local(devices=["cpu", "cpu"], step=0.05) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_running(run) for run in runs))
        (tmp_path / "broken").touch()
        workers()[0].kill()
        release(tmp_path)
        for run in runs:
            await run.result()
        assert sorted(state.alive for state in executor.device_states()) == [False, True]


async def test_waiting_jobs_fail_if_no_device_comes_back(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.0,))
    monkeypatch.setattr("dreambot.scheduler.executor.NO_DEVICE_TIMEOUT_S", 0.1)
    async with start_local() as executor:
        (tmp_path / "broken").touch()
        workers()[0].kill()
        await until(lambda: not executor.device_states()[0].alive)
        with pytest.raises(JobFailed, match="cannot dream at the moment"):
            await executor.submit("a", recipe(), DreamInputs(picture)).result()
