"""A thousand kills, and two thousand dreams in one process: `make soak`.

SOAK_KILLS and SOAK_JOBS in the environment set other numbers.
"""

import asyncio
import os
import random
import time
from pathlib import Path
from statistics import median

import psutil
import pytest

from tests.chaos.bot_processes import BotProcess
from tests.chaos.kill_points import BOT, CODEC, MACHINE, WORKER, KillPoint
from tests.chaos.scenario import MENTION, NEWEST, QUIET, SLASH, ChaosScenario, chaos_scenario

KILLS = int(os.environ.get("SOAK_KILLS", "1000"))
JOBS = int(os.environ.get("SOAK_JOBS", "2000"))
KINDS = (SLASH, NEWEST, MENTION, QUIET)
STEPS = (
    *("create", "set_source_image", "state.queued", "state.running", "state.delivering", "state.done"),
    *("claim", "event.queued", "finish"),
)
TOKEN_LIFETIME, NONCE_LIFE = 900, 180
AT_ONCE, FLAT = 8, 0.05

pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]


async def test_a_thousand_kills(tmp_path: Path) -> None:
    dice = random.Random(KILLS)
    async with chaos_scenario(tmp_path, keep_requests=1000) as it:
        triggered = 0
        while it.kills + triggered < KILLS:
            await _a_life(it, dice)
            triggered = len([line for line in it.triggered() if line.startswith((WORKER, CODEC))])
            if dice.random() < 0.2:
                it.sandbox.clock.advance(dice.choice((NONCE_LIFE, TOKEN_LIFETIME)) + 1)
            if it.kills % 50 == 0:
                # Every fifty kills a bot may finish everything.
                await it.end(await _done(it))
                report = it.audit.close()
                print(f"{it.kills + triggered} kills; {report}", flush=True)
                # Here, while the log still shows the reason.
                assert not report.doubled, "\n".join([*report.doubled, it.log(5000)])
                it.move()
                await it.end(await it.start())
        report = await it.settle(300)
        print(f"{it.kills + triggered} kills; {report}")
    report.require_complete()


async def _a_life(it: ChaosScenario, dice: random.Random) -> None:
    """Some requests; a worker or a codec may be killed, and then the bot or the whole machine."""
    traps = []
    if dice.random() < 0.3:
        traps.append(
            KillPoint(dice.choice(("state.running", "event.queued", "finish")), "before", target=WORKER)
        )
    if dice.random() < 0.3:
        task = dice.choice(("probe", "decode", "encode"))
        traps.append(KillPoint(f"codec.{task}", dice.choice(("before", "asked")), target=CODEC))
    exact = dice.random() < 0.5
    target = dice.choice((BOT, BOT, BOT, MACHINE))
    if exact:
        when, count = dice.choice(("before", "after")), dice.randint(1, 3)
        traps.append(KillPoint(dice.choice(STEPS), when, count=count, target=target, fresh=False))
    bot = await it.start(*traps)
    for _ in range(dice.randint(1, 4)):
        if not bot.exited.done():
            await it.submit(dice.choice(KINDS))
    # A trap that nothing walks into in time is no loss.
    await asyncio.wait([bot.exited], timeout=dice.uniform(0, 1.5) + exact)
    if not bot.exited.done():
        bot.kill(target)
    await it.killed("a process of the soak")


async def _done(it: ChaosScenario) -> BotProcess:
    bot = await it.start()
    await it.quiet(120)
    return bot


async def test_memory_stays_flat(tmp_path: Path) -> None:
    async with chaos_scenario(tmp_path, keep_requests=1000) as it:
        bot = await it.start()
        process = psutil.Process(bot.pid)
        used: list[tuple[int, float]] = []
        began = time.monotonic()
        while len(it.audit.requests) < JOBS:
            await it.accepted(
                *[await it.submit(KINDS[index % len(KINDS)]) for index in range(AT_ONCE)], timeout=60
            )
            await it.quiet()
            used.append((len(it.audit.requests), process.memory_info().rss / 2**20))
        seconds = time.monotonic() - began
        report = await it.settle(bot=bot)
    early = median(rss for jobs, rss in used if 0.2 * JOBS <= jobs <= 0.3 * JOBS)
    late = median(rss for jobs, rss in used if jobs >= 0.9 * JOBS)
    shown = ", ".join(f"{jobs}: {rss:.1f}" for jobs, rss in used[:: max(1, len(used) // 12)])
    print(f"{JOBS} jobs in {seconds:.0f} s; MiB: {shown}; {early:.1f} → {late:.1f} ({late / early - 1:+.1%})")
    report.require_complete()
    assert report.dreamed == report.asked
    assert abs(late / early - 1) <= FLAT
