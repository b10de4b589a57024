"""What was learnt about speeds outlives the process."""

import asyncio
from typing import cast

import pytest

from dreambot.executor.run import Executor
from dreambot.jobs import experience
from dreambot.jobs.notes import Notes
from dreambot.jobs.store import JobStore


class _Executor:
    def __init__(self, learnt: str = "") -> None:
        self.learnt = learnt

    def remember(self, learnt: str) -> None:
        self.learnt = learnt


async def test_an_executor_starts_with_what_the_last_one_learnt(store: JobStore) -> None:
    notes = Notes(store.database)
    await experience.note(cast(Executor, _Executor("twice as fast")), notes)
    next_one = _Executor()
    await experience.recall(cast(Executor, next_one), notes)
    assert next_one.learnt == "twice as fast"


async def test_the_first_executor_has_nothing_to_recall(store: JobStore) -> None:
    first = _Executor("fresh")
    await experience.recall(cast(Executor, first), Notes(store.database))
    assert first.learnt == "fresh"


async def test_it_is_noted_now_and_then(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experience, "NOTE_EVERY", 0.01)
    notes = Notes(store.database)
    noting = asyncio.create_task(experience.keep_noting(cast(Executor, _Executor("so far")), notes))
    try:
        async with asyncio.timeout(100):
            while await notes.get_meta("speeds") != "so far":  # noqa: ASYNC110 — nothing tells of it
                await asyncio.sleep(0.01)
    finally:
        noting.cancel()
