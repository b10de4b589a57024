"""Logging, with every secret taken out of what is written."""

import logging
import re
import sys

_HIDDEN = "…"
_TOKENS = re.compile(
    # In addresses: webhooks/<application>/<token>, interactions/<id>/<token>; elsewhere: a bot's token.
    r"(?P<before>(?:webhooks|interactions)/\d+/)[\w.-]+|\b[\w-]{20,30}\.[\w-]{5,8}\.[\w-]{25,50}\b"
)


class Redacting(logging.Formatter):
    """Formats a record, traceback included, without bot tokens, interaction tokens and named secrets."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, or more with a traceback."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKENS.sub(lambda match: (match["before"] or "") + _HIDDEN, text)


def set_up(level: str, secrets: tuple[str, ...] = ()) -> None:
    """Sends the log to stderr from `level` on, without `secrets`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Voice is none of our business, and its missing parts no news.
    logging.getLogger("discord.client").addFilter(lambda record: "voice" not in record.getMessage())
