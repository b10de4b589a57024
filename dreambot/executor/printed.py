"""A worker's log records, as they travel through its output into the bot's log: a line of JSON each."""

import json
import logging
from dataclasses import dataclass

from dreambot import logs

_LEVELS = logging.getLevelNamesMapping()


@dataclass(frozen=True)
class Printed:
    """What one line of a worker's output says. job: which one it is about, if any."""

    level: int
    text: str
    job: str | None = None


class Printing(logging.Formatter):
    """Formats a record, traceback included, for `read`."""

    def format(self, record: logging.LogRecord) -> str:
        """A line."""
        text = super().format(record)
        return json.dumps({"level": record.levelname, "job": logs.job_of(record), "text": text})


def read(line: str) -> Printed:
    """A line of `Printing`'s; anything else that a worker printed is a warning."""
    try:
        values = json.loads(line)
        return Printed(_LEVELS[values["level"]], str(values["text"]), values["job"])
    except (ValueError, KeyError, TypeError):
        return Printed(logging.WARNING, line)
