"""What was found about one thing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """state: good, worth a look (it works all the same), or bad (the bot cannot work so). what: a short
    sentence. mend: what to do."""

    state: Literal["good", "look", "bad"]
    what: str
    mend: str | None = None


def good(what: str) -> Finding:
    """As it should be."""
    return Finding("good", what)


def look(what: str, mend: str) -> Finding:
    """It works, but not as well as it could."""
    return Finding("look", what, mend)


def bad(what: str, mend: str) -> Finding:
    """The bot cannot work so."""
    return Finding("bad", what, mend)
