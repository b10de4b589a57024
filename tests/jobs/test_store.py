import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from dreambot.jobs.history import JobHistory
from dreambot.jobs.models import FileSource, JobRequest, JobState, Result, SourceImage, UrlSource
from dreambot.jobs.schema import jobs
from dreambot.jobs.store import RECENT_CAPTIONS, JobStore
from dreambot.recipe import DreamRequest, SourceFacts, resolve_dream
from tests.jobs.backends import both_databases
from tests.support.recipes import fake_trained

pytestmark = both_databases

Make = Callable[..., JobRequest]

RECIPE = resolve_dream(
    DreamRequest(preset="classic"),
    SourceFacts(300, 300),
    seed=1,
    models=fake_trained,
    precision="fp32",
    max_pixels=10**6,
)
RESULT = Result("abc/dream.png", "png", 1.5)


async def test_a_job_comes_back_as_it_was_stored(store: JobStore, url: str, job_request: Make) -> None:
    since = datetime(2026, 3, 1, 12, 30, 1, 500, timezone(timedelta(hours=-8)))
    made = [
        await store.create(job_request()),
        await store.create(
            job_request(guild=None, token=None, reply_to=2**63 - 1, quiet=True, reachable=False)
        ),
        await store.create(job_request(source=None, since=since)),
    ]
    await store.close()
    again = JobStore(url)
    await again.open()
    assert [await again.get(job.id) for job in made] == made
    assert await again.get("no such job") is None
    await again.close()


@pytest.mark.parametrize("source", [UrlSource("https://a.test/ü?b=%20"), FileSource(Path("/tmp/a b.png"))])
async def test_what_is_dreamed_upon_may_be_found_later(
    store: JobStore, job_request: Make, source: UrlSource | FileSource
) -> None:
    job = await store.create(job_request(source=None))
    image = SourceImage(source, "çat 🐈 and \x00 \ud800 nothing", False, None)
    assert await store.set_source_image(job.id, image)
    assert await store.set_progress_message(job.id, 2**62)
    found = await store.get(job.id)
    assert found
    assert found.spec.source
    assert found.spec.source == replace(image, label=found.spec.source.label)
    assert found.spec.source.label.startswith("çat 🐈 and ")
    assert found.answer == 2**62


async def test_ids_are_short_and_in_order(store: JobStore, job_request: Make) -> None:
    ids = []
    for _ in range(5):
        ids.append((await store.create(job_request())).id)
        await asyncio.sleep(0.002)
    assert ids == sorted(set(ids))
    assert all(len(job_id) <= 25 and job_id.isalnum() for job_id in ids)


async def test_a_job_moves_on_until_it_is_over(store: JobStore, job_request: Make) -> None:
    job = await store.create(job_request())
    assert await store.set_state(job.id, JobState.queued, recipe=RECIPE)
    assert await store.set_state(job.id, JobState.running)
    assert [found.id for found in await store.unfinished()] == [job.id]
    before = datetime.now(UTC)
    assert await store.set_state(job.id, JobState.delivering, result=RESULT)
    found = await store.get(job.id)
    assert found
    assert found.result == RESULT
    assert found.delivering
    assert before <= found.delivering <= datetime.now(UTC)
    assert await store.set_state(job.id, JobState.done, result_message=77)
    assert not await store.set_state(job.id, JobState.failed, error="too late")
    assert not await store.set_progress_message(job.id, 5)
    assert not await store.set_state("no such job", JobState.failed)

    found = await JobHistory(store.database).find_by_result(77)
    assert found is not None
    assert (found.id, found.state, found.attempts, found.error) == (job.id, JobState.done, 1, None)
    assert (found.recipe, found.result, found.answer) == (RECIPE, RESULT, None)
    assert found.updated > found.created
    assert await store.unfinished() == []
    assert await JobHistory(store.database).find_by_result(78) is None


@pytest.mark.parametrize("state", [JobState.done, JobState.failed, JobState.cancelled])
async def test_the_token_is_erased_when_the_job_is_over(
    store: JobStore, job_request: Make, state: JobState
) -> None:
    job = await store.create(job_request())
    await store.set_state(job.id, state)
    found = await store.get(job.id)
    assert found
    assert found.spec.reply_target.token is None


async def test_an_expired_token_is_erased(store: JobStore, job_request: Make) -> None:
    old = await store.create(job_request(since=datetime.now(UTC) - timedelta(minutes=16)))
    young = await store.create(job_request(since=datetime.now(UTC) - timedelta(minutes=14)))
    await store.renew()
    found = [await store.get(job.id) for job in (old, young)]
    assert [job and job.spec.reply_target.token for job in found] == [None, "a-secret-token"]


