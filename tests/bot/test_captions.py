"""The caption above a dream."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.bot.captions import MAX_CORRUPTED_LETTERS, MAX_MARKS_PER_LETTER, choose_caption, look_of, zalgo
from dreambot.i18n import LOCALES, translator_for
from dreambot.jobs.store import RECENT_CAPTIONS
from dreambot.recipe import LAYERS, Guide, LayerTerm, Recipe, parse_layers
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.summon import parse_classes
from dreambot.recipe.video import HellscapeParams, VideoParams
from tests.i18n.catalogue_reader import entries
from tests.support.recipes import make_recipe

ENGLISH = translator_for("en")
GROUPS = list(entries("en")["captions"])


def marks(text: str) -> list[int]:
    """Counts the combining marks of each letter."""
    counts: list[int] = []
    for character in text:
        if unicodedata.combining(character):
            counts[-1] += 1
        else:
            counts.append(0)
    return counts


@pytest.mark.parametrize("notch", [1, 2, 3])
def test_low_intensities_do_not_corrupt_captions(notch: int) -> None:
    assert zalgo("the dogs have noticed you", notch, 5) == "the dogs have noticed you"


def test_corruption_depends_on_the_intensity() -> None:
    sums = [sum(marks(zalgo("the dogs have noticed you", notch, 5))) for notch in range(3, 12)]
    assert sums == sorted(sums)
    assert sums[-1] > 4 * sums[2] > 0


@given(st.text(max_size=200), st.integers(1, 11), st.integers(0, 2**32 - 1))
def test_the_number_of_marks_is_limited(text: str, notch: int, seed: int) -> None:
    plain = "".join(c for c in text if not unicodedata.combining(c))
    out = zalgo(plain, notch, seed)
    assert "".join(c for c in out if not unicodedata.combining(c)) == plain
    counts = marks(out) if out else [0]
    assert max(counts) <= MAX_MARKS_PER_LETTER
    assert sum(count > 0 for count in counts) <= MAX_CORRUPTED_LETTERS
    assert out == zalgo(plain, notch, seed)


def captions_in_a_channel(recipes: list[Recipe], locale: str = "en") -> list[str]:
    """Chooses the captions of consecutive dreams in a channel."""
    said: list[str] = []
    for number, recipe in enumerate(recipes):
        latest = frozenset(said[-RECENT_CAPTIONS:])
        said.append(choose_caption(translator_for(locale), recipe, f"job {number}", latest))
    return said


def preset_recipe(name: str, intensity: int = 6) -> Recipe:
    """Builds a recipe with a preset."""
    preset = PRESETS[name]
    layers = parse_layers(preset.layers, preset.model)
    return make_recipe(model=preset.model, layers=layers, preset=name, intensity=intensity)


def test_the_same_job_has_the_same_caption() -> None:
    for number in range(50):
        first = choose_caption(ENGLISH, make_recipe(), f"job {number}")
        assert first == choose_caption(ENGLISH, make_recipe(), f"job {number}")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", [None, *PRESETS])
def test_a_channel_does_not_get_the_same_caption_twice_in_twenty(locale: str, preset: str | None) -> None:
    recipe = preset_recipe(preset) if preset else make_recipe()
    said = captions_in_a_channel([recipe] * 100, locale)
    for start in range(len(said) - 20):
        row = said[start : start + 20]
        assert len(set(row)) == len(row)


@pytest.mark.parametrize("locale", LOCALES)
def test_there_are_many_captions_and_each_is_short(locale: str) -> None:
    lines = [line for key in GROUPS for line in translator_for(locale)(key).splitlines()]
    assert len(lines) == len(set(lines)) >= (200 if locale == "en" else 120)
    assert all(0 < len(line) <= MAX_CORRUPTED_LETTERS and line == line.strip() for line in lines)


def test_no_language_repeats_the_english_captions() -> None:
    english = {line for key in GROUPS for line in ENGLISH(key).splitlines()}
    for locale in set(LOCALES) - {"en"}:
        theirs = {line for key in GROUPS for line in translator_for(locale)(key).splitlines()}
        assert not english & theirs


def test_every_group_is_used_by_some_dream() -> None:
    recipes = [preset_recipe(name) for name in PRESETS]
    recipes += [make_recipe(intensity=notch) for notch in range(1, 12)]
    recipes += [
        make_recipe(model=layer.model, layers=(LayerTerm(layer=layer.name),))
        for layers in LAYERS.values()
        for layer in layers
    ]
    recipes += [
        make_recipe(bends=(BendTerm(kind="swap", layer="mixed1", amount=0.3),)),
        make_recipe(hellscape=HellscapeParams(frames=96, fps=12)),
        make_recipe(moving=VideoParams(frames=8)),
        *(make_recipe(guide=Guide(sha256="0" * 64, kind=kind)) for kind in ("match", "style")),
        make_recipe(
            sheet={
                "others": [make_recipe().model_dump()] * 3,
                "width": 20,
                "height": 15,
                "steps": 1.0,
                "step": 1.4,
            }
        ),
        make_recipe(model="mobilenet_v2", layers=parse_classes("goldfish")),
        *(make_recipe(layers=(LayerTerm(layer=layer, weight=-1.0),)) for layer in ("mixed2", "mixed4")),
    ]
    said = {choose_caption(ENGLISH, recipe, f"job {number}") for recipe in recipes for number in range(60)}
    unused = [key for key in GROUPS if not said & set(ENGLISH(key).splitlines())]
    assert not unused


@pytest.mark.parametrize(
    ("preset", "group", "never"),
    [
        ("oracle", "captions-oracle", "captions-dogs"),
        ("totem", "captions-totem", "captions-dogs"),
        ("eyes", "captions-eyes", "captions-animals"),
        ("tartan", "captions-weave", "captions-birds"),
        ("storm", "captions-storm", "captions-fur"),
    ],
)
def test_captions_are_about_the_look_and_not_about_its_layer(preset: str, group: str, never: str) -> None:
    said = {choose_caption(ENGLISH, preset_recipe(preset), f"job {number}") for number in range(300)}
    assert set(ENGLISH(group).splitlines()) <= said
    assert not set(ENGLISH(never).splitlines()) & said


def test_captions_depend_on_the_intensity() -> None:
    calm, loud = (set(ENGLISH(f"captions-{level}").splitlines()) for level in ("calm", "loud"))
    for notch, fitting, other in ((1, calm, loud), (11, loud, calm)):
        said = {choose_caption(ENGLISH, make_recipe(intensity=notch), f"job {n}") for n in range(300)}
        assert said & fitting
        assert not said & other


def test_channels_of_a_preset_are_recognised_without_its_name() -> None:
    assert look_of(make_recipe(layers=parse_layers("mixed4[68]"))).names == ("eyes",)
    assert look_of(make_recipe(layers=parse_layers("mixed5[256,310,320]"))).names == ("oracle",)
    # Not all of its channels are the preset's.
    assert look_of(make_recipe(layers=parse_layers("mixed4[68,5]"))).channels == ("mixed4",)
    # The same channels of another network show something else.
    other = make_recipe(model="vgg16", layers=parse_layers("conv4_1[68]", "vgg16"))
    assert look_of(other).channels == ("conv4_1",)


def test_a_preset_with_another_layer_looks_like_the_layer() -> None:
    look = look_of(make_recipe(layers=parse_layers("mixed3"), preset="oracle"))
    assert look.names == ()
    assert [layer.shows for layer in look.layers] == ["wheels, ringed eyes, spikes"]
