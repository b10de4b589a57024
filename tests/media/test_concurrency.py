"""Limits of a semaphore, in total and per key; no key waits for all the work of another."""

import asyncio

from dreambot.media.concurrency import FairSemaphore


async def held(slots: FairSemaphore, *keys: object) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(slots.acquire(key)) for key in keys]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


def done(tasks: list[asyncio.Task[None]]) -> list[bool]:
    return [task.done() for task in tasks]


async def test_one_key_holds_at_most_its_share() -> None:
    slots = FairSemaphore(8, 2)
    mine = await held(slots, *["me"] * 5)
    assert done(mine) == [True, True, False, False, False]
    [other] = await held(slots, "you")
    assert other.done()
    slots.release("me")
    await asyncio.sleep(0)
    assert done(mine) == [True, True, True, False, False]


async def test_a_free_slot_goes_to_the_key_with_the_fewest() -> None:
    slots = FairSemaphore(2, 2)
    first = await held(slots, "me", "me")
    assert all(done(first))
    mine, [other] = await held(slots, "me", "me"), await held(slots, "you")
    slots.release("me")
    await asyncio.sleep(0)
    assert not any(done(mine))
    assert other.done()


async def test_a_queue_of_one_key_is_not_served_before_anothers_first() -> None:
    slots = FairSemaphore(1, 1)
    mine = await held(slots, *["me"] * 6)
    [other] = await held(slots, "you")
    slots.release("me")
    await asyncio.sleep(0)
    assert other.done()
    assert done(mine).count(True) == 1
    slots.release("you")
    await asyncio.sleep(0)
    assert done(mine).count(True) == 2


async def test_work_without_a_key_is_limited_only_by_the_total() -> None:
    slots = FairSemaphore(3, 1)
    assert done(await held(slots, *[None] * 4)) == [True, True, True, False]


async def test_a_cancelled_waiter_leaves_no_trace() -> None:
    slots = FairSemaphore(1, 1)
    [first, second, third] = await held(slots, "me", "you", "them")
    second.cancel()
    await asyncio.wait([second])
    slots.release("me")
    await asyncio.sleep(0)
    assert third.done()
    # Cancelled when the slot was already granted.
    [fourth] = await held(slots, "me")
    slots.release("them")
    fourth.cancel()
    await asyncio.wait([fourth])
    assert all(done(await held(slots, "you")))
    assert first.done()
