"""What a worker logs arrives in the bot's log as it was meant."""

import logging
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from dreambot import logs
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers.process import JsonLogFormatter, LogLine, parse_log_line
from dreambot.workers.types import Pixels
from tests.scheduler.conftest import Make, StartLocal
from tests.support.fake_engine import FakeEngine

log = logging.getLogger(__name__)

TALKATIVE = "tests.scheduler.test_worker_log:Talkative"


class Talkative(FakeEngine):
    """Says what it does, in each of the ways there are."""

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Any, None, tuple[Pixels, str | None]]:
        """Dreams, and talks."""
        log.error("a dream of %d steps", recipe.steps)
        print("a library's own words")
        sys.stdout.flush()
        return (yield from super().dream(inputs, recipe, stop))


def test_a_traceback_stays_one_record() -> None:
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    with logs.job_context("01h0"):
        line = JsonLogFormatter().format(record)
    assert "\n" not in line
    printed = parse_log_line(line)
    assert printed.level == logging.ERROR
    assert printed.job == "01h0"
    assert printed.text.startswith("failed\nTraceback")
    assert printed.text.endswith("ValueError: why")


@pytest.mark.parametrize(
    "line", ["CUDA error", "", "[1]", '{"level": "LOUD"}', '{"level": []}', "null", "[" * 10_000]
)
def test_anything_else_is_a_warning(line: str) -> None:
    assert parse_log_line(line) == LogLine(logging.WARNING, line)


async def test_a_workers_lines_name_the_job_that_it_is_at(
    start_local: StartLocal, recipe: Make, picture: Pixels, caplog: pytest.LogCaptureFixture
) -> None:
    async with start_local(engine=TALKATIVE) as executor:
        await executor.submit("01h0", recipe(), DreamInputs(picture)).result()
    said = {record.getMessage(): record for record in caplog.records if record.name == "dreambot.worker"}
    words = said["a dream of 3 steps"]
    assert (words.levelno, logs.job_id_of(words)) == (logging.ERROR, "01h0")
    assert logs.job_id_of(said["a library's own words"]) is None
