"""What was learned about speeds outlives the process."""

import asyncio
from typing import cast

import pytest

from dreambot.jobs import key_value
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.store import JobStore
from dreambot.scheduler.run import Executor


class _Executor:
    def __init__(self, learned: str = "") -> None:
        self.learned = learned

    def remember(self, learned: str) -> None:
        self.learned = learned


async def test_an_executor_starts_with_what_the_last_one_learnt(store: JobStore) -> None:
    key_values = KeyValueStore(store.database)
    await key_value.save_speeds(cast(Executor, _Executor("twice as fast")), key_values)
    next_one = _Executor()
    await key_value.load_speeds(cast(Executor, next_one), key_values)
    assert next_one.learned == "twice as fast"


async def test_the_first_executor_has_nothing_to_recall(store: JobStore) -> None:
    first = _Executor("fresh")
    await key_value.load_speeds(cast(Executor, first), KeyValueStore(store.database))
    assert first.learned == "fresh"


async def test_it_is_noted_now_and_then(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_value, "SAVE_SPEEDS_INTERVAL_S", 0.01)
    key_values = KeyValueStore(store.database)
    noting = asyncio.create_task(
        key_value.save_speeds_periodically(cast(Executor, _Executor("so far")), key_values)
    )
    try:
        async with asyncio.timeout(100):
            while await key_values.get("speeds") != "so far":  # noqa: ASYNC110 — nothing tells of it
                await asyncio.sleep(0.01)
    finally:
        noting.cancel()
