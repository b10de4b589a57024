"""Forwards to a hall of fame: claimed by one process, also after another ended."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dreambot.jobs.forwards import Forward, Forwards
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases

NOW = datetime.now(UTC)
FORWARD = Forward(2**61, "0000000000000000job1", 11, 12, 13, NOW)


async def test_one_of_several_claims_it(store: JobStore) -> None:
    forwards = Forwards(store.database)
    claims = [replace(FORWARD, since=NOW + timedelta(seconds=number)) for number in range(4)]
    taken = await asyncio.gather(*map(forwards.claim, claims))
    assert sorted(taken) == [False, False, False, True]
    assert await forwards.set_sent(FORWARD.message, 99)
    [stored] = await forwards.find([FORWARD.message])
    assert (stored.forward, stored.interrupted) == (99, False)
    assert await forwards.in_channel(12) == [stored]
    await forwards.remove(FORWARD.message)
    assert not await forwards.set_sent(FORWARD.message, 99)


async def test_one_of_several_finishes_what_was_interrupted(store: JobStore) -> None:
    forwards = Forwards(store.database)
    assert await forwards.claim(replace(FORWARD, since=NOW - timedelta(hours=1)))
    [left] = await forwards.interrupted()
    taken = [await forwards.claim_interrupted(left) for _ in range(3)]
    assert taken == [True, False, False]
    assert await forwards.interrupted() == []
