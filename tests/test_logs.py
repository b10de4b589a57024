"""What may not be read in the log."""

import logging

from dreambot.logs import Redacting


def _line(message: str, *args: object) -> str:
    record = logging.LogRecord("discord.http", logging.DEBUG, __file__, 1, message, args, None)
    return Redacting(("my-database-password",)).format(record)


def test_interaction_tokens_are_hidden() -> None:
    line = _line(
        "PATCH %s", "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246.x-Y_z/messages/@original"
    )
    assert "aW50ZXJhY3Rpb246" not in line
    assert "/webhooks/123/…/messages/@original" in line
    assert "secret" not in _line("POST https://discord.com/api/v10/interactions/5/secret_token/callback")


def test_bot_tokens_are_hidden_wherever_they_stand() -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.G1a2b3.abcdefghijklmnopqrstuvwxyz0123456789AB"
    assert token not in _line("sent %s", {"token": token})


def test_named_secrets_are_hidden_in_tracebacks_too() -> None:
    try:
        raise ValueError("postgresql://me:my-database-password@db")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, None))
    assert "my-database-password" not in Redacting(("my-database-password",)).format(record)
