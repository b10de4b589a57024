"""Speaking a language: the nearest to Discord's, with its own numbers, places and lists."""

import re

import pytest
from fluent.runtime import FluentBundle, FluentResource

from dreambot.errors import UserError
from dreambot.i18n import Translator, format_duration, join_items, translator_for
from dreambot.i18n.english import sentence_patterns, translate_english
from dreambot.recipe import DreamRequest, RecipeError
from dreambot.recipe.layers import LAYERS
from dreambot.recipe.presets import PRESETS
from tests.i18n.catalogue_reader import ROOT


@pytest.mark.parametrize(
    ("locale", "spoken"),
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
def test_the_nearest_language_is_spoken(locale: str | None, spoken: str) -> None:
    assert translator_for(locale).locale == spoken


def test_what_a_language_lacks_is_said_in_english() -> None:
    german, english = FluentBundle(["de"]), FluentBundle(["en"])
    german.add_resource(FluentResource("hello = Hallo { $name }"))
    english.add_resource(FluentResource("hello = Hello { $name }\nbye = Goodbye"))
    say = Translator("de", (german, english))
    assert (say("hello", name="Ann"), say("bye")) == ("Hallo \u2068Ann\u2069", "Goodbye")
    assert say.has("hello")
    assert not say.has("bye")


def test_an_unknown_key_is_nobodys_sentence() -> None:
    with pytest.raises(KeyError):
        translator_for("de")("core-no-such-thing")


@pytest.mark.parametrize(
    ("locale", "place", "said"),
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
def test_places_are_counted_as_the_language_does(locale: str, place: int, said: str) -> None:
    assert translator_for(locale)("core-place", place=place) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
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
def test_durations_are_as_exact_as_anybody_wants(seconds: float, said: str) -> None:
    assert format_duration(translator_for("de"), seconds) == said


def test_lists_end_as_the_language_does() -> None:
    assert join_items(translator_for("de"), ["a", "b", "c"]) == "a, b und c"
    assert join_items(translator_for("fr"), ["a", "b"], "or") == "a ou b"


def test_an_error_of_ours_is_english_in_the_log_and_told_in_the_readers_language() -> None:
    error = UserError("core-would-be-late", duration="20 min")
    assert "20 min" in str(error)
    assert error.said(translator_for("de")).startswith("Es ist so viel los")
    assert isinstance(error, UserError)


def test_what_the_rooms_below_say_is_known_again() -> None:
    with pytest.raises(RecipeError) as raised:
        DreamRequest.of(intensity=12)
    assert translate_english(translator_for("de"), str(raised.value)) == "Die Stärke geht von 1 bis 11."
    full = "You have 1 dreams waiting, and I keep no more for one person; wait until one is done, or cancel "
    assert translate_english(translator_for("de"), f"{full}one, and ask again.").startswith(
        "Du hast einen Traum in der Warteschlange"
    )
    unknown = "There is no layer called “x”; did you mean mixed3, mixed4 or mixed5?"
    assert translate_english(translator_for("de"), unknown).endswith(
        "meintest du mixed3, mixed4 oder mixed5?"
    )


def test_what_nobody_translated_stays_as_it_is() -> None:
    assert translate_english(translator_for("ja"), "Something quite new.") == "Something quite new."


def test_what_layers_and_presets_show_is_known_in_every_language() -> None:
    shown = {layer.shows for layers in LAYERS.values() for layer in layers if not layer.name.endswith("_pre")}
    shown |= {preset.shows for preset in PRESETS.values()}
    known = [wording for key, wording in sentence_patterns() if key.startswith("looks-")]
    assert not [shows for shows in shown if not any(one.gaps(shows) == {} for one in known)]
    assert len(known) == len(shown)


def test_sentences_that_are_recognised_are_still_said_below() -> None:
    rooms = ("recipe", "media", "executor", "jobs", "engine", "zoo")
    files = [path for room in rooms for path in (ROOT / "dreambot" / room).rglob("*.py")]
    files.append(ROOT / "dreambot" / "chat" / "asking" / "typed.py")
    # Strings are broken where a line of code ends.
    code = "".join(re.sub(r'"\n\s*f?"', "", path.read_text("utf-8")) for path in files)
    for key, wording in (pair for pair in sentence_patterns() if pair[0].startswith("errors-")):
        pieces = re.split(r"[“”;.():]", "“".join(wording.pieces))
        assert all(piece.strip() in code for piece in pieces), key
