"""What is kept of a person is shown to them, and goes when they say so."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import TypeDecorator, select, update
from sqlalchemy.types import TypeEngine

from dreambot.guilds.settings import PersonSettings
from dreambot.guilds.store import GuildStore
from dreambot.jobs.files import JobFiles, RetentionLimits
from dreambot.jobs.history import Comparison, Comparisons, JobHistory
from dreambot.jobs.models import AttachmentSource, Job, JobRequest, JobState, Result, SourceImage
from dreambot.jobs.personal_data import PersonalData, PostedMessage
from dreambot.jobs.schema import comparisons, jobs
from dreambot.jobs.storage import LocalStorage
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from tests.jobs.backends import both_databases
from tests.support.recipes import fake_trained

pytestmark = both_databases

Make = Callable[..., JobRequest]

ANN, BOB = 2**63 - 1, 77_123_456_789
GUILD, CHANNEL, APPLICATION, MESSAGE, ANSWER = 21_000_001, 22_000_002, 23_000_003, 24_000_004, 25_000_005
SECRETS = ("a-secret-token", "cdn.test", "ann's cat", "so sorry, ann")
RECIPE = resolve_dream(
    DreamRequest(layer="mixed5", intensity=7),
    SourceFacts(300, 300),
    seed=1,
    models=fake_trained,
    precision="fp32",
    max_pixels=10**6,
)


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[JobFiles]:
    async with Fetcher(frozenset()) as fetcher:
        limits = RetentionLimits(timedelta(hours=24), timedelta(days=7), 10**9)
        yield JobFiles(LocalStorage(tmp_path / "files"), fetcher, limits)


@pytest.fixture
def personal(store: JobStore, files: JobFiles) -> PersonalData:
    return PersonalData(store.database, files)


@pytest.fixture
def anns(job_request: Make) -> Callable[..., JobRequest]:
    """Makes requests of Ann's, full of what must not stay."""

    def make(**changes: object) -> JobRequest:
        cat = AttachmentSource("https://cdn.test/cat.png", "cat.png", 9)
        whole: dict[str, object] = {
            "owner": ANN,
            "guild": GUILD,
            "channel": CHANNEL,
            "application": APPLICATION,
            "reply_to": MESSAGE,
            "source": SourceImage(cat, "ann's cat", True, MESSAGE),
            "request": DreamRequest(layer="mixed5", intensity=7),
        }
        return job_request(**(whole | changes))

    return make


async def _done(store: JobStore, files: JobFiles, job_request: JobRequest, recipe: Recipe = RECIPE) -> Job:
    job = await store.create(job_request, ANSWER)
    key = await files.save(job.id, b"a dream", "png")
    await store.set_state(job.id, JobState.queued, recipe=recipe)
    await store.set_state(job.id, JobState.delivering, result=Result(key, "png", 1.0))
    await store.set_state(job.id, JobState.done, result_message=ANSWER)
    found = await store.get(job.id)
    assert found
    return found


async def _rows(store: JobStore) -> str:
    """Every word in the table of jobs."""
    async with store.database.engine.connect() as connection:
        rows = (await connection.execute(select(jobs))).all()
    return json.dumps([[str(value) for value in row] for row in rows])


async def test_only_nameless_lineage_stays(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make, job_request: Make
) -> None:
    first = await _done(store, files, anns())
    gone_on = await _done(store, files, anns(owner=BOB, source=None))
    child = await _done(store, files, anns())
    failed = await store.create(anns())
    await store.set_state(failed.id, JobState.failed, error="so sorry, ann")
    waiting = await store.create(anns())
    before = {word: word in await _rows(store) for word in (*SECRETS, str(ANN), str(GUILD), str(ANSWER))}
    assert all(before.values()), before

    assert await personal.erase(ANN) == 4
    await personal.erase(BOB)

    kept = await _rows(store)
    for word in (*SECRETS, *map(str, (ANN, BOB, GUILD, CHANNEL, APPLICATION, MESSAGE, ANSWER))):
        assert word not in kept, word
    for job in (first, gone_on, child):
        left = await store.get(job.id)
        assert left
        assert (left.recipe, left.spec.parent, left.state) == (RECIPE, job.spec.parent, JobState.done)
        assert (left.spec.owner, left.spec.source, left.result) == (0, None, None)
        assert not await files.has_source(job.id)
    over = await store.get(waiting.id)
    assert over
    assert over.state is JobState.cancelled
    assert await store.unfinished() == []
    assert not await store.set_state(waiting.id, JobState.running)


