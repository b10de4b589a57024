"""Outages of the database, the disk and the machine, and termination by SIGTERM."""

import asyncio
import resource
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from tests.chaos.delivery_audit import AuditedRequest
from tests.chaos.fork_server import LEASE
from tests.chaos.kill_points import MACHINE
from tests.chaos.scenario import MENTION, QUIET, SLASH, ChaosScenario, chaos_scenario
from tests.support import require
from tests.support.postgres import PostgresServer, fresh_database, postgres_bin_dir

KINDS = (SLASH, MENTION, QUIET)
SLOW = {"FAKE_ENGINE_STEP": "0.04"}


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[ChaosScenario]:
    """An evening with SQLite."""
    async with chaos_scenario(tmp_path) as made:
        yield made


async def _at_work(it: ChaosScenario, requests: list[AuditedRequest]) -> None:
    """Waits until a device has one of the jobs, or had it: progress may be shown too late to be seen."""
    async with asyncio.timeout(100):
        while not any(one.job and one.job["state"] not in ("received", "queued") for one in requests):
            await asyncio.sleep(0.02)
            it.audit.look()


async def _progress_shown(it: ChaosScenario) -> None:
    """Waits until a message shows a running dream: from then on a bot that is to end waits for it."""
    await it.memes.wait_for_message(lambda one: "octave" in one.content, 100)


async def _draining(it: ChaosScenario) -> None:
    """Waits until a bot that was told to end accepts nothing new."""
    async with asyncio.timeout(100):
        while "waiting up to" not in it.log():  # noqa: ASYNC110 - a log sends no events
            await asyncio.sleep(0.05)


async def test_a_database_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    require("postgres", postgres_bin_dir() is not None)
    with PostgresServer() as server:
        async with fresh_database(server.url) as url, chaos_scenario(tmp_path, url) as it:
            bot = await it.start(**SLOW, **{LEASE: "2"})
            requests = [await it.submit(kind) for kind in KINDS * 2]
            await it.accepted(*requests)
            await _at_work(it, requests)
            await asyncio.to_thread(server.stop, immediate=True)
            # Nothing can be stored now, so an error is enough.
            late = [await it.submit(kind) for kind in KINDS]
            for request in late:
                request.message_is_enough = True
            await asyncio.sleep(1)
            await asyncio.to_thread(server.start)
            await it.quiet()
            # Again, and the bot is killed before the database is back.
            again = [await it.submit(kind) for kind in KINDS]
            await it.accepted(*again)
            await asyncio.to_thread(server.stop, immediate=True)
            bot.kill()
            await it.killed("the bot without its database")
            await asyncio.to_thread(server.start)
            report = await it.settle(bot=await it.start(**{LEASE: "2"}))
            print(report)
    report.require_complete()
    assert {request.job["state"] for request in (*requests, *again) if request.job} == {"done"}


async def test_a_disk_that_is_full_for_a_while(it: ChaosScenario) -> None:
    bot = await it.start(**SLOW)
    process = psutil.Process(bot.pid)
    for _ in range(2):
        requests = [await it.submit(kind) for kind in KINDS]
        await it.accepted(*requests)
        await _at_work(it, requests)
        _, most = process.rlimit(resource.RLIMIT_FSIZE)
        process.rlimit(resource.RLIMIT_FSIZE, (1, most))
        requests += [await it.submit(kind) for kind in KINDS]
        for request in requests:
            request.message_is_enough = True
        await asyncio.sleep(1)
        process.rlimit(resource.RLIMIT_FSIZE, (most, most))
    # A bot that cannot store how a job ended leaves it to the next process.
    bot.kill()
    await it.killed("a bot whose disk was full")
    report = await it.settle()
    print(report)
    report.require_complete()


async def test_the_machine_stops_three_times(it: ChaosScenario) -> None:
    for seconds in (0.1, 0.4, 0.8):
        bot = await it.start(**SLOW)
        await it.accepted(*[await it.submit(kind) for kind in KINDS * 2])
        await asyncio.sleep(seconds)
        bot.kill(MACHINE)
        await it.killed("everything")
    report = await it.settle()
    print(f"3 stops of the machine; {report}")
    report.require_complete()
    assert report.dreamed + report.asked_to_retry == report.asked


async def test_told_to_end_it_drains(it: ChaosScenario) -> None:
    bot = await it.start(FAKE_ENGINE_STEP="0.1")
    requests = [await it.submit(kind) for kind in KINDS * 2]
    await it.accepted(*requests)
    await _progress_shown(it)
    bot.signal(signal.SIGTERM)
    await _draining(it)
    turned_away = await it.submit(SLASH)
    assert await bot.wait_for_exit(30) == 0
    assert not await it.leftover_processes()
    report = await it.settle()
    print(report)
    report.require_complete()
    assert turned_away.job is None
    assert report.asked_to_retry == 1
    assert all(request.job and request.job["state"] == "done" for request in requests)


async def test_told_twice_it_ends_at_once(it: ChaosScenario) -> None:
    bot = await it.start(FAKE_ENGINE_STEP="0.5")
    requests = [await it.submit(kind) for kind in KINDS]
    await it.accepted(*requests)
    await _progress_shown(it)
    bot.signal(signal.SIGTERM)
    await _draining(it)
    assert not bot.exited.done()
    bot.signal(signal.SIGTERM)
    assert await bot.wait_for_exit(3) != 0
    assert not await it.leftover_processes()
    report = await it.settle()
    report.require_complete()
    assert report.dreamed + report.asked_to_retry == 3
