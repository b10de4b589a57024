"""What stands with a result."""

from typing import Any

import pytest

from dreambot.chat.describing import alt_text, content, filename
from dreambot.chat.words import LOCALES, words
from dreambot.jobs.types import Finished, Result, Subject, UrlSource
from dreambot.recipe import Guide, LayerTerm, Recipe, parse_layers
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.film import Hellscape, Moving
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.summon import parse_classes
from tests.chat.test_captions import marks, preset_recipe
from tests.support.recipes import some_recipe

ENGLISH = words("en")
CAPTION = "the dogs have noticed you"


def finished(recipe: Recipe, label: str | None = "the picture cat.png") -> Finished:
    """A dream of it; label: upon what, None for nothing."""
    subject = Subject(UrlSource("https://example.org/cat.png"), label, False, None) if label else None
    return Finished(subject, Result("key", "png", 40, 30, 1.0, None, recipe.frames), recipe)


def summoned(**changes: Any) -> Recipe:
    """A goldfish, out of nothing but for what is asked otherwise."""
    fish = {"model": "mobilenet_v2", "layers": parse_classes("goldfish"), "intensity": 6}
    return some_recipe(**fish | {"parametrisation": "fourier"} | changes)


KINDS: dict[str, tuple[Recipe, str | None, str]] = {
    "dream": (some_recipe(intensity=11), "the picture cat.png", "dreamed upon"),
    "bend": (
        some_recipe(bends=(BendTerm(kind="swap", layer="mixed1", amount=0.3),)),
        "the picture cat.png",
        "circuits bent",
    ),
    "moving": (some_recipe(moving=Moving(frames=8)), "the picture cat.gif", "frame by frame"),
    "hellscape": (some_recipe(hellscape=Hellscape(frames=96, fps=12)), None, "video of 8 s"),
    "summoning": (summoned(), None, "out of nothing"),
    "summoning into": (summoned(parametrisation="pixels"), "the picture cat.png", "summoned"),
}


def test_the_plain_line_and_the_recipe_stand_beneath() -> None:
    layers = (LayerTerm(layer="mixed4"), LayerTerm(layer="mixed5", weight=0.5))
    recipe = some_recipe(layers=layers, intensity=11, seed=7)
    corrupted, beneath = content(CAPTION, recipe, corrupted=True).split("\n")
    assert CAPTION in beneath
    assert beneath.startswith("-# ")
    assert "`layer:mixed4+mixed5*0.5 intensity:11 seed:7`" in beneath
    assert not any(marks(beneath))
    assert sum(marks(corrupted)) > 20


@pytest.mark.parametrize(("intensity", "corrupted"), [(2, True), (11, False)])
def test_a_calm_caption_is_not_said_twice(intensity: int, corrupted: bool) -> None:
    recipe = some_recipe(intensity=intensity)
    assert content(CAPTION, recipe, corrupted=corrupted).count(CAPTION) == 1


def test_the_longest_recipe_fits_into_a_message() -> None:
    channels = tuple(range(64))
    layers = tuple(LayerTerm(layer=f"mixed{number}", channels=channels) for number in range(8))
    assert len(content(CAPTION, some_recipe(layers=layers, intensity=11), corrupted=True)) <= 2000


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_alt_text_says_what_was_done_to_what(kind: str, locale: str) -> None:
    recipe, label, said = KINDS[kind]
    text = alt_text(words(locale), finished(recipe, label))
    assert recipe.model in text
    assert all(term.layer in text for term in recipe.layers)
    assert not recipe.intensity or str(recipe.intensity) in text
    assert label is None or label.rpartition(" ")[2] in text
    assert said in text or locale != "en"


def test_what_layers_show_is_said_in_the_language() -> None:
    assert "dogs" in alt_text(ENGLISH, finished(some_recipe()))
    assert "Hunde" in alt_text(words("de"), finished(some_recipe()))
    assert "goldfish" in alt_text(words("ja"), finished(summoned(), None))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", PRESETS)
def test_alt_text_says_what_a_preset_shows(preset: str, locale: str) -> None:
    text = alt_text(words(locale), finished(preset_recipe(preset)))
    assert words(locale)(f"alt-{preset}") in text


@pytest.mark.parametrize(
    ("recipe", "said", "unsaid"),
    [
        (preset_recipe("oracle"), "one great human eye", "dogs"),
        (preset_recipe("totem"), "stacked masks", "dogs"),
        (preset_recipe("eyes"), "eyes wherever", "primate"),
        (some_recipe(guide=Guide(sha256="0" * 64)), "second picture", "dogs"),
        (some_recipe(layers=parse_layers("mixed5[7]")), "single channels of mixed5", "dogs"),
        (some_recipe(layers=parse_layers("mixed4[68,47]+mixed3")), "eyes wherever", "primate"),
        (some_recipe(layers=parse_layers("-mixed2")), "shards", "spirals"),
        (some_recipe(layers=parse_layers("-mixed4")), "washed-out", "eyes"),
    ],
)
def test_alt_text_does_not_claim_what_is_not_seen(recipe: Recipe, said: str, unsaid: str) -> None:
    text = alt_text(ENGLISH, finished(recipe))
    assert said in text
    assert unsaid not in text


def test_the_longest_alt_text_fits() -> None:
    for locale in LOCALES:
        assert len(alt_text(words(locale), finished(some_recipe(), "x" * 3000))) <= 1024


def test_the_file_is_named_after_its_recipe() -> None:
    assert filename(some_recipe(intensity=11), "png") == "mixed5-11.png"
    assert filename(KINDS["bend"][0], "png") == "bent-mixed5.png"
    assert filename(KINDS["hellscape"][0], "mp4") == "hellscape-mixed5.mp4"
    assert filename(summoned(), "png") == "classes-6.png"
