"""`kill -9` at every step of a job: no picture is lost, and none is delivered twice."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from dreambot.sandbox.faults import Fault
from tests.chaos.kill_points import CODEC, MACHINE, WORKER, KillPoint
from tests.chaos.request_kill_points import RequestKillPoint
from tests.chaos.scenario import (
    ALBUM,
    ALBUM_PICTURES,
    MENTION,
    NEWEST,
    QUIET,
    SLASH,
    ChaosScenario,
    chaos_scenario,
)

LATE = "late"
TOKEN_LIFETIME, NONCE_LIFE = 900, 180
ORIGINAL, CHANNEL, REPLY = r"@original$", r"^/channels/\d+/messages$", r"^/channels/\d+/messages/\d+$"

STATES = ("queued", "running", "delivering", "done")
FOUND = "set_source_image"
STORED = ("create", *(f"state.{state}" for state in STATES))

DREAM_SENT = {
    SLASH: ("PATCH", ORIGINAL),
    LATE: ("POST", CHANNEL),
    MENTION: ("PATCH", REPLY),
    QUIET: ("POST", CHANNEL),
}
PROGRESS_SENT = {SLASH: ("PATCH", ORIGINAL), LATE: ("PATCH", ORIGINAL), MENTION: ("POST", CHANNEL)}


WAYS = (SLASH, LATE, MENTION, QUIET)


def _plan(way: str, *, all_steps: bool) -> Iterator[KillPoint | RequestKillPoint]:
    """Where one bot process after the other is killed while a request is made that way.

    Without `all_steps`, every other stored step, alternating with the way: all are covered by two ways.
    """
    kind = SLASH if way == LATE else way
    for step in STORED if all_steps else STORED[WAYS.index(way) % 2 :: 2]:
        yield KillPoint(step, "before", kind)
        yield KillPoint(step, "after", kind)
    if way == SLASH:
        yield KillPoint(FOUND, "before", kind)
        yield KillPoint(FOUND, "after", kind)
    for when in ("before", "after"):
        if way in PROGRESS_SENT:
            yield RequestKillPoint(*PROGRESS_SENT[way], when, kind, dream=False)
        if way == LATE:
            # Its token has expired in the process after this one.
            yield KillPoint("state.running", "after", kind)
        yield RequestKillPoint(*DREAM_SENT[way], when, kind, dream=True)
    # Discord fails on the dream, handled or not, and the bot dies before it retries.
    for fault in (Fault.DROP_AFTER, Fault.UNAVAILABLE) if way != LATE else ():
        yield RequestKillPoint(*DREAM_SENT[way], "after", kind, dream=True, delay=0.2, fault=fault)
    # Again during the recovery.
    yield KillPoint("state.running", "after", kind)
    yield KillPoint("claim", "after", fresh=False)
    yield KillPoint("state.delivering", "after", kind, fresh=False)
    yield KillPoint("state.done", "before", kind, fresh=False, target=MACHINE)


@pytest.mark.parametrize("all_steps", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("ways", [WAYS[:2], WAYS[2:]], ids=["commands", "messages"])
async def test_the_bot_is_killed_at_every_step(
    ways: tuple[str, ...], all_steps: bool, tmp_path: Path
) -> None:
    others = cycle([SLASH, MENTION, QUIET])
    async with chaos_scenario(tmp_path) as it:
        for way in ways:
            for point in _plan(way, all_steps=all_steps):
                kind = SLASH if way == LATE else way
                if isinstance(point, KillPoint) and point.step == FOUND:
                    # Of the other requests the source is known when they are accepted.
                    kind = NEWEST
                await _killed_at(it, point, kind, next(others))
                if way == LATE:
                    it.sandbox.clock.advance(TOKEN_LIFETIME + 1)
                elif way != SLASH and it.kills % 2:
                    it.sandbox.clock.advance(NONCE_LIFE + 1)
        report = await it.settle()
        print(f"{it.kills} kills of the bot; {report}")
    report.require_complete()
    assert it.kills >= 24


async def _killed_at(it: ChaosScenario, point: KillPoint | RequestKillPoint, kind: str, other: str) -> None:
    # No new requests where the bot is to be killed during the recovery.
    recovering = not point.fresh if isinstance(point, KillPoint) else point.path == CHANNEL and kind == SLASH
    it.wire.kill_point = point if isinstance(point, RequestKillPoint) else None
    bot = await it.start(*([point] if isinstance(point, KillPoint) else []))
    if not recovering:
        for one in (kind, other):
            if not bot.exited.done():
                await it.submit(one)
    await it.killed(point)


ALBUM_STEPS = (
    # The first change of an album stores its recipes, the others that a picture was started or is dreamed.
    *(KillPoint("set_album", "after", MENTION, count=count) for count in (1, 2, 4)),
    KillPoint("set_album", "before", MENTION, count=5),
    KillPoint("state.delivering", "after", MENTION),
    RequestKillPoint(*DREAM_SENT[MENTION], "before", ALBUM, dream=True),
    RequestKillPoint(*DREAM_SENT[MENTION], "after", ALBUM, dream=True),
)


async def test_an_album_is_continued_where_it_was(tmp_path: Path) -> None:
    async with chaos_scenario(tmp_path) as it:
        it.env["FAKE_ENGINE_DIR"] = str(tmp_path)
        for point in ALBUM_STEPS:
            await _killed_at(it, point, ALBUM, QUIET)
        report = await it.settle()
        print(f"{it.kills} kills of the bot; {report}")
    report.require_complete()
    assert report.dreamed == report.accepted
    # Besides what each kill may have interrupted, every picture was dreamed once.
    dreamed = len((tmp_path / "times").read_text("ascii").splitlines())
    assert dreamed <= len(ALBUM_STEPS) * (ALBUM_PICTURES + 1) + it.kills


WORKER_STEPS = (
    KillPoint("event.queued", target=WORKER),
    KillPoint("state.running", "before", target=WORKER),
    KillPoint("codec.decode", "before", target=WORKER),
    KillPoint("event.running", "before", target=WORKER),
    KillPoint("event.running", "after", count=3, target=WORKER),
    KillPoint("finish", "before", target=WORKER),
    KillPoint("finish", "after", target=WORKER),
    KillPoint("state.delivering", "after", target=WORKER),
)
CODEC_STEPS = (
    KillPoint("codec.probe", "before", target=CODEC),
    KillPoint("codec.decode", "before", target=CODEC),
    KillPoint("codec.encode", "before", target=CODEC),
    KillPoint("codec.probe", "asked", target=CODEC),
    KillPoint("codec.decode", "asked", target=CODEC),
    KillPoint("codec.encode", "asked", target=CODEC),
)


async def test_its_processes_are_killed_and_nobody_notices(tmp_path: Path) -> None:
    steps = (*WORKER_STEPS, *CODEC_STEPS)
    async with chaos_scenario(tmp_path) as it:
        bot = await it.start(*steps, FAKE_ENGINE_STEP="0.03")
        kinds = cycle([SLASH, MENTION, QUIET])
        for count in range(1, len(steps) + 1):
            await it.accepted(await it.submit(next(kinds)))
            await it.wait_until_triggered(count)
        await it.quiet()
        report = await it.settle(bot=bot)
        print(f"{len(steps)} kills of its processes; {report}")
    report.require_complete()
    assert report.dreamed == report.asked
