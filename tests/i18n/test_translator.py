"""Translators: the language nearest to Discord's locale, with its own numbers, ordinals and lists."""

import pytest
from fluent.runtime import FluentBundle, FluentResource

from dreambot.errors import UserError
from dreambot.i18n import Translator, format_duration, join_items, translator_for
from dreambot.i18n.catalogue import environment_locale


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-GB", "en"),
        ("de", "de"),
        ("es-419", "es"),
        ("pt-BR", "pt"),
        ("ko", "en"),
        (None, "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_used(locale: str | None, expected: str) -> None:
    assert translator_for(locale).locale == expected


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "pt_BR"}, "pt"),
        ({"LANG": "sv_SE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "de_DE"}, "en"),
        ({"LC_ALL": "fr_FR", "LANG": "de_DE"}, "fr"),
        ({"LC_MESSAGES": "ja_JP.eucJP", "LANG": "de_DE"}, "ja"),
        ({"LANGUAGE": "sv:es:de", "LANG": "sv_SE"}, "es"),
        ({"LANGUAGE": "fr"}, "fr"),
        ({"LANG": "../../x"}, "en"),
    ],
)
def test_a_terminal_has_the_language_of_its_user(environ: dict[str, str], locale: str) -> None:
    assert environment_locale(environ) == locale


def test_a_missing_message_falls_back_to_english() -> None:
    german, english = FluentBundle(["de"]), FluentBundle(["en"])
    german.add_resource(FluentResource("hello = Hallo { $name }"))
    english.add_resource(FluentResource("hello = Hello { $name }\nbye = Goodbye"))
    say = Translator("de", (german, english))
    assert (say("hello", name="Ann"), say("bye")) == ("Hallo \u2068Ann\u2069", "Goodbye")
    assert say.has("hello")
    assert not say.has("bye")


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        translator_for("de")("core-no-such-thing")


@pytest.mark.parametrize(
    ("locale", "place", "expected"),
    [
        ("en", 1, "1st"),
        ("en", 2, "2nd"),
        ("en", 3, "3rd"),
        ("en", 11, "11th"),
        ("en", 112, "112th"),
        ("en", 21, "21st"),
        ("fr", 1, "1re place"),
        ("fr", 2, "2e place"),
        ("ja", 4, "4番目"),
    ],
)
def test_positions_have_the_ordinals_of_the_language(locale: str, place: int, expected: str) -> None:
    assert translator_for(locale)("core-place", place=place) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.2, "1 s"),
        (8, "8 s"),
        (89, "89 s"),
        (90, "2 min"),
        (3600, "60 min"),
        (7200, "2 h"),
        (172_800, "2 Tage"),
    ],
)
def test_durations_are_rounded(seconds: float, expected: str) -> None:
    assert format_duration(translator_for("de"), seconds) == expected


def test_lists_are_joined_as_in_the_language() -> None:
    assert join_items(translator_for("de"), ["a", "b", "c"]) == "a, b und c"
    assert join_items(translator_for("fr"), ["a", "b"], "or") == "a ou b"


def test_an_error_is_english_in_the_log_and_translated_for_the_reader() -> None:
    error = UserError("core-would-be-late", duration="20 min")
    assert "20 min" in str(error)
    assert error.text(translator_for("de")).startswith("Die Warteschlange ist so lang")
    assert isinstance(error, UserError)
