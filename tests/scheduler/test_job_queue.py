import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreambot.recipe import HellscapeParams
from dreambot.scheduler.fair_queue import LONG_SECONDS, LONG_SHARE, JobAttributes, TwoClassQueue
from dreambot.scheduler.job_queue import JobQueue, QueueLimits
from dreambot.scheduler.run import Run
from dreambot.workers.types import Done, QueueFull
from tests.scheduler.simulation import PICTURE
from tests.support.recipes import make_recipe

STILL, FILM = make_recipe(), make_recipe(hellscape=HellscapeParams(frames=9))


def job(name: str, owner: int | None = None, guild: int | None = None, **more: bool) -> Run:
    """A short job, or with film=True a long one."""
    recipe = FILM if more.pop("film", False) else STILL
    return Run(name, recipe, PICTURE, owner=owner, guild=guild, withdraw=lambda run: None, **more)


def queue(
    *, caps: QueueLimits | None = None, devices: int = 1, seconds: float = 10.0, now: float = 0.0
) -> JobQueue:
    """Stills are expected to take so many seconds, films four times as many."""
    return JobQueue(
        caps or QueueLimits(99, 99, 99),
        lambda: None,
        expect=lambda run: seconds * (4 if run.recipe.frames > 1 else 1),
        devices=lambda: devices,
        clock=lambda: now,
    )


def all_taken(waiting: JobQueue) -> list[str]:
    """Everything, in order."""
    names = []
    while run := waiting.take_now():
        names.append(run.job_id)
        run.finish(Done(PICTURE.source, 1.0, None))
    return names


async def test_each_cap_says_which_it_is() -> None:
    said = []
    for caps, asks in (
        (QueueLimits(2, 99, 99), [(1, 1), (1, 2), (1, 3)]),
        (QueueLimits(99, 2, 99), [(1, 1), (2, 1), (3, 1)]),
        (QueueLimits(99, 99, 2), [(1, 1), (2, 2), (3, 3)]),
    ):
        full = queue(caps=caps)
        for owner, guild in asks[:2]:
            full.put(job("a", owner, guild))
        with pytest.raises(QueueFull) as refused:
            full.put(job("b", *asks[2]))
        said.append(str(refused.value))
        # What was promised before is never refused, nor are others where there is room again.
        full.put(job("c", *asks[2], accepted=True))
        assert len(full) == 3
        assert full.take_now()
        assert full.take_now()
        full.put(job("d", *asks[2]))
    for word, text in zip(("person", "server", "remember"), said, strict=True):
        assert [word in other for other in said].count(True) == 1
        assert word in text


async def test_nobody_has_no_cap_but_the_servers() -> None:
    waiting = queue(caps=QueueLimits(1, 3, 99))
    for number in range(3):
        waiting.put(job(str(number), None, 7))
    with pytest.raises(QueueFull, match="server"):
        waiting.put(job("x", None, 7))
    # Somebody is not kept waiting by what nobody asked for.
    waiting.put(job("somebody", 1, 8))
    assert all_taken(waiting).index("somebody") <= 1


async def test_what_was_promised_before_goes_before_its_owners_newer_ones() -> None:
    waiting = queue()
    for name, accepted in (("new", False), ("old", True)):
        waiting.put(job(name, 1, 1, accepted=accepted))
    assert all_taken(waiting) == ["old", "new"]


async def test_the_jobs_of_a_lost_device_come_first_and_in_order() -> None:
    waiting = queue()
    for number in range(4):
        waiting.put(job(str(number), number, 1))
    lost = [run for run in (waiting.take_now(), waiting.take_now()) if run]
    lost[0].fail(RuntimeError())
    again = job("5", 5, 1)
    waiting.put(again)
    for run in reversed(lost):
        waiting.put_back(run)
    # A settled one does not come back.
    assert all_taken(waiting) == ["1", "2", "3", "5"]


async def test_short_jobs_pass_a_film_which_has_its_turn_all_the_same() -> None:
    waiting = queue(seconds=10)
    waiting.put(job("film", 1, 1, film=True))
    for number in range(30):
        waiting.put(job(str(number), 100 + number, 1))
    order = all_taken(waiting)
    # It is due when as much of the time went to the others as their share allows.
    passed = 40 / LONG_SHARE * (1 - LONG_SHARE) / 10
    assert order.index("film") == passed


