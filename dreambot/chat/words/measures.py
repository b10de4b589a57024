"""How long, and which ones: what every language counts and lists in its own way."""

from collections.abc import Iterable
from typing import Literal

from babel import Locale
from babel.lists import format_list

from dreambot.chat.words.catalogue import Words

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def duration(words: Words, seconds: float) -> str:
    """`8 s`, `2 min`, `3 h`, `2 days`: no more exact than anybody wants."""
    if seconds < 1.5 * _MINUTE:
        return words("core-seconds", number=max(1, round(seconds)))
    if seconds < 1.5 * _HOUR:
        return words("core-minutes", number=round(seconds / _MINUTE))
    if seconds < 1.5 * _DAY:
        return words("core-hours", number=round(seconds / _HOUR))
    return words("core-days", number=round(seconds / _DAY))


def listing(words: Words, items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """`a, b and c`, or `a, b or c`."""
    return format_list(list(items), style, Locale.parse(words.locale))
