"""Formats durations and lists in a locale."""

from collections.abc import Iterable
from typing import Literal

from babel import Locale
from babel.lists import format_list

from dreambot.i18n.catalogue import FALLBACK, Translator

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def format_duration(words: Translator, seconds: float) -> str:
    """Returns a rounded duration: `8 s`, `2 min`, `3 h`, `2 days`.

    Args:
        words: The language.
        seconds: The duration.
    """
    if seconds < 1.5 * _MINUTE_S:
        return words("core-seconds", number=max(1, round(seconds)))
    if seconds < 1.5 * _HOUR_S:
        return words("core-minutes", number=round(seconds / _MINUTE_S))
    if seconds < 1.5 * _DAY_S:
        return words("core-hours", number=round(seconds / _HOUR_S))
    return words("core-days", number=round(seconds / _DAY_S))


def join_items(words: Translator, items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Returns `a, b and c`, or `a, b or c`.

    Args:
        words: The language.
        items: The items.
        style: “or” for alternatives.
    """
    # American English has a comma before the last item; the sentences around it are British.
    locale = Locale("en", "GB") if words.locale == FALLBACK else Locale.parse(words.locale)
    return format_list(list(items), style, locale)
