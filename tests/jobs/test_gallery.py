"""The dreams in the gallery: stored once, withdrawn by what they have to do with, and their files."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dreambot.errors import UserError
from dreambot.jobs import gallery
from dreambot.jobs.gallery import GalleryFile, GalleryFiles, GalleryStore, SharedDream, new_gallery_id
from dreambot.jobs.models import Job, JobRequest
from dreambot.jobs.storage import LocalStorage
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases

FILES = {"aa.png": b"result", "bb.jpg": b"small"}
ANN, BOB = 2**62, 2**62 + 1
DREAM = SharedDream(
    id="x" * 22,
    job="0000000000000000job1",
    owner=ANN,
    guild=11,
    channel=12,
    parent=13,
    message=2**61,
    source_message=2**60,
    source_person=BOB,
    origin_message=2**59,
    sound_message=2**58,
    results=(GalleryFile("aa.png", "image", 3, 2),),
    before=None,
    thumbnail=GalleryFile("bb.jpg", "image", 3, 2),
    size=11,
    stars=0,
    shared=datetime.now(UTC),
)


@pytest.fixture
def shared(store: JobStore, tmp_path: Path) -> GalleryStore:
    return GalleryStore(store.database, GalleryFiles(LocalStorage(tmp_path / "gallery")), max_bytes=1000)


def another(number: int, **changes: Any) -> SharedDream:
    """Makes a dream of another job and message."""
    dream = replace(DREAM, id=new_gallery_id(), job=f"0000000000000000job{number}", message=2**61 + number)
    return replace(dream, shared=DREAM.shared + timedelta(seconds=number), **changes)


async def test_a_dream_is_stored_once(shared: GalleryStore) -> None:
    tries = [replace(DREAM, id=new_gallery_id()) for _ in range(4)]
    found = await asyncio.gather(*(shared.share(one, FILES) for one in tries))
    assert len({one.id for one in found}) == 1
    assert await shared.count() == 1
    [stored] = await shared.page("newest", first=0, most=9)
    assert replace(stored, id=DREAM.id) == DREAM
    assert (await shared.files.path(stored.id, "aa.png")).read_bytes() == b"result"
    for dream in tries:
        if dream.id != stored.id:
            with pytest.raises(FileNotFoundError):
                await shared.files.path(dream.id, "aa.png")


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({"job": DREAM.job}, True),
        ({"message": DREAM.message}, True),
        ({"message": DREAM.source_message}, True),
        ({"message": DREAM.origin_message}, True),
        ({"message": DREAM.sound_message}, True),
        ({"message": 5}, False),
        ({"channels": [5, 12]}, True),
        ({"channels": [13]}, True),
        ({"channels": []}, False),
        ({"guild": 11}, True),
        ({"guild": 11, "owner": BOB}, False),
        ({"owner": ANN}, True),
        ({"source_person": BOB}, True),
        ({"source_person": BOB, "not_owner": ANN}, False),
    ],
)
async def test_it_is_withdrawn_by_what_it_has_to_do_with(
    shared: GalleryStore, condition: dict[str, Any], fits: bool, tmp_path: Path
) -> None:
    await shared.share(DREAM, FILES)
    assert await shared.withdraw(**condition) == fits
    assert await shared.count() == (not fits)
    kept = [path.name for path in (tmp_path / "gallery").rglob("*") if path.is_file()]
    assert sorted(kept) == ([] if fits else sorted(FILES))


async def test_without_a_condition_nothing_is_withdrawn(shared: GalleryStore) -> None:
    await shared.share(DREAM, FILES)
    with pytest.raises(ValueError, match="no condition"):
        await shared.withdraw()
    assert await shared.count() == 1


async def test_it_has_room_for_so_much(shared: GalleryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="full"):
        await shared.share(replace(DREAM, size=1001), FILES)
    monkeypatch.setattr(gallery, "MAX_PER_PERSON", 2)
    for number in (2, 3):
        await shared.share(another(number), FILES)
    with pytest.raises(UserError, match="2 dreams"):
        await shared.share(another(4), FILES)
    await shared.share(another(5, owner=BOB), FILES)


async def test_it_is_sorted_by_time_or_stars(shared: GalleryStore) -> None:
    dreams = [await shared.share(another(number), FILES) for number in range(2, 6)]
    await shared.set_stars(dreams[1].id, 7)
    newest = await shared.page("newest", first=1, most=2)
    assert [one.id for one in newest] == [dreams[2].id, dreams[1].id]
    starred = await shared.page("starred", first=0, most=2)
    assert [(one.id, one.stars) for one in starred] == [(dreams[1].id, 7), (dreams[3].id, 0)]


async def test_relatives_are_found_through_dreams_that_are_not_shared(
    shared: GalleryStore, store: JobStore, job_request: Callable[..., JobRequest]
) -> None:
    line: list[Job] = []
    for _ in range(4):
        line.append(await store.create(job_request(parent=line[-1].id if line else None)))
    first, third, fourth = [
        await shared.share(another(number, job=line[number].id, source_message=None), FILES)
        for number in (0, 2, 3)
    ]
    assert [one.id for one in await shared.ancestors(fourth)] == [third.id, first.id]
    assert [one.id for one in await shared.descendants(first)] == [third.id, fourth.id]
    assert await shared.ancestors(first) == []


async def test_relatives_are_found_by_the_message_of_the_picture(
    shared: GalleryStore, store: JobStore, job_request: Callable[..., JobRequest]
) -> None:
    jobs = [await store.create(job_request()) for _ in range(2)]
    first = await shared.share(another(1, job=jobs[0].id), FILES)
    second = await shared.share(another(2, job=jobs[1].id, source_message=first.message), FILES)
    assert [one.id for one in await shared.ancestors(second)] == [first.id]
    assert [one.id for one in await shared.descendants(first)] == [second.id]


async def test_files_of_no_dream_are_swept(shared: GalleryStore, tmp_path: Path) -> None:
    await shared.share(DREAM, FILES)
    await shared.files.put("y" * 22, FILES)
    await shared.files.put("z" * 22, FILES)
    old = time.time() - 3600
    for path in (tmp_path / "gallery").rglob("*.*"):
        if "z" * 22 not in str(path):
            os.utime(path, (old, old))
    await shared.sweep()
    kept = {path.parent.name for path in (tmp_path / "gallery").rglob("*.*")}
    # One that was written just now may belong to a dream that is being shared.
    assert kept == {DREAM.id, "z" * 22}
