"""A short still between two steps of a long film."""

import numpy as np
import pytest

from dreambot.executor import JobCancelled, JobFailed, Pixels
from dreambot.media.inputs import Inputs
from dreambot.recipe import Hellscape
from tests.executor.conftest import Make, Start
from tests.executor.fake_engine import REFUSE
from tests.executor.reel import Reel
from tests.executor.waiting import until_running


async def test_a_short_still_need_not_wait_for_a_film(start: Start, recipe: Make, picture: Pixels) -> None:
    reel = Reel()
    async with start(step=0.03) as executor:
        film = executor.submit(
            "film", recipe(steps=40, hellscape=Hellscape(frames=5)), Inputs(picture), frames=reel.take
        )
        await until_running(film)
        still = executor.submit("still", recipe(), Inputs(255 - picture))
        assert np.array_equal((await still.result()).rgb, picture)
        assert not film.settled
        assert reel.indices == []
        done = await film.result()
    # What its guest took is not the film's, and the film was not begun again.
    assert reel.indices == [0, 1, 2, 3, 4]
    assert np.array_equal(done.rgb, 255 - picture)


async def test_guests_leave_a_film_half_of_the_time(start: Start, recipe: Make, picture: Pixels) -> None:
    async with start(step=0.02) as executor:
        film = executor.submit("film", recipe(steps=40, hellscape=Hellscape(frames=2)), Inputs(picture))
        await until_running(film)
        stills = [executor.submit(str(i), recipe(), Inputs(picture)) for i in range(30)]
        alone = (await film.result()).seconds
        with_film = [still for still in stills if still.settled]
        took = sum([(await still.result()).seconds for still in with_film])
        assert with_film
        assert took <= 1.3 * alone
        assert len(with_film) < len(stills)


async def test_a_film_has_no_film_for_a_guest(start: Start, recipe: Make, picture: Pixels) -> None:
    film = recipe(steps=10, hellscape=Hellscape(frames=2))
    async with start(step=0.03) as executor:
        runs = [executor.submit(str(i), film, Inputs(picture)) for i in range(2)]
        await runs[0].result()
        assert not runs[1].settled
        await runs[1].result()


async def test_a_film_does_not_mind_what_becomes_of_its_guest(
    start: Start, recipe: Make, picture: Pixels
) -> None:
    reel = Reel()
    async with start(step=0.03) as executor:
        film = executor.submit(
            "film", recipe(steps=40, hellscape=Hellscape(frames=2)), Inputs(picture), frames=reel.take
        )
        await until_running(film)
        with pytest.raises(JobFailed, match="I will not"):
            await executor.submit("refused", recipe(seed=REFUSE), Inputs(picture)).result()
        fickle = executor.submit("fickle", recipe(steps=20), Inputs(picture))
        await until_running(fickle)
        fickle.cancel()
        with pytest.raises(JobCancelled):
            await fickle.result()
        assert np.array_equal((await film.result()).rgb, 255 - picture)
    assert reel.indices == [0, 1]


async def test_a_film_can_be_cancelled_while_it_has_a_guest(
    start: Start, recipe: Make, picture: Pixels
) -> None:
    async with start(step=0.03) as executor:
        film = executor.submit("film", recipe(steps=100, hellscape=Hellscape(frames=2)), Inputs(picture))
        await until_running(film)
        guest = executor.submit("guest", recipe(steps=10), Inputs(picture))
        await until_running(guest)
        film.cancel()
        assert np.array_equal((await guest.result()).rgb, 255 - picture)
        await executor.submit("after", recipe(), Inputs(picture)).result()
