"""Results that are not to be known any more."""

from collections.abc import Callable
from dataclasses import replace

from dreambot.guilds.store import GuildStore
from dreambot.jobs.history import JobHistory
from dreambot.jobs.models import Job, JobRequest, JobState
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases

GUILD = 11


async def _done(store: JobStore, job_request: JobRequest, message: int) -> Job:
    job = await store.create(job_request)
    await store.set_state(job.id, JobState.done, result_message=message)
    return job


async def test_what_was_dreamed_of_a_dream_goes_with_it(
    store: JobStore, guild_store: GuildStore, job_request: Callable[..., JobRequest]
) -> None:
    first = await _done(store, job_request(), 101)
    second = await _done(store, job_request(parent=first.id, owner=5), 102)
    private = replace(job_request().reply_target, private=True)
    third = await _done(store, replace(job_request(parent=second.id), reply_target=private), 103)
    await _done(store, job_request(), 104)
    found = await guild_store.result_removal.find_by_message(GUILD, 101, 10)
    assert {(one.job, one.message) for one in found} == {(first.id, 101), (second.id, 102), (third.id, None)}
    assert await guild_store.result_removal.find_by_message(GUILD + 1, 101, 10) == []
    assert [one.job for one in await guild_store.result_removal.find_by_person(GUILD, 5, 10)] == [
        third.id,
        second.id,
    ]
    assert len(await guild_store.result_removal.find_by_message(GUILD, 101, 1)) == 1
    for one in found:
        await guild_store.result_removal.forget(one.job)
    assert await guild_store.result_removal.find_by_message(GUILD, 101, 10) == []
    assert await JobHistory(store.database).find_by_result(101) is None
    forgotten = await store.get(first.id)
    assert forgotten is not None
    assert forgotten.state is JobState.cancelled
    assert forgotten.spec.source is None
