"""The texts of a result."""

from typing import Any

import pytest

from dreambot.bot.captions import alt_text, result_content, result_filename
from dreambot.i18n import LOCALES, Translator, translator_for
from dreambot.jobs.models import SourceImage, UrlSource
from dreambot.recipe import Guide, LayerTerm, Recipe, parse_layers
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.summon import parse_classes
from dreambot.recipe.video import HellscapeParams, VideoParams
from tests.bot.test_captions import marks, preset_recipe
from tests.support.recipes import make_recipe

ENGLISH = translator_for("en")
CAPTION = "the dogs have noticed you"


def described(translate: Translator, recipe: Recipe, label: str | None = "the picture cat.png") -> str:
    """The alt text of a dream. label: of its source; None for noise."""
    source = SourceImage(UrlSource("https://example.org/cat.png"), label, False, None) if label else None
    return alt_text(translate, recipe, source)


def summoned(**changes: Any) -> Recipe:
    """Builds a recipe that summons a goldfish without a source, with some fields changed."""
    fish = {"model": "mobilenet_v2", "layers": parse_classes("goldfish"), "intensity": 6}
    return make_recipe(**fish | {"parametrisation": "fourier"} | changes)


KINDS: dict[str, tuple[Recipe, str | None, str]] = {
    "dream": (make_recipe(intensity=11), "the picture cat.png", "dreamed by"),
    "bend": (
        make_recipe(bends=(BendTerm(kind="swap", layer="mixed1", amount=0.3),)),
        "the picture cat.png",
        "circuits bent",
    ),
    "moving": (make_recipe(moving=VideoParams(frames=8)), "the picture cat.gif", "frame by frame"),
    "hellscape": (make_recipe(hellscape=HellscapeParams(frames=96, fps=12)), None, "video of 8 s"),
    "summoning": (summoned(), None, "from noise"),
    "summoning into": (summoned(parametrisation="pixels"), "the picture cat.png", "summoned"),
}


def test_the_plain_caption_and_the_recipe_follow() -> None:
    layers = (LayerTerm(layer="mixed4"), LayerTerm(layer="mixed5", weight=0.5))
    recipe = make_recipe(layers=layers, palette="natural", intensity=11, seed=7)
    corrupted, beneath = result_content(CAPTION, recipe, corrupted=True).split("\n")
    assert CAPTION in beneath
    assert beneath.startswith("-# ")
    assert "`layer:mixed4+mixed5*0.5 intensity:11 seed:7`" in beneath
    assert not any(marks(beneath))
    assert sum(marks(corrupted)) > 20


@pytest.mark.parametrize(("intensity", "corrupted"), [(2, True), (11, False)])
def test_a_plain_caption_is_not_repeated(intensity: int, corrupted: bool) -> None:
    recipe = make_recipe(intensity=intensity)
    assert result_content(CAPTION, recipe, corrupted=corrupted).count(CAPTION) == 1


def test_the_longest_recipe_fits_into_a_message() -> None:
    channels = tuple(range(64))
    layers = tuple(LayerTerm(layer=f"mixed{number}", channels=channels) for number in range(8))
    assert len(result_content(CAPTION, make_recipe(layers=layers, intensity=11), corrupted=True)) <= 2000


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_alt_text_says_what_was_done_to_what(kind: str, locale: str) -> None:
    recipe, label, said = KINDS[kind]
    text = described(translator_for(locale), recipe, label)
    assert recipe.model in text
    assert all(term.layer in text for term in recipe.layers)
    assert not recipe.intensity or str(recipe.intensity) in text
    assert label is None or label.rpartition(" ")[2] in text
    assert said in text or locale != "en"


def test_layer_descriptions_are_translated() -> None:
    assert "dogs" in described(ENGLISH, make_recipe())
    assert "Hunde" in described(translator_for("de"), make_recipe())
    assert "goldfish" in described(translator_for("ja"), summoned(), None)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", PRESETS)
def test_alt_text_says_what_a_preset_shows(preset: str, locale: str) -> None:
    say = translator_for(locale)
    # Its own noun phrase is optional.
    shown = say(f"alt-{preset}") if ENGLISH.has(f"alt-{preset}") else PRESETS[preset].description.text(say)
    assert shown in described(say, preset_recipe(preset))


@pytest.mark.parametrize(
    ("recipe", "said", "unsaid"),
    [
        (preset_recipe("oracle"), "one great human eye", "dogs"),
        (preset_recipe("totem"), "stacked masks", "dogs"),
        (preset_recipe("eyes"), "eyes wherever", "primate"),
        (make_recipe(guide=Guide(sha256="0" * 64)), "second picture", "dogs"),
        (make_recipe(layers=parse_layers("mixed5[7]")), "single channels of mixed5", "dogs"),
        (make_recipe(layers=parse_layers("mixed4[68,47]+mixed3")), "eyes wherever", "primate"),
        (make_recipe(layers=parse_layers("-mixed2")), "shards", "spirals"),
        (make_recipe(layers=parse_layers("-mixed4")), "washed-out", "eyes"),
    ],
)
def test_alt_text_does_not_claim_what_cannot_be_seen(recipe: Recipe, said: str, unsaid: str) -> None:
    text = described(ENGLISH, recipe)
    assert said in text
    assert unsaid not in text


def test_the_longest_alt_text_fits() -> None:
    for locale in LOCALES:
        assert len(described(translator_for(locale), make_recipe(), "x" * 3000)) <= 1024


def test_the_file_is_named_after_its_recipe() -> None:
    assert result_filename(make_recipe(intensity=11), "png") == "mixed5-11.png"
    assert result_filename(KINDS["bend"][0], "png") == "bent-mixed5.png"
    assert result_filename(KINDS["hellscape"][0], "mp4") == "hellscape-mixed5.mp4"
    assert result_filename(summoned(), "png") == "classes-6.png"
