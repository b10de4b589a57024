"""From the names of classes to a recipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import LayerTerm, Recipe, RecipeError, SourceFacts
from dreambot.recipe.layers import DEFAULT_WEIGHTS
from dreambot.recipe.summon import SummonRequest, format_classes, parse_classes, resolve_summon
from dreambot.recipe.text import format_recipe, parse_recipe
from tests.support.recipes import fake_trained


def recipe_of(classes: str, source: SourceFacts | None = None, **wishes: object) -> Recipe:
    return resolve_summon(
        SummonRequest.of(classes, **wishes),
        source,
        seed=5,
        models=fake_trained,
        precision="fp32",
        max_pixels=786_432,
    )


@pytest.mark.parametrize(
    ("typed", "classes"),
    [
        ("golden retriever*2 + goldfish", [(207, 2.0), (1, 1.0)]),
        ("castle, volcano", [(483, 1.0), (980, 1.0)]),
        ("goldfish - pug*0.5", [(1, 1.0), (254, -0.5)]),
        ("castle,-pug", [(483, 1.0), (254, -1.0)]),
        ("shih-tzu", [(155, 1.0)]),
        ("black-and-tan coonhound + jack-o'-lantern", [(165, 1.0), (607, 1.0)]),
    ],
)
def test_classes_are_joined_weighted_and_suppressed(typed: str, classes: list[tuple[int, float]]) -> None:
    assert [(term.channels[0], term.weight) for term in parse_classes(typed)] == classes


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say what to summon"),
        ("castle +", "Say what to summon"),
        ("castle*lots", "weight of castle"),
        ("castle*nan", "weight of castle"),
        ("castle*99", "weight of castle"),
        ("-castle", "besides those to suppress"),
        ("castle + cat", "tabby"),
        ("+".join(["castle"] * 9), "At most 8"),
        ("x" * 500, "400 characters"),
    ],
)
def test_what_cannot_be_summoned_is_told(typed: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        SummonRequest.of(typed)


@pytest.mark.parametrize(("wish", "said"), [({"intensity": 12}, "1 to 11"), ({"size": 5000}, "1,024")])
def test_numbers_out_of_range_are_told(wish: dict[str, object], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        SummonRequest.of("castle", **wish)


weights = st.floats(0.001, 10, allow_nan=False).map(lambda x: round(x, 3))
signed = st.tuples(weights, st.sampled_from((1, -1))).map(lambda pair: pair[0] * pair[1])


@given(st.lists(st.tuples(st.integers(0, 999), signed), min_size=1, max_size=8))
def test_the_text_of_classes_reads_back(classes: list[tuple[int, float]]) -> None:
    terms = tuple(LayerTerm(layer="classes", channels=(number,), weight=w) for number, w in classes)
    if any(term.weight > 0 for term in terms):
        assert parse_classes(format_classes(terms)) == terms


def test_out_of_nothing_a_spectrum_is_climbed() -> None:
    recipe = recipe_of("goldfish")
    assert (recipe.parametrisation, recipe.objective, recipe.model) == ("fourier", "logit", "mobilenet_v2")
    assert recipe.sizes[-1] == (recipe.width, recipe.height)


def test_classes_out_of_noise_have_the_statistics_of_photos() -> None:
    recipe = recipe_of("goldfish")
    assert recipe.statistics > 0
    assert (
        parse_recipe(
            format_recipe(recipe.model_copy(update={"weights": DEFAULT_WEIGHTS["mobilenet_v2"]}))
        ).statistics
        > 0
    )
    assert recipe_of("mixed4[68]").statistics == 0
    assert recipe_of("goldfish", SourceFacts(640, 480)).statistics == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": [{"layer": "block10"}]},
        {"layers": [{"layer": "classes"}, {"layer": "conv0"}]},
        {"model": "resnet50"},
    ],
)
def test_statistics_are_for_classes_of_mobilenet_v2(changes: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match="statistics works only with classes of mobilenet_v2"):
        Recipe.checked({**recipe_of("goldfish").model_dump(), **changes})


def test_only_what_starts_from_noise_has_statistics() -> None:
    still = recipe_of("goldfish", SourceFacts(640, 480))
    with pytest.raises(RecipeError, match="statistics"):
        Recipe.checked({**still.model_dump(), "statistics": 1.0})


def test_more_intensity_is_more_work() -> None:
    assert recipe_of("goldfish", intensity=3).flops < recipe_of("goldfish", intensity=9).flops


def test_a_picture_keeps_its_shape() -> None:
    recipe = recipe_of("goldfish", SourceFacts(640, 480))
    assert (recipe.parametrisation, recipe.width, recipe.height) == ("pixels", 640, 480)
    with pytest.raises(RecipeError, match="keeps its own"):
        recipe_of("goldfish", SourceFacts(640, 480), size=256)


def test_layers_come_out_of_nothing_too() -> None:
    recipe = recipe_of("mixed4[68,47]*2 + mixed5")
    assert (recipe.model, recipe.parametrisation) == ("inception_v3", "fourier")
    assert recipe.layers[0] == LayerTerm(layer="mixed4", channels=(68, 47), weight=2.0)
    assert format_classes(recipe.layers) == "mixed4[68,47]*2+mixed5"
    with pytest.raises(RecipeError, match="0 to 767"):
        recipe_of("mixed4[9999]")
    with pytest.raises(RecipeError, match="use dream"):
        recipe_of("mixed4", SourceFacts(640, 480))
