"""Workers that share a CPU: how many there are, how many threads each uses, and what estimates make of it."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.scheduler import active_runs
from dreambot.scheduler import executor as executors
from dreambot.scheduler.active_runs import ActiveRun
from dreambot.scheduler.cpu_sharing import (
    available_memory,
    count_cpu_workers,
    cpu_quota,
    divide_threads,
    relative_speed,
)
from dreambot.scheduler.device_worker import DeviceWorker
from dreambot.scheduler.run import Run
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels
from tests.engine.tiny import tiny_recipe
from tests.scheduler.conftest import Make, StartLocal
from tests.support.fake_engine import HELD, THREADS, release
from tests.support.waiting import until, until_running, workers
from tests.workers.checked_engine import SharingEngine

GIB = 2**30
FOREVER = float("inf")


async def until_it_uses(run: Run, threads: int) -> None:
    """Waits until a job's worker reports that it uses so many threads."""
    async for event in run.events():
        if event.running and event.objective == threads:
            return
    pytest.fail(f"the job ended before it used {threads} threads")


async def test_a_lone_dream_has_all_threads_and_two_share_them(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local(cpu_workers=2, engine=THREADS) as executor:
        first = executor.submit("first", recipe(seed=HELD), DreamInputs(picture))
        await until_it_uses(first, 4)
        second = executor.submit("second", recipe(seed=HELD), DreamInputs(picture))
        await asyncio.gather(until_it_uses(first, 2), until_it_uses(second, 2))
        first.cancel()
        await until_it_uses(second, 4)


async def test_three_dreams_have_the_threads_that_there_are(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local(cpu_workers=3, engine=THREADS) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_it_uses(run, 2) for run in runs))
        third = executor.submit("2", recipe(seed=HELD), DreamInputs(picture))
        await until_running(third)
        by_id = {run.job_id: run for run in (*runs, third)}
        on_devices = [by_id[state.jobs[0]] for state in executor.device_states()]
        await asyncio.gather(*map(until_it_uses, on_devices, (2, 1, 1)))
        third.cancel()
        await asyncio.gather(*(until_it_uses(run, 2) for run in runs))


async def test_the_threads_of_a_finished_dream_go_to_the_other(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local(cpu_workers=2, engine=THREADS, step=0.05) as executor:
        held = executor.submit("held", recipe(seed=HELD), DreamInputs(picture))
        await until_it_uses(held, 4)
        short = executor.submit("short", recipe(steps=20), DreamInputs(picture))
        await asyncio.gather(until_it_uses(held, 2), until_it_uses(short, 2))
        await short.result()
        await until_it_uses(held, 4)


async def test_the_threads_of_a_killed_worker_go_to_the_other(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_local(cpu_workers=2, engine=THREADS) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_it_uses(run, 2) for run in runs))
        lost = next(run for run in runs if run.job_id in executor.device_states()[0].jobs)
        [other] = [run for run in runs if run is not lost]
        assert executor.device_workers[0].crash_worker()
        await until_it_uses(other, 4)
        # The new worker runs the lost job again.
        await asyncio.gather(until_it_uses(lost, 2), until_it_uses(other, 2))
        release(tmp_path)
        await asyncio.gather(*(run.result() for run in runs))


