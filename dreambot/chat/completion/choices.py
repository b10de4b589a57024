"""What Discord takes as an answer while somebody types."""

from collections.abc import Iterable

from discord import app_commands

MOST_CHOICES = 25
MOST_CHARACTERS = 100

Pairs = list[tuple[str, str]]


def fitting(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """At most 25 pairs, each value once; what is shown is cut at 100 characters, longer values are left
    out."""
    unique = {value: shown for shown, value in reversed(list(pairs)) if 0 < len(value) <= MOST_CHARACTERS}
    return [(shown[:MOST_CHARACTERS], value) for value, shown in reversed(unique.items())][:MOST_CHOICES]


def choices(pairs: Pairs) -> list[app_commands.Choice[str]]:
    """Pairs as discord.py wants them."""
    return [app_commands.Choice(name=shown, value=value) for shown, value in pairs]
