"""What Discord takes as an answer while somebody types."""

from collections.abc import Iterable

from discord import app_commands

from dreambot.chat.words import Words
from dreambot.chat.words.english import from_english

MOST_CHOICES = 25
MOST_CHARACTERS = 100
_BETWEEN = " · "
AND = " + "
"""Between what two layers show."""

Pairs = list[tuple[str, str]]


def fitting(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """At most 25 pairs, each value once; what is shown is cut at 100 characters, longer values are left
    out."""
    unique = {value: shown for shown, value in reversed(list(pairs)) if 0 < len(value) <= MOST_CHARACTERS}
    return [(shown[:MOST_CHARACTERS], value) for value, shown in reversed(unique.items())][:MOST_CHOICES]


def choices(pairs: Pairs, say: Words) -> list[app_commands.Choice[str]]:
    """Pairs as discord.py wants them, in a language."""
    return [
        app_commands.Choice(name=translated(shown, say)[:MOST_CHARACTERS], value=value)
        for shown, value in pairs
    ]


def translated(shown: str, say: Words) -> str:
    """What is shown, with what stands behind the name said in a language."""
    name, dot, shows = shown.partition(_BETWEEN)
    return f"{name}{dot}{AND.join(from_english(say, one) for one in shows.split(AND))}"