async def test_words_in_a_recipe_go_and_the_rest_of_it_stays(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    words = 'ann "loves" bob'
    request = DreamRequest(text=words, intensity=7)
    written = resolve_dream(
        request, SourceFacts(300, 300), seed=1, models=fake_trained, precision="fp32", max_pixels=10**6
    )
    first = await _done(store, files, anns(request=request), written)
    others = await _done(store, files, anns(owner=BOB, request=request), written)

    await personal.erase(ANN)

    left, kept = await store.get(first.id), await store.get(others.id)
    assert left
    assert kept
    assert left.recipe == written.model_copy(update={"text": None})
    assert kept.recipe == written
    assert kept.spec.request == request


def _python_type(kept_as: TypeEngine[object]) -> type:
    return (kept_as.impl_instance if isinstance(kept_as, TypeDecorator) else kept_as).python_type


async def test_no_column_is_forgotten_when_others_are_added(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    job = await _done(store, files, anns())
    kept = {"id", "state", "recipe", "parent", "created"}
    marks: dict[type, object] = {
        str: "a mark",
        int: 987_654_321,
        float: 987.5,
        bool: True,
        datetime: job.updated,
    }
    there = [column for column in jobs.columns if column.name not in kept]
    filled = {column.name: marks[_python_type(column.type)] for column in there}
    of_job = jobs.c.id == job.id
    async with store.database.engine.begin() as connection:
        await connection.execute(update(jobs).where(of_job).values(filled | {"owner": ANN}))
    await personal.erase(ANN)
    async with store.database.engine.connect() as connection:
        row = (await connection.execute(select(jobs).where(of_job))).mappings().one()
    left = {column.name for column in there if row[column.name] == filled[column.name]}
    assert left <= {"updated", "since"}
    assert row["updated"] == row["since"] == row["created"]


async def test_files_go_too_and_others_keep_theirs(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make, tmp_path: Path
) -> None:
    mine = await _done(store, files, anns())
    others = await _done(store, files, anns(owner=BOB))
    await personal.erase(ANN)
    assert not list((tmp_path / "files" / mine.id).glob("*"))
    assert list((tmp_path / "files" / others.id).glob("*"))
    [kept] = await JobHistory(store.database).dreams(BOB)
    assert kept == others


async def test_who_goes_on_from_a_nameless_dream_still_finds_it(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    first = await _done(store, files, anns())
    second = await _done(store, files, replace(anns(owner=BOB), parent=first.id))
    await personal.erase(ANN)
    line = await JobHistory(store.database).line(second)
    assert [job.id for job in line] == [second.id, first.id]
    assert line[1].recipe == RECIPE


async def test_others_dreams_on_ones_picture_forget_whose_it_was(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    cat = AttachmentSource("https://cdn.test/cat.png", "cat.png", 9)
    await _done(store, files, anns(owner=BOB, source=SourceImage(cat, "ann's cat", False, MESSAGE, ANN)))
    assert [one["channel"] for one in (await personal.export(ANN))["dreamed_by_others"]] == [str(CHANNEL)]
    await personal.erase(ANN)
    kept = await _rows(store)
    assert str(BOB) in kept
    assert str(ANN) not in kept
    assert "ann's cat" not in kept


async def test_a_sound_is_forgotten_also_with_another_persons_picture(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    voice = SourceImage(
        AttachmentSource("https://cdn.test/voice.ogg", "voice.ogg", 9), "ann's voice", False, MESSAGE, ANN
    )
    cat = SourceImage(AttachmentSource("https://cdn.test/cat.png", "cat.png", 9), "a cat", False, 15, BOB)
    for source in (None, cat):
        await _done(store, files, anns(owner=BOB, source=source, sound=voice))
    assert len((await personal.export(ANN))["dreamed_by_others"]) == 2
    await personal.erase(ANN)
    kept = await _rows(store)
    assert str(ANN) not in kept
    assert "voice" not in kept
    assert "a cat" in kept


async def test_the_export_says_it_all_but_no_secret(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    guild_store = GuildStore(store.database)
    await guild_store.set_person(ANN, PersonSettings(untouchable=True))
    await guild_store.block(GUILD, ANN)
    done = await _done(store, files, anns())
    await _done(store, files, anns(owner=BOB))
    waiting = await store.create(anns())
    told = json.loads(json.dumps(await personal.export(ANN)))
    assert told["settings"]["untouchable"] is True
    assert [one["guild"] for one in told["blocked_in"]] == [str(GUILD)]
    assert [one["id"] for one in told["dreams"]] == [done.id, waiting.id]
    first = told["dreams"][0]
    assert first["owner"] == str(ANN)
    assert first["result_message"] == str(ANSWER)
    assert first["request"]["layer"] == "mixed5"
    assert first["recipe"]["seed"] == 1
    assert (first["label"], first["state"]) == ("ann's cat", "done")
    assert "a-secret-token" not in json.dumps(told)


async def test_what_was_posted_for_all_is_known(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    done = await _done(store, files, anns())
    secret = anns()
    await _done(store, files, replace(secret, reply_target=replace(secret.reply_target, private=True)))
    unfinished = await store.create(anns())
    assert await personal.posted(ANN) == [PostedMessage(done.id, GUILD, CHANNEL, ANSWER)]
    assert await personal.unfinished(ANN) == [unfinished.id]


def _comparison(message: int, job: str, person: int = BOB, **shows: int | None) -> Comparison:
    pictures: dict[str, int | None] = {"dream": 1, "before": None, "source": None} | shows
    return Comparison(
        message=message,
        guild=GUILD,
        channel=CHANNEL,
        person=person,
        job=job,
        dream=pictures["dream"] or 0,
        before=pictures["before"],
        source=pictures["source"],
    )


async def test_comparisons_that_concern_somebody_are_told_and_go_with_all_their_columns(
    store: JobStore, files: JobFiles, personal: PersonalData, anns: Make
) -> None:
    mine = await _done(store, files, anns())
    upon_mine = await _done(
        store,
        files,
        anns(
            owner=BOB, source=SourceImage(AttachmentSource("https://cdn.test/a", "a", 1), "", False, 5, ANN)
        ),
    )
    theirs = await store.create(anns(owner=BOB, source=None))
    kept = Comparisons(store.database)
    concerned = [
        _comparison(101, mine.id),
        _comparison(102, upon_mine.id, source=5),
        _comparison(103, theirs.id, ANN),
        _comparison(104, theirs.id, before=ANSWER),
        _comparison(105, theirs.id, dream=ANSWER),
    ]
    others = _comparison(106, theirs.id, dream=7, source=8)
    for one in (*concerned, others):
        await kept.note(one)
    posted = await personal.comparisons(ANN)
    assert posted == [PostedMessage(one.job, GUILD, CHANNEL, one.message) for one in concerned]
    told = (await personal.export(ANN))["comparisons"]
    assert [one["message"] for one in told] == [str(one.message) for one in concerned]
    assert all(one.keys() == set(comparisons.columns.keys()) for one in told)
    await personal.erase(ANN)
    async with store.database.engine.connect() as connection:
        rows = (await connection.execute(select(comparisons))).mappings().all()
    assert [Comparison(**row) for row in rows] == [others]


async def test_settings_go_and_a_moderators_block_stays(store: JobStore, personal: PersonalData) -> None:
    guild_store = GuildStore(store.database)
    await guild_store.set_person(ANN, PersonSettings(untouchable=True, ping=True))
    await guild_store.block(GUILD, ANN)
    assert await personal.erase(ANN) == 0
    assert await guild_store.person(ANN) == PersonSettings()
    assert await guild_store.blocked(GUILD, ANN)
