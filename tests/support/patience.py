"""Long timeouts for tests: the machine that runs them may be busy."""

import pytest

_PERSON_WAITS = (
    "dreambot.jobs.store._CREATE_TIMEOUT_S",
    "dreambot.guilds.eligibility._QUERY_TIMEOUT_S",
    "dreambot.guilds.looks._QUERY_TIMEOUT_S",
    "dreambot.bot.requests.look_choices._NAMES_TIMEOUT_S",
    "dreambot.bot.buttons.base.LOOKUP_TIMEOUT_S",
    "dreambot.bot.buttons.delete.LOOKUP_TIMEOUT_S",
)


@pytest.fixture(autouse=True)
def long_query_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lengthens the timeouts of database queries that a person waits for.

    A test of such a timeout sets it itself. The `conftest.py` of tests with a database imports this.
    """
    for name in _PERSON_WAITS:
        monkeypatch.setattr(name, 30.0)
