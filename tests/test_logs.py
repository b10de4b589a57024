"""What is read in the log, as text and as JSON, and what may not be."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from dreambot import logs
from dreambot.logs import RedactingFormatter, RedactingJsonFormatter

BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.G1a2b3.abcdefghijklmnopqrstuvwxyz0123456789AB"
PASSWORD = 'my-"database"-pässword\\'
FORMATTERS = [RedactingFormatter, RedactingJsonFormatter]


def _record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("discord.http", logging.DEBUG, __file__, 1, message, args, exc_info)


def _raised(text: str) -> Exception:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


@pytest.fixture(params=FORMATTERS)
def formatter(request: pytest.FixtureRequest) -> logging.Formatter:
    made: logging.Formatter = request.param((PASSWORD, ""))
    return made


def test_interaction_tokens_are_hidden(formatter: logging.Formatter) -> None:
    address = "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246.x-Y_z/messages/@original"
    line = formatter.format(_record("PATCH %s", address))
    assert "aW50ZXJhY3Rpb246" not in line
    assert "/webhooks/123/…/messages/@original" in line
    callback = _record("POST https://discord.com/api/v10/interactions/5/secret_token/callback")
    assert "secret" not in formatter.format(callback)


def test_bot_tokens_are_hidden_wherever_they_stand(formatter: logging.Formatter) -> None:
    assert BOT_TOKEN not in formatter.format(_record("sent %s", {"token": BOT_TOKEN}))
    assert BOT_TOKEN not in formatter.format(_record("sent\n%s\n", BOT_TOKEN))


def test_named_secrets_are_hidden_in_tracebacks_too(formatter: logging.Formatter) -> None:
    line = formatter.format(_record("failed", error=_raised(f"postgresql://me:{PASSWORD}@db")))
    assert "ValueError: postgresql://me:…@db" in line
    assert "pässword" not in line


def test_json_stays_json_whatever_was_hidden() -> None:
    record = _record("one\n%s\ntwo %s", BOT_TOKEN, PASSWORD, error=_raised(f"\n{BOT_TOKEN}\t{PASSWORD}\n"))
    record.extra = {"list": [1, None, BOT_TOKEN], PASSWORD: {"deep": (PASSWORD, object())}}
    line = RedactingJsonFormatter((PASSWORD,)).format(record)
    assert "\n" not in line
    values = json.loads(line)
    assert values["message"] == "one\n…\ntwo …"
    assert values["extra"]["list"] == [1, None, "…"]
    assert "pässword" not in line
    assert BOT_TOKEN not in line


def test_a_json_line_says_when_who_how_bad_and_what() -> None:
    values = json.loads(RedactingJsonFormatter().format(_record("hello %s", "you")))
    assert values.pop("time")
    assert values == {"level": "DEBUG", "logger": "discord.http", "message": "hello you"}
    failed = json.loads(RedactingJsonFormatter().format(_record("oh", error=_raised("why"))))
    assert failed["traceback"].endswith("ValueError: why")
    assert datetime.fromisoformat(failed["time"]).utcoffset() == timedelta(0)


def test_a_line_names_its_job(formatter: logging.Formatter) -> None:
    assert "job" not in formatter.format(_record("before"))
    with logs.job_context("01h0"):
        line = formatter.format(_record("dreaming"))
    assert "job" not in formatter.format(_record("after"))
    if isinstance(formatter, RedactingJsonFormatter):
        assert json.loads(line)["job"] == "01h0"
    else:
        assert line.endswith("discord.http: [job 01h0] dreaming")


def test_what_is_relayed_for_a_job_names_that_job(formatter: logging.Formatter) -> None:
    record = _record("a worker's words")
    record.job = "01h1"
    with logs.job_context("01h0"):
        line = formatter.format(record)
    assert "01h1" in line
    assert "01h0" not in line


async def test_tasks_keep_the_job_they_were_begun_for() -> None:
    async def words() -> str:
        await asyncio.sleep(0)
        return RedactingFormatter().format(_record("words"))

    with logs.job_context("01h0"):
        task = asyncio.create_task(words())
    with logs.job_context("01h1"):
        other = asyncio.create_task(words())
    assert "[job 01h0]" in await task
    assert "[job 01h1]" in await other
    assert "job" not in await words()


async def test_a_generator_of_a_job_may_be_closed_by_others() -> None:
    async def working() -> Any:
        with logs.job_context("01h0"):
            yield 1
            yield 2

    generator = working()
    await asyncio.create_task(anext(generator))
    await asyncio.create_task(generator.aclose())


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("_logging_as_before")
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_goes_to_stderr(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", (PASSWORD,), format=form)
    logger = logging.getLogger("dreambot.somewhere")
    logger.debug("too little")
    with logs.job_context("01h0"):
        logger.warning("the password is %s", PASSWORD)
    sys.stderr.flush()
    [line] = capsys.readouterr().err.splitlines()
    assert "the password is …" in line
    assert "01h0" in line
    assert (form == "json") == line.startswith("{")
