"""Short stills between two steps of a long video."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dreambot.media.picture import DreamInputs
from dreambot.recipe import HellscapeParams
from dreambot.workers.types import JobCancelled, JobFailed, Pixels
from tests.scheduler.conftest import Make, Start
from tests.support.fake_engine import HELD, REFUSE, dreamed_times, release
from tests.support.frame_recorder import FrameRecorder
from tests.support.waiting import until_running


async def test_a_short_still_does_not_wait_for_a_video(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    recorder = FrameRecorder()
    async with start(step=0.03) as executor:
        video = executor.submit(
            "video",
            recipe(seed=HELD, hellscape=HellscapeParams(frames=5)),
            DreamInputs(picture),
            frames=recorder.take,
        )
        await until_running(video)
        still = executor.submit("still", recipe(), DreamInputs(255 - picture))
        assert np.array_equal((await still.result()).rgb, picture)
        assert not video.settled
        assert recorder.indices == []
        release(tmp_path)
        done = await video.result()
    # The video was not started again.
    assert recorder.indices == [0, 1, 2, 3, 4]
    assert np.array_equal(done.rgb, 255 - picture)


async def test_interleaved_stills_leave_a_video_half_of_the_time(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    seeds = range(1, 6)
    async with start(step=0.02) as executor:
        video = executor.submit(
            "video", recipe(seed=HELD, hellscape=HellscapeParams(frames=2)), DreamInputs(picture)
        )
        await until_running(video)
        stills = [executor.submit(f"still {i}", recipe(seed=i), DreamInputs(picture)) for i in seeds]
        for still in stills:
            await still.result()
        release(tmp_path)
        await video.result()
    times = dreamed_times(tmp_path)
    for (began, ended), (next_began, _) in pairwise(times[i] for i in seeds):
        # An asyncio timer may be early by the resolution of its clock.
        assert next_began - ended >= ended - began - 0.005


async def test_a_video_is_not_interleaved_with_a_video(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    video = HellscapeParams(frames=2)
    async with start(step=0.03) as executor:
        first = executor.submit("first", recipe(steps=10, hellscape=video), DreamInputs(picture))
        # Interleaved, it would keep the first video from ending.
        second = executor.submit("second", recipe(seed=HELD, hellscape=video), DreamInputs(picture))
        await first.result()
        assert not second.settled
        release(tmp_path)
        await second.result()


async def test_a_failed_or_cancelled_interleaved_still_does_not_affect_the_video(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    recorder = FrameRecorder()
    async with start(step=0.03) as executor:
        video = executor.submit(
            "video",
            recipe(seed=HELD, hellscape=HellscapeParams(frames=2)),
            DreamInputs(picture),
            frames=recorder.take,
        )
        await until_running(video)
        with pytest.raises(JobFailed, match="I will not"):
            await executor.submit("refused", recipe(seed=REFUSE), DreamInputs(picture)).result()
        cancelled = executor.submit("cancelled", recipe(seed=HELD), DreamInputs(picture))
        await until_running(cancelled)
        cancelled.cancel()
        with pytest.raises(JobCancelled):
            await cancelled.result()
        assert not video.settled
        release(tmp_path)
        assert np.array_equal((await video.result()).rgb, 255 - picture)
    assert recorder.indices == [0, 1]


async def test_a_video_can_be_cancelled_during_an_interleaved_still(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.03) as executor:
        video = executor.submit(
            "video", recipe(seed=HELD, hellscape=HellscapeParams(frames=2)), DreamInputs(picture)
        )
        await until_running(video)
        still = executor.submit("still", recipe(seed=HELD), DreamInputs(picture))
        await until_running(still)
        video.cancel()
        release(tmp_path)
        assert np.array_equal((await still.result()).rgb, 255 - picture)
        await executor.submit("after", recipe(), DreamInputs(picture)).result()
