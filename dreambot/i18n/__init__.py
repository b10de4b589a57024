"""The texts for people, in six languages."""

from dreambot.i18n.catalogue import FALLBACK, LOCALES, Translator, translator_for
from dreambot.i18n.formatting import format_duration, join_items

__all__ = [
    "FALLBACK",
    "LOCALES",
    "Translator",
    "format_duration",
    "join_items",
    "translator_for",
]
