"""`kill -9` in the middle of real dreams."""

from pathlib import Path

import pytest

from dreambot.zoo.weights import locate
from tests.chaos.evening import MENTION, SLASH, evening
from tests.chaos.nursery import REAL_ENGINE
from tests.chaos.traps import BOT, MACHINE, WORKER, Trap
from tests.support import require

LIVES = (
    [Trap("event.Running", target=BOT)],
    [Trap("event.Running", target=WORKER), Trap("state.delivering", "after", target=BOT)],
    [Trap("event.Running", "after", target=WORKER), Trap("event.Running", target=MACHINE)],
)


@pytest.mark.weights
@pytest.mark.slow
async def test_killed_in_the_middle_of_real_dreams(tmp_path: Path) -> None:
    require("weights", locate("inception_v3") is not None)
    async with evening(tmp_path, inverted=False) as it:
        it.env[REAL_ENGINE] = "1"
        for traps in LIVES:
            await it.start(*traps)
            await it.accepted(*[await it.ask(kind) for kind in (SLASH, MENTION)])
            await it.killed(traps[-1], 60)
        books = await it.settle(120)
        kills = it.sprung()
        print(f"{len(kills)} kills amid real dreams; {books}")
    books.require_whole()
    assert books.dreamed == 6
    assert len(kills) == 5
