"""Logging: every line names its job and contains no secret."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal

from pythonjsonlogger.json import JsonFormatter

_REDACTED = "…"
_TOKEN_PATTERN = re.compile(
    # In addresses: webhooks/<application>/<token>, interactions/<id>/<token>; elsewhere: a bot's token.
    r"(?P<before>(?:webhooks|interactions)/\d+/)[\w.-]+|\b[\w-]{20,30}\.[\w-]{5,8}\.[\w-]{25,50}\b"
)
_current_job: ContextVar[str | None] = ContextVar("job", default=None)


@contextmanager
def job_context(job_id: str) -> Iterator[None]:
    """Attributes log lines inside to a job, also those of tasks that are started inside.

    Args:
        job_id: The job.
    """
    before = _current_job.get()
    _current_job.set(job_id)
    try:
        yield
    finally:
        # Not `reset`: an asynchronous generator may be closed in another context than it was begun in.
        _current_job.set(before)


def job_id_of(record: logging.LogRecord) -> str | None:
    """Returns the job of a record: of `extra={"job": …}`, or of the context that logged it.

    Args:
        record: The record.
    """
    return getattr(record, "job", None) or _current_job.get()


class Redactor:
    """Removes bot tokens, interaction tokens and named secrets from texts."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        """Keeps the secrets.

        Args:
            secrets: Texts to remove; empty ones are ignored.
        """
        self._secrets = tuple(secret for secret in secrets if secret)

    def text(self, text: str) -> str:
        """Returns a text without secrets.

        Args:
            text: Any text.
        """
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _TOKEN_PATTERN.sub(lambda match: (match["before"] or "") + _REDACTED, text)

    def value(self, value: Any) -> Any:
        """Returns a value for JSON without secrets.

        Args:
            value: Anything.
        """
        match value:
            case None | bool() | int() | float():
                return value
            case datetime():
                return value.isoformat()
            case dict():
                return {self.text(str(key)): self.value(one) for key, one in value.items()}
            case list() | tuple():
                return [self.value(one) for one in value]
            case _:
                return self.text(str(value))


class RedactingFormatter(logging.Formatter):
    """Formats a record as text, traceback included, without secrets."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        """Keeps the secrets.

        Args:
            secrets: Texts to remove.
        """
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redactor = Redactor(secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Returns the first line. Called by `format`.

        Args:
            record: The record.
        """
        if about := job_id_of(record):
            record.message = f"[job {about}] {record.message}"
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Returns a record as a line, or more with a traceback.

        Args:
            record: The record.
        """
        return self._redactor.text(super().format(record))


class RedactingJsonFormatter(JsonFormatter):
    """Formats a record as one line of JSON without secrets.

    Fields: time (ISO 8601, UTC), level, logger, message, and where there are any, job, traceback, and what
    the caller added.
    """

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        """Keeps the secrets.

        Args:
            secrets: Texts to remove.
        """
        names = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            timestamp="time",
            rename_fields=names,
            json_ensure_ascii=False,
        )
        self._redactor = Redactor(secrets)

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Adds the job. Called by `format`.

        Args:
            log_data: The fields of the line.
            record: The record.
            message_dict: The fields of a message that is a dict.
        """
        super().add_fields(log_data, record, message_dict)
        if about := job_id_of(record):
            log_data["job"] = about

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Removes secrets. Called by `format` while texts are not escaped yet, so that the JSON stays valid.

        Args:
            log_data: The fields of the line.
        """
        return {key: self._redactor.value(value) for key, value in log_data.items()}


def configure(level: str, secrets: tuple[str, ...] = (), format: Literal["text", "json"] = "text") -> None:
    """Logs to stderr.

    Args:
        level: The lowest level.
        secrets: Texts to remove.
        format: `json` is one line of JSON for each record.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingJsonFormatter(secrets) if format == "json" else RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It lists its parts at every start; `dreambot.jobs.database` logs what is migrated.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Voice is none of our business, and its missing parts no news.
    logging.getLogger("discord.client").addFilter(lambda record: "voice" not in record.getMessage())