async def test_a_worker_that_keeps_its_threads_is_told_nothing(
    start_local: StartLocal, recipe: Make, picture: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_THREADS", "0")
    async with start_local(cpu_workers=2, engine=THREADS) as executor:
        runs = [executor.submit(str(i), recipe(steps=20), DreamInputs(picture)) for i in range(2)]
        for run in runs:
            used = [event.objective async for event in run.events() if event.running]
            assert set(used) == {0.0}


SHARING = "tests.workers.checked_engine:SharingEngine"


def dream_recipe(precision: str) -> Recipe:
    return tiny_recipe(width=300, height=250, steps=10, precision=precision)


def source() -> Pixels:
    return np.random.default_rng(1).integers(0, 256, (250, 300, 3), dtype=np.uint8)


async def test_pixels_of_lone_and_of_shared_dreams(
    start_local: StartLocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    told: list[int] = []
    use_threads = DeviceWorker.use_threads

    def record(worker: DeviceWorker, count: int) -> None:
        told.append(count)
        use_threads(worker, count)

    monkeypatch.setattr(DeviceWorker, "use_threads", record)
    async with start_local(cpu_workers=2, engine=SHARING) as executor:

        async def dreamed(precision: str, count: int) -> list[Pixels]:
            told.clear()
            inputs = DreamInputs(source())
            runs = [executor.submit(str(i), dream_recipe(precision), inputs) for i in range(count)]
            pictures = [(await run.result()).rgb for run in runs]
            assert set(told) == ({2} if count == 1 else {1, 2})
            return pictures

        assert [ready.threads for ready in executor.devices] == [2, 2]
        [exact] = await dreamed("fp32", 1)
        assert all(np.array_equal(picture, exact) for picture in await dreamed("fp32", 2))
        [fast] = await dreamed("bf16", 1)
        for picture in await dreamed("bf16", 2):
            assert np.abs(picture.astype(int) - fast).mean() < 2
        [again] = await dreamed("bf16", 1)
        assert np.array_equal(again, fast)


def test_only_dreams_in_bf16_use_fewer_threads() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        engine = SharingEngine(EngineSettings("cpu", "auto", None, None))
        used = []
        for precision, count in (("bf16", 2), ("bf16", 1), ("fp32", 1), ("bf16", 0)):
            engine.use_threads(dream_recipe(precision), count)
            used.append(torch.get_num_threads())
        assert used == [2, 1, 3, 3]
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("gibibytes", "count"), [(2, 1), (16, 2)])
async def test_auto_starts_a_second_worker_if_the_memory_suffices(
    start_local: StartLocal,
    recipe: Make,
    picture: Pixels,
    monkeypatch: pytest.MonkeyPatch,
    gibibytes: int,
    count: int,
) -> None:
    monkeypatch.setattr(executors, "available_memory", lambda: gibibytes * GIB)
    monkeypatch.setattr(executors, "cpu_quota", lambda: FOREVER)
    async with start_local(cpu_workers="auto", engine=THREADS) as executor:
        # The first one dreams already.
        await executor.submit("a", recipe(), DreamInputs(picture)).result()
        assert executor._starting_more
        await executor._starting_more
        assert len(executor.device_states()) == len(workers()) == count


async def test_a_second_worker_that_does_not_start_is_left_out(
    start_local: StartLocal,
    recipe: Make,
    picture: Pixels,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(executors, "available_memory", lambda: 16 * GIB)
    async with start_local(cpu_workers="auto", engine=THREADS) as executor:
        (tmp_path / "broken").touch()
        await until(lambda: "Going on without cpu" in caplog.text)
        await executor.submit("a", recipe(), DreamInputs(picture)).result()


async def test_no_worker_is_left_when_it_ends_while_the_second_one_starts(
    start_local: StartLocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "available_memory", lambda: 16 * GIB)
    async with start_local(cpu_workers="auto", engine=THREADS):
        await until(lambda: len(workers()) == 2)
    assert workers() == []


@pytest.mark.parametrize(
    ("threads", "gibibytes", "quota", "count"),
    [
        (2, 16, FOREVER, 2),
        (8, 16, FOREVER, 2),
        (16, 64, FOREVER, 4),
        (64, 256, FOREVER, 4),
        # fp32, and a single thread
        (0, 16, FOREVER, 1),
        (1, 16, FOREVER, 1),
        # memory
        (2, 0.9, FOREVER, 1),
        (2, 4, FOREVER, 1),
        (16, 8, FOREVER, 2),
        (2, None, FOREVER, 1),
        # a container with half of a core, or with two of 64
        (64, 16, 0.5, 1),
        (64, 16, 2.0, 2),
    ],
)
def test_how_many_workers_auto_means(threads: int, gibibytes: float | None, quota: float, count: int) -> None:
    ready = Ready("cpu", "cpu", "x86_64 CPU", "bf16", threads=threads)
    memory = None if gibibytes is None else int(gibibytes * GIB)
    assert count_cpu_workers(ready, 2.0, memory=memory, quota=quota) == count


def test_networks_that_may_stay_loaded_count() -> None:
    ready = Ready("cpu", "cpu", "x86_64 CPU", "bf16", threads=2)
    counts = [count_cpu_workers(ready, each, memory=4 * GIB, quota=FOREVER) for each in (0.5, 2.0)]
    assert counts == [2, 1]


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_the_available_memory_of_a_machine_and_of_a_container(tmp_path: Path) -> None:
    assert available_memory(tmp_path) is None
    write(tmp_path / "proc", meminfo="MemTotal: 9000 kB\nMemAvailable: 8000 kB\n")
    assert available_memory(tmp_path) == 8000 * 1024
    write(tmp_path / "proc/self", cgroup="3:cpu:/\n0::/bot/inner\n")
    groups = tmp_path / "sys/fs/cgroup"
    write(groups / "bot/inner", memory__max="max\n", memory__current="5\n", memory__stat="inactive_file 1\n")
    assert available_memory(tmp_path) == 8000 * 1024
    # A limit on a group around ours; file cache can be given back.
    write(groups / "bot", memory__max="5000\n", memory__current="3000\n", memory__stat="inactive_file 400\n")
    assert available_memory(tmp_path) == 2400


def test_the_available_memory_in_a_container_of_the_first_version(tmp_path: Path) -> None:
    write(tmp_path / "proc", meminfo="MemAvailable: 8000 kB\n")
    write(
        tmp_path / "sys/fs/cgroup/memory",
        memory__limit_in_bytes="5000\n",
        memory__usage_in_bytes="4000\n",
        memory__stat="cache 1\ntotal_inactive_file 100\n",
    )
    assert available_memory(tmp_path) == 1100


def test_the_cores_that_a_container_may_use(tmp_path: Path) -> None:
    assert cpu_quota(tmp_path) == FOREVER
    write(tmp_path / "proc/self", cgroup="0::/\n")
    write(tmp_path / "sys/fs/cgroup", cpu__max="max 100000\n")
    assert cpu_quota(tmp_path) == FOREVER
    write(tmp_path / "sys/fs/cgroup", cpu__max="150000 100000\n")
    assert cpu_quota(tmp_path) == 1.5


def test_threads_are_divided_equally() -> None:
    assert divide_threads(2, 1) == [2]
    assert divide_threads(2, 2) == [1, 1]
    assert divide_threads(7, 3) == [3, 2, 2]
    assert divide_threads(2, 3) == [1, 1, 1]
    assert relative_speed(4, 4) == 1


async def test_a_shared_dream_counts_as_if_it_had_been_alone(
    recipe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(active_runs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    run = Run("a", recipe(), DreamInputs(None), owner=None, guild=None, withdraw=lambda run: None)
    active = ActiveRun(run, taken=100.0, limit=1000.0, on_time_limit=lambda active: None)
    now[0] += 2
    active.set_speed(0.5)
    now[0] += 4
    active.set_speed(1.0)
    now[0] += 2
    # Alone it had taken 2 + 4 · 0.5 + 2 seconds.
    assert active.mean_speed * active.elapsed == pytest.approx(6)
    active.release()


async def test_waiting_dreams_expect_to_share_the_threads(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_local(cpu_workers=2, engine=THREADS) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_it_uses(run, 2) for run in runs))
        assert [executor._slowdown(device) for device in executor.device_workers] == [
            pytest.approx(2**0.8)
        ] * 2
        slots = [executor._monitor._slot(device, 0.0) for device in executor.device_workers]
        assert all(slot.slowdown >= 2**0.8 - 1e-6 for slot in slots)
        release(tmp_path)
        for run in runs:
            await run.result()
