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

STILL, VIDEO = make_recipe(), make_recipe(hellscape=HellscapeParams(frames=9))


def job(name: str, owner: int | None = None, guild: int | None = None, **more: bool) -> Run:
    """Makes a short job, or with video=True a long one."""
    recipe = VIDEO if more.pop("video", False) else STILL
    return Run(name, recipe, PICTURE, owner=owner, guild=guild, withdraw=lambda run: None, **more)


def queue(
    *, limits: QueueLimits | None = None, devices: int = 1, seconds: float = 10.0, now: float = 0.0
) -> JobQueue:
    """Makes a queue where stills are expected to take `seconds`, and videos four times as long."""
    return JobQueue(
        limits or QueueLimits(99, 99, 99),
        lambda: None,
        expect=lambda run: seconds * (4 if run.recipe.frames > 1 else 1),
        devices=lambda: devices,
        clock=lambda: now,
    )


def all_taken(waiting: JobQueue) -> list[str]:
    """Takes and finishes all jobs; returns their ids in order."""
    names = []
    while run := waiting.take_now():
        names.append(run.job_id)
        run.finish(Done(PICTURE.source, 1.0, None))
    return names


async def test_the_error_names_the_limit_that_was_reached() -> None:
    messages = []
    for limits, requests in (
        (QueueLimits(2, 99, 99), [(1, 1), (1, 2), (1, 3)]),
        (QueueLimits(99, 2, 99), [(1, 1), (2, 1), (3, 1)]),
        (QueueLimits(99, 99, 2), [(1, 1), (2, 2), (3, 3)]),
    ):
        full = queue(limits=limits)
        for owner, guild in requests[:2]:
            full.put(job("a", owner, guild))
        with pytest.raises(QueueFull) as refused:
            full.put(job("b", *requests[2]))
        messages.append(str(refused.value))
        # An accepted job is never refused, nor are other jobs when there is room again.
        full.put(job("c", *requests[2], accepted=True))
        assert len(full) == 3
        assert full.take_now()
        assert full.take_now()
        full.put(job("d", *requests[2]))
    for word, text in zip(("one person", "This server", "I already"), messages, strict=True):
        assert [word in other for other in messages].count(True) == 1
        assert word in text


async def test_jobs_without_an_owner_have_only_the_server_limit() -> None:
    waiting = queue(limits=QueueLimits(1, 3, 99))
    for number in range(3):
        waiting.put(job(str(number), None, 7))
    with pytest.raises(QueueFull, match="server"):
        waiting.put(job("x", None, 7))
    # Jobs without an owner do not delay a person.
    waiting.put(job("person", 1, 8))
    assert all_taken(waiting).index("person") <= 1


async def test_an_accepted_job_goes_before_its_owners_newer_jobs() -> None:
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
    # A job that has ended does not come back.
    assert all_taken(waiting) == ["1", "2", "3", "5"]


async def test_short_jobs_overtake_a_video_until_it_is_due() -> None:
    waiting = queue(seconds=10)
    waiting.put(job("video", 1, 1, video=True))
    for number in range(30):
        waiting.put(job(str(number), 100 + number, 1))
    order = all_taken(waiting)
    # It is due when short jobs have had their share of the time.
    overtaken = 40 / LONG_SHARE * (1 - LONG_SHARE) / 10
    assert order.index("video") == overtaken


async def test_jobs_start_in_the_published_order() -> None:
    waiting = queue(seconds=20)
    for number in range(12):
        waiting.put(job(f"short{number}", number % 3, number % 2))
        waiting.put(job(f"video{number}", number % 4, number % 2, video=True))
    published = [run.job_id for run in waiting]
    assert published == all_taken(waiting)


async def test_videos_never_occupy_all_devices_while_others_wait() -> None:
    waiting = queue(devices=3, seconds=0.0)
    for number in range(4):
        waiting.put(job(f"video{number}", number, 1, video=True))
    assert [waiting.take_now() for _ in range(3)].count(None) == 0
    waiting = queue(devices=3, seconds=0.0)
    for number in range(4):
        waiting.put(job(f"video{number}", number, 1, video=True))
        waiting.put(job(f"short{number}", 10 + number, 1))
    running = [waiting.take_now() for _ in range(4)]
    assert [run.job_id[:5] for run in running if run].count("video") <= 2


async def test_a_slow_still_is_a_long_job() -> None:
    waiting = queue(seconds=LONG_SECONDS + 1)
    waiting.put(job("slow"))
    assert waiting.long_waiting == 1


async def test_filtered_and_cancelled_takes_lose_no_job() -> None:
    waiting = queue()
    video = asyncio.create_task(waiting.take(lambda run: run.recipe.frames > 1))
    still = asyncio.create_task(waiting.take(lambda run: run.recipe.frames == 1))
    gone = asyncio.create_task(waiting.take())
    await asyncio.sleep(0)
    gone.cancel()
    waiting.put(job("video", video=True))
    waiting.put(job("still"))
    assert (await video).job_id == "video"
    assert (await still).job_id == "still"
    assert waiting.take_now() is None
    waiting.put(job("next"))
    waiting.pause()
    assert waiting.take_now() is None
    assert len(waiting) == 1


async def test_the_oldest_wait_is_reported() -> None:
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


@settings(max_examples=150)
@given(steps)
def test_no_job_is_lost_or_taken_twice(script: list[tuple[str, int, int]]) -> None:
    jobs: TwoClassQueue[int] = TwoClassQueue()
    active: dict[int, JobAttributes] = {}
    ended: list[int] = []
    put = 0
    for what, a, b in script:
        waiting = list(jobs)
        if what in {"short", "long"}:
            put += 1
            jobs.put(put, JobAttributes(a or None, b or None, 5.0 * (a + 1), what == "long"))
        elif what == "put back" and active:
            item, attributes = active.popitem()
            jobs.put_first(item, attributes)
            assert next(iter(jobs)) == item
        elif what == "remove" and waiting:
            assert jobs.remove(waiting[a % len(waiting)])
            ended.append(waiting[a % len(waiting)])
        elif waiting:
            attributes_of = {item: jobs.attributes(item) for item in waiting}
            item_or_none = jobs.take(None if what == "take" else lambda item: item % 2 == 0)
            if what == "take":
                assert item_or_none == waiting[0]
            if item_or_none is not None:
                active[item_or_none] = attributes_of[item_or_none]
        assert len(set(jobs)) == len(list(jobs)) == len(jobs)
        assert sorted([*jobs, *active, *ended]) == list(range(1, put + 1))
    while (last := jobs.take()) is not None:
        ended.append(last)
    assert sorted([*active, *ended]) == list(range(1, put + 1))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(1, 3))
def test_every_video_starts_however_many_short_jobs_arrive(newcomers: list[int], videos: int) -> None:
    jobs: TwoClassQueue[str] = TwoClassQueue()
    for video in range(videos):
        jobs.put(f"video{video}", JobAttributes(video, 1, 500.0, long=True))
    started: list[str] = []
    for number in range(2000):
        jobs.put(f"short{number}", JobAttributes(newcomers[number % len(newcomers)], 1, 10.0))
        taken = jobs.take()
        assert taken
        started.append(taken)
    assert {f"video{video}" for video in range(videos)} <= set(started)
