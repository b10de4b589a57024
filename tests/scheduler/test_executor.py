"""The behaviour of every executor."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from dreambot.engine.progress import Progress
from dreambot.media.picture import DreamInputs
from dreambot.recipe import HellscapeParams
from dreambot.workers.types import JobCancelled, JobFailed, Pixels, QueueFull, TimeBudgetExceeded
from tests.scheduler.conftest import Make, Start
from tests.support.fake_engine import BUG, CRASH, CRASH_ONCE, CRASHES_AT_START, HANG, HELD, REFUSE, release
from tests.support.waiting import until, until_running


async def test_a_job_reports_progress(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.25) as executor:
        run = executor.submit("a", recipe(steps=6), DreamInputs(picture))
        events = [event async for event in run.events()]
        done = await run.result()
    assert np.array_equal(done.rgb, 255 - picture)
    assert done.seconds > 0.5
    running = [event for event in events if event.running]
    assert [event.fraction for event in running] == sorted(event.fraction for event in running)
    assert {(event.octave, event.octaves, event.steps) for event in running} == {(1, 2, 6), (2, 2, 6)}
    previews = [event.preview for event in running if event.preview is not None]
    assert 1 <= len(previews) <= done.seconds / 0.7
    assert np.array_equal(previews[0], 255 - picture)
    etas = [event.eta for event in running if event.eta is not None and event.fraction >= 0.1]
    assert max(etas) > 0.5
    assert etas[-1] == 0


async def test_the_dream_has_the_recipes_size(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start() as executor:
        done = await executor.submit("a", recipe(width=80, height=60), DreamInputs(picture)).result()
    assert done.rgb.shape == (60, 80, 3)


async def test_a_source_is_fetched_when_the_job_starts(start: Start, recipe: Make, picture: Pixels) -> None:
    fetched: list[str] = []

    async def source() -> DreamInputs:
        fetched.append("b")
        return DreamInputs(picture)

    async def broken() -> DreamInputs:
        raise JobFailed("errors-verbatim", text="The picture is gone.")

    async with start() as executor:
        first = executor.submit("a", recipe(), DreamInputs(picture))
        second = executor.submit("b", recipe(), source)
        third = executor.submit("c", recipe(), broken)
        await first.result()
        assert fetched == []
        assert (await second.result()).rgb.shape == picture.shape
        with pytest.raises(JobFailed, match="gone"):
            await third.result()
        assert (await executor.submit("d", recipe(), DreamInputs(picture)).result()).seconds > 0


async def test_video_frames_arrive_as_they_are_made(start: Start, recipe: Make, picture: Pixels) -> None:
    got: list[tuple[int, int, Pixels]] = []

    async def sink(index: int, frames: int, rgb: Pixels) -> None:
        got.append((index, frames, rgb))

    video = recipe(hellscape=HellscapeParams(frames=5))
    async with start() as executor:
        await executor.submit("a", video, DreamInputs(picture), frames=sink).result()
        await executor.submit("b", video, DreamInputs(picture)).result()
    assert [(index, frames) for index, frames, _ in got] == [(index, 5) for index in range(5)]
    assert all(np.array_equal(rgb, 255 - picture) for _, _, rgb in got)


async def test_a_failing_frame_sink_fails_only_its_job(start: Start, recipe: Make, picture: Pixels) -> None:
    async def full(index: int, frames: int, rgb: Pixels) -> None:
        raise JobFailed("errors-verbatim", text="The disk is full.")

    async with start() as executor:
        video = executor.submit(
            "a", recipe(hellscape=HellscapeParams(frames=5)), DreamInputs(picture), frames=full
        )
        with pytest.raises(JobFailed, match="full"):
            await video.result()
        done = await executor.submit("b", recipe(), DreamInputs(picture)).result()
    assert np.array_equal(done.rgb, 255 - picture)


async def test_one_crash_costs_a_retry_and_two_the_job(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start() as executor:
        done = await executor.submit("a", recipe(seed=CRASH_ONCE), DreamInputs(picture)).result()
        assert np.array_equal(done.rgb, 255 - picture)
        with pytest.raises(JobFailed, match="twice"):
            await executor.submit("b", recipe(seed=CRASH), DreamInputs(picture)).result()
        # Without a successful job in between, the device would count as broken.
        await executor.submit("between", recipe(), DreamInputs(picture)).result()
        with pytest.raises(JobFailed, match="twice"):
            await executor.submit("c", recipe(seed=BUG), DreamInputs(picture)).result()
        await executor.submit("d", recipe(), DreamInputs(picture)).result()


async def test_a_user_error_of_the_engine_is_not_retried(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start() as executor:
        with pytest.raises(JobFailed, match="I will not dream this"):
            await executor.submit("a", recipe(seed=REFUSE), DreamInputs(picture)).result()


async def test_a_hung_job_ends_with_the_time_budget(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(time_budget=2) as executor:
        with pytest.raises(TimeBudgetExceeded, match="smaller"):
            await executor.submit("a", recipe(seed=HANG), DreamInputs(picture)).result()
        await executor.submit("b", recipe(steps=1, octaves=1), DreamInputs(picture)).result()


async def test_a_running_job_stops_after_its_step(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.2) as executor:
        run = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        await until_running(run)
        following = executor.submit("b", recipe(steps=1, octaves=1), DreamInputs(picture))
        run.cancel()
        assert run.settled
        with pytest.raises(JobCancelled):
            await run.result()
        # The job would not end by itself.
        await following.result()
        assert executor.device_states()[0].restarts == 0


async def test_a_waiting_job_can_be_cancelled_at_once(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.05) as executor:
        first = executor.submit("a", recipe(seed=HELD), DreamInputs(picture))
        second = executor.submit("b", recipe(), DreamInputs(picture))
        third = executor.submit("c", recipe(), DreamInputs(picture))
        await until_running(first)
        assert (first.position, second.position, third.position) == (0, 1, 2)
        second.cancel()
        second.cancel()
        assert third.position == 1
        with pytest.raises(JobCancelled):
            await second.result()
        assert [event async for event in second.events()] == [Progress(position=1)]
        release(tmp_path)
        await third.result()


async def test_the_queue_is_limited_and_publishes_positions_and_times(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.1, max_queue=2) as executor:
        first = await executor.submit("0", recipe(), DreamInputs(picture)).result()
        runs = [executor.submit("1", recipe(seed=HELD), DreamInputs(picture))]
        await until(lambda: executor.device_states()[0].jobs == ("1",))
        runs += [executor.submit(name, recipe(), DreamInputs(picture)) for name in ("2", "3")]
        with pytest.raises(QueueFull, match="try again"):
            executor.submit("4", recipe(), DreamInputs(picture))
        last = await anext(runs[2].events())
        assert last.position == 2
        # Three jobs as long as the first; one of them runs.
        assert last.eta == pytest.approx(3 * first.seconds, rel=0.35)
        release(tmp_path)
        assert [type(await run.result()).__name__ for run in runs] == ["Done"] * 3


async def test_a_slow_reader_gets_the_newest_event(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.11) as executor:
        run = executor.submit("a", recipe(), DreamInputs(picture))
        seen = []
        async for event in run.events():
            seen.append(event)
            await run.result()
        assert len(seen) == 2
        assert seen[-1].running
        assert seen[-1].fraction > 0.8


async def test_two_devices_share_the_queue(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.1, device_workers=2) as executor:
        runs = [executor.submit(str(i), recipe(seed=HELD), DreamInputs(picture)) for i in range(2)]
        await asyncio.gather(*(until_running(run) for run in runs))
        assert not any(run.settled for run in runs)
        assert len(executor.devices) == 2
        assert executor.precision == "fp32"


async def test_close_cancels_everything_and_leaves_no_process(
    start: Start, recipe: Make, picture: Pixels
) -> None:
    async with start(step=0.2) as executor:
        runs = [executor.submit(str(i), recipe(steps=100), DreamInputs(picture)) for i in range(2)]
        await anext(runs[0].events())
    for run in runs:
        with pytest.raises(JobCancelled):
            await run.result()
    with pytest.raises(JobFailed, match="shutting down"):
        executor.submit("late", recipe(), DreamInputs(picture))


async def test_a_worker_that_crashes_at_its_start_is_started_once_more(start: Start) -> None:
    async with start(engine=CRASHES_AT_START) as executor:
        [state] = executor.device_states()
        assert (state.alive, state.restarts) == (True, 0)