async def test_the_order_that_is_told_is_the_order_they_start() -> None:
    waiting = queue(seconds=20)
    for number in range(12):
        waiting.put(job(f"short{number}", number % 3, number % 2))
        waiting.put(job(f"film{number}", number % 4, number % 2, film=True))
    told = [run.job_id for run in waiting]
    assert told == all_taken(waiting)


async def test_films_never_have_all_devices_while_others_wait() -> None:
    waiting = queue(devices=3, seconds=0.0)
    for number in range(4):
        waiting.put(job(f"film{number}", number, 1, film=True))
    assert [waiting.take_now() for _ in range(3)].count(None) == 0
    waiting = queue(devices=3, seconds=0.0)
    for number in range(4):
        waiting.put(job(f"film{number}", number, 1, film=True))
        waiting.put(job(f"short{number}", 10 + number, 1))
    running = [waiting.take_now() for _ in range(4)]
    assert [run.job_id[:4] for run in running if run].count("film") <= 2


async def test_a_still_that_takes_long_waits_with_the_films() -> None:
    waiting = queue(seconds=LONG_SECONDS + 1)
    waiting.put(job("slow"))
    assert waiting.long_waiting == 1


async def test_takers_get_what_fits_them_and_lose_nothing() -> None:
    waiting = queue()
    film = asyncio.create_task(waiting.take(lambda run: run.recipe.frames > 1))
    still = asyncio.create_task(waiting.take(lambda run: run.recipe.frames == 1))
    gone = asyncio.create_task(waiting.take())
    await asyncio.sleep(0)
    gone.cancel()
    waiting.put(job("film", film=True))
    waiting.put(job("still"))
    assert (await film).job_id == "film"
    assert (await still).job_id == "still"
    assert waiting.take_now() is None
    waiting.put(job("next"))
    waiting.pause()
    assert waiting.take_now() is None
    assert len(waiting) == 1


async def test_how_long_they_have_waited_is_known() -> None:
    clock = [100.0]
    waiting = JobQueue(QueueLimits(), lambda: None, clock=lambda: clock[0])
    assert waiting.oldest_wait == 0
    first, second = job("a"), job("b")
    waiting.put(first)
    clock[0] = 130
    waiting.put(second)
    assert waiting.take_now() is first
    clock[0] = 150
    assert waiting.oldest_wait == 20
    waiting.put_back(first)
    assert waiting.oldest_wait == 50


steps = st.lists(
    st.tuples(
        st.sampled_from(["short", "long", "take", "take", "one that fits", "remove", "put back"]),
        st.integers(0, 6),
        st.integers(0, 2),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_nothing_is_lost_nothing_comes_twice_and_all_of_it_ends(script: list[tuple[str, int, int]]) -> None:
    turns: TwoClassQueue[int] = TwoClassQueue()
    at_hand: dict[int, JobAttributes] = {}
    ended: list[int] = []
    put = 0
    for what, a, b in script:
        waiting = list(turns)
        if what in {"short", "long"}:
            put += 1
            turns.put(put, JobAttributes(a or None, b or None, 5.0 * (a + 1), what == "long"))
        elif what == "put back" and at_hand:
            item, terms = at_hand.popitem()
            turns.put_first(item, terms)
            assert next(iter(turns)) == item
        elif what == "remove" and waiting:
            assert turns.remove(waiting[a % len(waiting)])
            ended.append(waiting[a % len(waiting)])
        elif waiting:
            terms_of = {item: turns.attributes(item) for item in waiting}
            item_or_none = turns.take(None if what == "take" else lambda item: item % 2 == 0)
            if what == "take":
                assert item_or_none == waiting[0]
            if item_or_none is not None:
                at_hand[item_or_none] = terms_of[item_or_none]
        assert len(set(turns)) == len(list(turns)) == len(turns)
        assert sorted([*turns, *at_hand, *ended]) == list(range(1, put + 1))
    while (last := turns.take()) is not None:
        ended.append(last)
    assert sorted([*at_hand, *ended]) == list(range(1, put + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(1, 3))
def test_every_film_starts_however_many_others_come(others: list[int], films: int) -> None:
    turns: TwoClassQueue[str] = TwoClassQueue()
    for film in range(films):
        turns.put(f"film{film}", JobAttributes(film, 1, 500.0, long=True))
    started: list[str] = []
    for number in range(2000):
        turns.put(f"short{number}", JobAttributes(others[number % len(others)], 1, 10.0))
        taken = turns.take()
        assert taken
        started.append(taken)
    assert {f"film{film}" for film in range(films)} <= set(started)
