"""The message catalogues: a folder of Fluent files for each locale, one file for each subject."""

import logging
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource

log = logging.getLogger(__name__)

FALLBACK = "en"
LOCALES = ("en", "de", "fr", "es", "pt", "ja")
"""Discord's locales begin with one of these: en-US and en-GB, es-ES and es-419, pt-BR. To add a language, add
its name here, and a folder with the files that English has."""


class Translator:
    """Returns the messages of one language.

    Attributes:
        locale: The language, one of `LOCALES`.
    """

    def __init__(self, locale: str, bundles: tuple[FluentBundle, ...]) -> None:
        """Stores the bundles.

        Args:
            locale: The language.
            bundles: Its own bundle, then those to fall back on.
        """
        self.locale = locale
        self._bundles = bundles

    def __call__(self, key: str, /, **values: str | float) -> str:
        """Formats a message; in English if the language lacks it.

        Args:
            key: The key in the catalogues.
            values: The message's variables.

        Raises:
            KeyError: No language has the message.
        """
        for bundle in self._bundles:
            if bundle.has_message(key):
                message = bundle.get_message(key)
                if message.value is not None:
                    text, errors = bundle.format_pattern(message.value, values)
                    for error in errors:
                        log.warning("%s in %s: %s", key, self.locale, error)
                    return str(text)
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Returns whether the language itself has a message.

        Args:
            key: The key in the catalogues.
        """
        return self._bundles[0].has_message(key)


def translator_for(locale: str | None) -> Translator:
    """Returns the translator of a locale, English if we do not have its language.

    Args:
        locale: One of Discord's locales, such as `pt-BR`; None for English.
    """
    language = (locale or FALLBACK).partition("-")[0].lower()
    return _translator(language if language in LOCALES else FALLBACK)


def environment_locale(environ: Mapping[str, str]) -> str:
    """Returns the first of our languages that the user of a terminal asks for, as gettext looks it up.

    Args:
        environ: The environment: LANGUAGE is a list of locales, LC_ALL, LC_MESSAGES and LANG are one
            each. Without any of them, and in the locales C and POSIX, it is English.
    """
    named = [environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)]
    languages = environ.get("LANGUAGE", "").split(":")
    if named:
        first = named[0].partition(".")[0]
        languages = [] if first in ("C", "POSIX") else [*languages, first]
    codes = [re.split("[_.@-]", language)[0].lower() for language in languages]
    return next((code for code in codes if code in LOCALES), FALLBACK)


def load_catalogues() -> None:
    """Reads all catalogues now, which takes a moment, instead of when a user waits for an answer."""
    for locale in LOCALES:
        _bundle(locale)


def catalogue_files(locale: str) -> list[Path]:
    """Returns the files of a language, sorted.

    Args:
        locale: One of `LOCALES`.
    """
    return sorted((Path(__file__).parent / locale).glob("*.ftl"))


@cache
def _translator(locale: str) -> Translator:
    chain = dict.fromkeys((locale, FALLBACK))
    return Translator(locale, tuple(map(_bundle, chain)))


@cache
def _bundle(locale: str) -> FluentBundle:
    # Unicode isolation marks would surround every number, and Discord shows some of them.
    bundle = FluentBundle([locale], functions={"ORDINAL": _ordinal(locale)}, use_isolating=False)
    for path in catalogue_files(locale):
        bundle.add_resource(FluentResource(path.read_text("utf-8")))
    return bundle


def _ordinal(locale: str) -> Any:
    """Returns a Fluent function that Fluent's Python lacks: `ORDINAL($place)` is `one` for 1st and 21st."""
    form = Locale.parse(locale).ordinal_form

    def ordinal(number: float) -> str:
        return str(form(number))

    return ordinal
