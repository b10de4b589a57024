"""A short still between two steps of a long film."""

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


async def test_a_short_still_need_not_wait_for_a_film(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    reel = FrameRecorder()
    async with start(step=0.03) as executor:
        film = executor.submit(
            "film",
            recipe(seed=HELD, hellscape=HellscapeParams(frames=5)),
            DreamInputs(picture),
            frames=reel.take,
        )
        await until_running(film)
        still = executor.submit("still", recipe(), DreamInputs(255 - picture))
        assert np.array_equal((await still.result()).rgb, picture)
        assert not film.settled
        assert reel.indices == []
        release(tmp_path)
        done = await film.result()
    # What its guest took is not the film's, and the film was not begun again.
    assert reel.indices == [0, 1, 2, 3, 4]
    assert np.array_equal(done.rgb, 255 - picture)


async def test_guests_leave_a_film_half_of_the_time(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    guests = range(1, 6)
    async with start(step=0.02) as executor:
        film = executor.submit(
            "film", recipe(seed=HELD, hellscape=HellscapeParams(frames=2)), DreamInputs(picture)
        )
        await until_running(film)
        stills = [executor.submit(f"still {i}", recipe(seed=i), DreamInputs(picture)) for i in guests]
        for still in stills:
            await still.result()
        release(tmp_path)
        await film.result()
    times = dreamed_times(tmp_path)
    for (began, ended), (next_began, _) in pairwise(times[i] for i in guests):
        # A timer of asyncio may be early by the resolution of its clock.
        assert next_began - ended >= ended - began - 0.005


async def test_a_film_has_no_film_for_a_guest(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    film = HellscapeParams(frames=2)
    async with start(step=0.03) as executor:
        first = executor.submit("first", recipe(steps=10, hellscape=film), DreamInputs(picture))
        # As a guest it would keep the first one from ending.
        second = executor.submit("second", recipe(seed=HELD, hellscape=film), DreamInputs(picture))
        await first.result()
        assert not second.settled
        release(tmp_path)
        await second.result()


async def test_a_film_does_not_mind_what_becomes_of_its_guest(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    reel = FrameRecorder()
    async with start(step=0.03) as executor:
        film = executor.submit(
            "film",
            recipe(seed=HELD, hellscape=HellscapeParams(frames=2)),
            DreamInputs(picture),
            frames=reel.take,
        )
        await until_running(film)
        with pytest.raises(JobFailed, match="I will not"):
            await executor.submit("refused", recipe(seed=REFUSE), DreamInputs(picture)).result()
        fickle = executor.submit("fickle", recipe(seed=HELD), DreamInputs(picture))
        await until_running(fickle)
        fickle.cancel()
        with pytest.raises(JobCancelled):
            await fickle.result()
        assert not film.settled
        release(tmp_path)
        assert np.array_equal((await film.result()).rgb, 255 - picture)
    assert reel.indices == [0, 1]


async def test_a_film_can_be_cancelled_while_it_has_a_guest(
    start: Start, recipe: Make, picture: Pixels, tmp_path: Path
) -> None:
    async with start(step=0.03) as executor:
        film = executor.submit(
            "film", recipe(seed=HELD, hellscape=HellscapeParams(frames=2)), DreamInputs(picture)
        )
        await until_running(film)
        guest = executor.submit("guest", recipe(seed=HELD), DreamInputs(picture))
        await until_running(guest)
        film.cancel()
        release(tmp_path)
        assert np.array_equal((await guest.result()).rgb, 255 - picture)
        await executor.submit("after", recipe(), DreamInputs(picture)).result()
