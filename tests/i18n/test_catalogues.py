"""The catalogues are complete: every message exists in every language, with the same variables."""

import logging
import re

import pytest
from fluent.syntax import FluentSerializer, ast

from dreambot.i18n import LOCALES, translator_for
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.journeys import HELLSCAPE_PRESETS
from dreambot.recipe.layers import LAYERS
from dreambot.recipe.presets import PRESETS
from tests.i18n.catalogue_reader import entries, keys_in_code, messages, variables

OTHERS = [locale for locale in LOCALES if locale != "en"]
ENGLISH_ONLY = {"cli", "setup"}
"""Subjects that only operators read."""
OPTIONAL = {"bend", "layer", "preset"}
"""Subjects whose English is in the data or beside the code; a translation may be missing."""


@pytest.mark.parametrize("locale", LOCALES)
def test_every_entry_is_valid(locale: str) -> None:
    junk = [
        (subject, entry.content)
        for subject, found in entries(locale).items()
        for entry in found.values()
        if isinstance(entry, ast.Junk)
    ]
    assert not junk


@pytest.mark.parametrize("locale", LOCALES)
def test_a_key_begins_with_its_subject_and_is_unique(locale: str) -> None:
    found = entries(locale)
    of_commands = ("command-", "option-", "choice-", "menu-")
    strange = [
        key
        for subject, keys in found.items()
        for key in keys
        if not key.startswith(of_commands if subject == "commands" else f"{subject}-")
    ]
    assert not strange
    assert sum(map(len, found.values())) == len(messages(locale))


RETIRED = {
    "en": ("films?", "filmed", "moving pictures?", "moving sources?", "models?"),
    "de": ("filme?[ns]?", r"bewegt\w* (?:bild|vorlage)\w*", "modelle?[ns]?"),
    "fr": ("films?", "(?:image|source)s? animées?", "modèles?"),
    "es": ("películas?", "(?:imagen|imágenes) en movimiento", "fuentes? animadas?", "filmes?", "modelos?"),
    "pt": ("filmes?", "películas?", "image(?:m|ns) em movimento", "fontes? animadas?", "modelos?"),
    "ja": ("映像", "映画", "フィルム", "動く(?:元)?画像", "モデル"),
}
"""Other names for what is called a video or a network, as regular expressions."""


@pytest.mark.parametrize("locale", LOCALES)
def test_videos_and_networks_have_one_name(locale: str) -> None:
    texts = {key: FluentSerializer().serialize_entry(entry) for key, entry in messages(locale).items()}
    # Backticks and braces contain names of options, variables and messages.
    texts = {key: re.sub(r"`[^`]*`|\{[^{}>]*\}", "", text.removeprefix(key)) for key, text in texts.items()}
    # Japanese has no spaces between words.
    edge = "" if locale == "ja" else r"\b"
    retired = re.compile(f"{edge}(?:{'|'.join(RETIRED[locale])}){edge}", re.IGNORECASE)
    assert [(key, text) for key, text in texts.items() if retired.search(text)] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_every_language_has_what_english_has(locale: str) -> None:
    english = {key for subject, keys in entries("en").items() if subject not in ENGLISH_ONLY for key in keys}
    theirs = {key for subject, keys in entries(locale).items() if subject not in OPTIONAL for key in keys}
    assert sorted(english - theirs) == []
    assert sorted(theirs - english) == []


@pytest.mark.parametrize("locale", OTHERS)
def test_every_optional_text_is_of_something_that_there_is(locale: str) -> None:
    layers = (layer for model in LAYERS.values() for layer in model)
    described = {
        one.description.code
        for one in (*PRESETS.values(), *HELLSCAPE_PRESETS.values(), *layers, *BENDS.values())
    }
    described |= {f"bend-{kind}-unit" for kind in BENDS}
    found = {key for subject in OPTIONAL for key in entries(locale)[subject]}
    assert sorted(found - described) == []


@pytest.mark.parametrize("locale", OTHERS)
def test_what_comes_with_dreambot_is_described_in_every_language(locale: str) -> None:
    layers = (layer for model in LAYERS.values() for layer in model if not layer.name.endswith("_pre"))
    described = [
        one.description.code
        for one in (*PRESETS.values(), *HELLSCAPE_PRESETS.values(), *layers, *BENDS.values())
    ]
    # A new one need not be translated at first.
    begun = [code for code in described if any(translator_for(other).has(code) for other in OTHERS)]
    assert len(begun) > 100
    assert [code for code in begun if not translator_for(locale).has(code)] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_every_language_has_the_same_variables(locale: str) -> None:
    different = []
    for key in messages("en").keys() & messages(locale).keys():
        english, theirs = variables("en", key), variables(locale, key)
        used = theirs.shown | theirs.selected
        if not (english.shown <= used <= english.shown | english.selected):
            different.append((key, english.shown, used))
    assert not different


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("number", [0, 1, 2, 1_000_000])
def test_every_message_can_be_formatted(locale: str, number: int, caplog: pytest.LogCaptureFixture) -> None:
    say = translator_for(locale)
    with caplog.at_level(logging.WARNING):
        for key in messages("en"):
            found = variables("en", key)
            assert say(key, **dict.fromkeys(found.shown | found.selected, number)).strip()
    assert not caplog.records


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    keys, patterns = keys_in_code()
    assert sorted(keys - messages("en").keys()) == []
    assert not [one.pattern for one in patterns if not any(map(one.fullmatch, messages("en")))]


def test_every_key_in_the_catalogue_is_used() -> None:
    keys, patterns = keys_in_code()
    referenced = {key for one in messages("en") for key in variables("en", one).references}
    unused = [
        key
        for subject, found in entries("en").items()
        if subject != "commands"
        for key in found
        if key not in keys | referenced and not any(one.fullmatch(key) for one in patterns)
    ]
    assert not unused


def test_placeholders_are_filled_in() -> None:
    for locale in LOCALES:
        for key, message in messages(locale).items():
            text = "".join(part.value for part in message.value.elements if isinstance(part, ast.TextElement))
            assert not re.search(r"\$\w|%[sd(]", text), (locale, key)
