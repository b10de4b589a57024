"""`kill -9` in the middle of real dreams."""

from pathlib import Path

import pytest

from dreambot.zoo.weights import locate
from tests.chaos.fork_server import REAL_ENGINE
from tests.chaos.kill_points import BOT, MACHINE, WORKER, KillPoint
from tests.chaos.scenario import MENTION, SLASH, chaos_scenario
from tests.support import require

LIVES = (
    [KillPoint("event.running", target=BOT)],
    [KillPoint("event.running", target=WORKER), KillPoint("state.delivering", "after", target=BOT)],
    [KillPoint("event.running", "after", target=WORKER), KillPoint("event.running", target=MACHINE)],
)


@pytest.mark.weights
@pytest.mark.slow
async def test_killed_in_the_middle_of_real_dreams(tmp_path: Path) -> None:
    require("weights", locate("inception_v3") is not None)
    async with chaos_scenario(tmp_path, inverted=False) as it:
        it.env[REAL_ENGINE] = "1"
        for traps in LIVES:
            await it.start(*traps)
            await it.accepted(*[await it.submit(kind) for kind in (SLASH, MENTION)])
            await it.killed(traps[-1], 60)
        report = await it.settle(120)
        kills = it.triggered()
        print(f"{len(kills)} kills amid real dreams; {report}")
    report.require_complete()
    assert report.dreamed == 6
    assert len(kills) == 5
