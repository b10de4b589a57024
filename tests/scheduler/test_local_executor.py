"""Behaviour of worker processes on this machine."""

import os
from pathlib import Path

import pytest

from dreambot.media.picture import DreamInputs
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers import supervisor
from dreambot.workers.environment import NICENESS
from dreambot.workers.protocol import Ready
from dreambot.workers.types import ExecutorStartError, JobFailed, Pixels
from tests.scheduler.conftest import Make, StartLocal
from tests.support.fake_engine import ENGINE, HELD, REFUSE, release
from tests.support.waiting import until, until_running, workers


async def test_an_idle_worker_that_dies_is_restarted(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local() as executor:
        [worker] = workers()
        worker.kill()
        await executor.submit("a", recipe(), DreamInputs(picture)).result()


async def test_a_crash_on_request(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start_local() as executor:
        run = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        await until_running(run)
        assert executor.crash_workers() == 1
        release(tmp_path)
        await run.result()
        assert executor.device_states()[0].restarts == 1


async def test_modules_in_the_current_folder_are_not_imported(
    start_local: StartLocal, recipe: Make, picture: Pixels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dreambot", "numpy", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('wrong module')")
    monkeypatch.chdir(tmp_path)
    async with start_local() as executor:
        await executor.submit("a", recipe(), DreamInputs(picture)).result()


async def test_a_child_of_a_worker_does_not_delay_close(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local(devices=["with a child"]) as executor:
        await executor.submit("a", recipe(), DreamInputs(picture)).result()
        [worker] = workers()
        [child] = worker.children()
    assert not worker.is_running()
    assert child.is_running()
    child.kill()


async def test_an_impossible_device_is_reported_at_start(
    monkeypatch: pytest.MonkeyPatch, start_local: StartLocal
) -> None:
    with pytest.raises(ExecutorStartError, match="no such device"):
        async with start_local(devices=["cpu", "none"]):
            pass
    with pytest.raises(ExecutorStartError, match="did not start"):
        async with start_local(engine="no.such:module"):
            pass
    assert workers() == []
    executor = LocalExecutor(["cpu"], engine=ENGINE)
    await executor.close()


async def test_the_token_does_not_reach_the_worker(
    monkeypatch: pytest.MonkeyPatch, start_local: StartLocal
) -> None:
    monkeypatch.setenv("DREAMBOT_TOKEN", "secret")
    async with start_local():
        [worker] = workers()
        assert "DREAMBOT_TOKEN" not in worker.environ()


async def test_a_worker_has_low_priority_and_a_short_spin_count(
    monkeypatch: pytest.MonkeyPatch, start_local: StartLocal
) -> None:
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    async with start_local():
        [worker] = workers()
        assert worker.nice() == min(19, os.nice(0) + NICENESS)
        assert int(worker.environ()["GOMP_SPINCOUNT"]) <= 100_000
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    async with start_local():
        [worker] = workers()
        assert worker.environ()["OMP_WAIT_POLICY"] == "active"
        assert "GOMP_SPINCOUNT" not in worker.environ()


async def test_a_worker_of_a_gpu_has_normal_priority(
    monkeypatch: pytest.MonkeyPatch, start_local: StartLocal
) -> None:
    async with start_local(devices=["auto"]):
        assert [worker.nice() for worker in workers()] == [min(19, os.nice(0) + NICENESS)]
    monkeypatch.setenv("FAKE_ENGINE_GPUS", "1")
    async with start_local(devices=["auto"]):
        assert [worker.nice() for worker in workers()] == [os.nice(0)]


@pytest.mark.parametrize("asked", ["auto", "cuda"])
async def test_a_broken_first_gpu_is_left_out(
    monkeypatch: pytest.MonkeyPatch, start_local: StartLocal, asked: str
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_GPUS", "3")
    monkeypatch.setenv("FAKE_ENGINE_BROKEN", "cuda:0")
    async with start_local(devices=[asked]) as executor:
        assert sorted(state.name for state in executor.device_states()) == ["cuda:1", "cuda:2"]


async def test_a_worker_survives_refused_and_cancelled_jobs(
    start_local: StartLocal, recipe: Make, picture: Pixels
) -> None:
    async with start_local(step=0.05) as executor:
        [worker] = workers()
        with pytest.raises(JobFailed):
            await executor.submit("a", recipe(seed=REFUSE), DreamInputs(picture)).result()
        run = executor.submit("b", recipe(steps=100), DreamInputs(picture))
        await until_running(run)
        run.cancel()
        await executor.submit("c", recipe(), DreamInputs(picture)).result()
        assert workers() == [worker]
        executor.submit("d", recipe(steps=100), DreamInputs(picture))
    assert workers() == []


async def test_auto_finds_all_gpus(
    start_local: StartLocal, recipe: Make, picture: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_GPUS", "3")
    async with start_local(devices=["auto"], cpu_workers=4) as executor:
        assert {state.name for state in executor.device_states()} == {"cuda:0", "cuda:1", "cuda:2"}
        assert len(workers()) == 3
    async with start_local(devices=["cuda:1"]) as executor:
        assert [state.name for state in executor.device_states()] == ["cuda:1"]


async def test_a_detected_gpu_that_does_not_work_is_left_out(
    start_local: StartLocal,
    recipe: Make,
    picture: Pixels,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_GPUS", "3")
    monkeypatch.setenv("FAKE_ENGINE_BROKEN", "cuda:1")
    async with start_local(devices=["auto"]) as executor:
        assert [state.name for state in executor.device_states()] == ["cuda:0", "cuda:2"]
        assert len(workers()) == 2
        await executor.submit("a", recipe(), DreamInputs(picture)).result()
    assert any("without cuda:1" in record.message for record in caplog.records)


@pytest.mark.parametrize("device", ["auto", "cpu"])
async def test_several_workers_share_a_cpu(start_local: StartLocal, device: str) -> None:
    async with start_local(devices=[device], cpu_workers=3) as executor:
        assert [state.name for state in executor.device_states()] == ["cpu", "cpu 2", "cpu 3"]
        assert len(workers()) == 3


async def test_a_restarted_worker_stays_on_its_gpu(
    start_local: StartLocal, recipe: Make, picture: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.0, 0.01))
    monkeypatch.setenv("FAKE_ENGINE_GPUS", "2")
    async with start_local(devices=["auto"]) as executor:
        # From now on "auto" would find the second GPU, which has a worker.
        monkeypatch.setenv("FAKE_ENGINE_BROKEN", "cuda:0")
        assert executor.crash_workers() == 2
        await until(lambda: [state.alive for state in executor.device_states()] == [False, True])
        await until(lambda: bool(executor.device_states()[0].trouble))
        monkeypatch.delenv("FAKE_ENGINE_BROKEN")
        await until(lambda: all(state.alive for state in executor.device_states()))
        assert sorted(ready.device for ready in executor.devices) == ["cuda:0", "cuda:1"]


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        (["fp32"], "fp32"),
        (["bf16", "fp32"], "fp32"),
        (["fp16", "fp16"], "fp16"),
        (["fp16", "bf16"], "bf16"),
        ([], "fp32"),
    ],
)
def test_new_recipes_have_a_precision_that_suits_all_devices(
    preferred: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = tuple(Ready("cuda:0", "cuda", "fake", precision) for precision in preferred)
    monkeypatch.setattr(LocalExecutor, "devices", devices)
    assert LocalExecutor().precision == expected