async def test_the_token_is_never_logged(
    store: JobStore, job_request: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    job = await store.create(job_request())
    async with store.database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE jobs")
    with pytest.raises(Exception, match=r"no such table|does not exist") as raised:
        await store.create(job_request())
    assert "a-secret-token" not in repr(job) + str(raised.value) + caplog.text


async def test_unfinished_jobs_are_found_by_where_they_are(store: JobStore, job_request: Make) -> None:
    here, there = (
        await store.create(job_request()),
        await store.create(job_request(guild=21, channel=22, source=None)),
    )
    reply = await store.create(job_request(guild=None, channel=32, source=None, reply_to=33))
    over = await store.create(job_request())
    await store.set_state(over.id, JobState.cancelled)
    await store.set_progress_message(there.id, 23)

    async def ids(**where: int) -> list[str]:
        return [job.id for job in await store.unfinished(**where)]

    assert await ids() == [here.id, there.id, reply.id]
    assert await ids(guild=11) == [here.id]
    assert await ids(channel=22) == [there.id]
    assert [await ids(message=n) for n in (14, 23, 33, 99)] == [[here.id], [there.id], [reply.id], []]


async def test_unfinished_jobs_are_counted(store: JobStore, job_request: Make) -> None:
    assert await store.counts() == {}
    made = [await store.create(job_request()) for _ in range(4)]
    await store.set_state(made[0].id, JobState.running)
    await store.set_state(made[1].id, JobState.done)
    assert await store.counts() == {JobState.received: 2, JobState.running: 1}


async def test_jobs_can_be_stored_at_once(store: JobStore, job_request: Make) -> None:
    made = await asyncio.gather(*(store.create(job_request(owner=i)) for i in range(40)))
    await asyncio.gather(*(store.set_state(job.id, JobState.queued) for job in made))
    assert {job.state for job in await store.unfinished()} == {JobState.queued}
    assert len({job.spec.owner for job in await store.unfinished()}) == 40


async def test_unfinished_jobs_are_found_among_many(store: JobStore, job_request: Make, backend: str) -> None:
    """By an index, however many are over: they are looked for every few seconds."""
    explain, numbers = {
        "sqlite": ("EXPLAIN QUERY PLAN", "(SELECT value AS i FROM json_each(:list))"),
        "postgres": ("EXPLAIN", "(SELECT json_array_elements_text(:list)::int AS i)"),
    }[backend]
    job = await store.create(job_request())
    async with store.database.engine.begin() as connection:
        columns = ", ".join(column.name for column in jobs.columns if column.name not in ("id", "state"))
        await connection.execute(
            text(
                f"INSERT INTO jobs (id, state, {columns}) "
                f"SELECT 'old' || n.i, 'done', {columns} FROM jobs, {numbers} AS n"
            ),
            {"list": str(list(range(5000)))},
        )
        await connection.exec_driver_sql("ANALYZE")
    sent: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        sent.append((statement, parameters))

    engine = store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    assert [found.id for found in await store.unfinished()] == [job.id]
    assert await store.counts() == {JobState.received: 1}
    assert (await store.renew()).held == {job.id}
    assert await store.claim() == []
    event.remove(engine, "before_cursor_execute", note)
    searches = [one for one in sent if "state IN" in one[0]]
    assert len(searches) >= 6
    async with store.database.engine.begin() as connection:
        for statement, parameters in searches:
            plan = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
            assert "jobs_unfinished" in str(plan.all()), statement


async def test_a_caption_is_chosen_once_and_knows_the_channels_latest(
    store: JobStore, job_request: Make
) -> None:
    seen: list[frozenset[str]] = []

    def choose(recent: frozenset[str]) -> str:
        seen.append(recent)
        return f"caption {len(seen)}"

    first, second = await store.create(job_request()), await store.create(job_request())
    elsewhere = await store.create(
        replace(job_request(), reply_target=replace(job_request().reply_target, channel=999))
    )
    assert await store.store_caption(first, choose) == "caption 1"
    assert await store.store_caption(second, choose) == "caption 2"
    assert await store.store_caption(elsewhere, choose) == "caption 3"
    assert await store.store_caption(first, choose) == "caption 1"
    assert seen == [frozenset(), frozenset({"caption 1"}), frozenset()]
    stored = await store.get(second.id)
    assert stored
    assert stored.caption == "caption 2"


async def test_only_the_channels_latest_captions_count(store: JobStore, job_request: Make) -> None:
    jobs = [await store.create(job_request()) for _ in range(RECENT_CAPTIONS + 3)]
    seen: list[frozenset[str]] = []
    for number, job in enumerate(jobs):

        def choose(recent: frozenset[str], number: int = number) -> str:
            seen.append(recent)
            return f"caption {number}"

        await store.store_caption(job, choose)
    assert seen[-1] == {f"caption {number}" for number in range(2, RECENT_CAPTIONS + 2)}
