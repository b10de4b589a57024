"""Completing options while they are typed."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.bot.requests.completion import (
    ChoicePairs,
    architecture_of,
    build_choices,
    complete_bend,
    complete_class,
    complete_journey,
    complete_layer,
    complete_model,
)
from dreambot.bot.requests.free_text import parse_request
from dreambot.errors import UserError
from dreambot.i18n import LOCALES, Translator, translator_for
from dreambot.recipe import LAYERS, Layer, find_layer, parse_journey, parse_layers
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import parse_bends
from dreambot.recipe.layers import BEND_LAYERS
from dreambot.recipe.summon import parse_classes

SAME = ("mild", "wild", "pagodas")
"""Words that are equal in several languages."""


def test_an_empty_text_offers_layers_with_descriptions() -> None:
    offered = {value: shown for shown, value in complete_layer("")}
    assert "mixed5" in offered
    assert "dogs" in offered["mixed5"]
    assert "conv0" not in offered


def test_the_last_term_of_a_mix_is_completed() -> None:
    values = [value for _, value in complete_layer("mixed3*0.5+mixed4")]
    assert values == ["mixed3*0.5+mixed4"]
    assert "mixed3" not in [value.partition("+")[2] for _, value in complete_layer("mixed3+")]


def test_looks_and_aliases_find_layers() -> None:
    assert "mixed5" in [value for _, value in complete_layer("dogs")]
    assert [value for _, value in complete_layer("Mixed_6c")] == ["mixed5"]


def test_weights_and_channels_are_left_as_typed() -> None:
    assert complete_layer("mixed4[68,47") == [("mixed4[68,47", "mixed4[68,47")]


@given(st.text(max_size=6000))
def test_choices_always_fit_discords_limits(typed: str) -> None:
    pairs = complete_layer(typed)
    assert len(pairs) <= 25
    assert all(1 <= len(shown) <= 100 and 1 <= len(value) <= 100 for shown, value in pairs)


def test_a_full_layer_name_offers_mixes_with_descriptions() -> None:
    offered = {value: shown for shown, value in complete_layer("mixed4")}
    assert offered["mixed4+mixed5"] == "mixed4+mixed5 · eyes, primate faces, fur + dogs, fur, tartan, webs"


def test_other_models_have_their_own_layers() -> None:
    assert "conv4_3" in [value for _, value in complete_layer("", "vgg16")]
    assert not [value for _, value in complete_journey("", "vgg16") if value.startswith("mixed")]


def test_every_completion_can_be_requested() -> None:
    for model in LAYERS:
        for _, value in complete_layer("", model):
            parse_layers(value, model)
        for _, value in complete_journey("", model):
            parse_journey(value, model)
        for _, value in complete_bend("", model)[1:]:
            parse_bends(value, model)
    for _, value in complete_class("goldfish, cas"):
        parse_classes(value)


def test_a_journey_is_completed_after_its_arrow() -> None:
    values = [value for _, value in complete_journey("mixed3 > mixed3 > mixed4")]
    assert values == ["mixed3 > mixed3 > mixed4"]


def test_bends_are_completed_part_by_part() -> None:
    assert complete_bend("ran")[0] == ("random · knobs spun by chance", "random")
    assert "swap" in complete_bend("swap@mixed1=0.3+sw")[0][1].partition("+")[2]
    assert complete_bend("cut@mixed1")[0][1].startswith("cut@mixed1=")
    assert [shown.partition("· ")[2] for shown, _ in complete_bend("cut@mixed1=")] == [
        "mild",
        "middling",
        "wild",
    ]


def test_installed_models_are_offered() -> None:
    values = [value for _, value in complete_model("")]
    assert "vgg16" in values
    assert architecture_of("vgg16") == "vgg16"
    assert architecture_of("no such thing") == "inception_v3"


@given(st.text(max_size=6000), st.sampled_from([complete_journey, complete_bend, complete_class]))
def test_completions_of_any_text_fit(typed: str, complete: Callable[[str], ChoicePairs]) -> None:
    pairs = complete(typed)
    assert len(pairs) <= 25
    assert len({value for _, value in pairs}) == len(pairs)
    assert all(1 <= len(shown) <= 100 and 1 <= len(value) <= 100 for shown, value in pairs)


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_every_completion_is_described_in_every_language(locale: str) -> None:
    def offered(say: Translator) -> ChoicePairs:
        pairs = [*complete_layer("", translate=say), *complete_layer("mixed4", translate=say)]
        pairs += [*complete_journey("", translate=say), *complete_bend("", translate=say)]
        pairs += [*complete_bend("cut@mixed1=", translate=say), *complete_model("", say)]
        return [*pairs, *complete_layer("", "vgg16", say)]

    english = [pair for pair in offered(translator_for("en")) if " · " in pair[0]]
    theirs = [pair for pair in offered(translator_for(locale)) if " · " in pair[0]]
    # A new bend need not be translated at first.
    codes = {bend.does: bend.description.code for bend in BENDS.values()}
    untranslated = tuple(does for does, code in codes.items() if not translator_for(locale).has(code))
    for (shown, value), choice in zip(english, build_choices(theirs), strict=True):
        assert choice.value == value
        same = choice.name.partition(" · ")[2] == shown.partition(" · ")[2]
        assert not same or shown.endswith((*SAME, *untranslated))


UNOFFERED = [
    (model, layer)
    for model, layers in LAYERS.items()
    for layer in layers
    if not layer.offered and layer.objective != "logit"
]


@pytest.mark.parametrize(("model", "layer"), UNOFFERED)
def test_layers_that_are_not_offered_are_completed_only_when_fully_typed(model: str, layer: Layer) -> None:
    for typed in (layer.name[:end] for end in range(len(layer.name))):
        for complete in (complete_layer, complete_journey):
            values = [value for text in (typed, f"{typed} > {typed}") for _, value in complete(text, model)]
            assert layer.name not in re.findall(r"\w+", " ".join(values))
    assert layer.name in [value for _, value in complete_layer(layer.name, model)]


@pytest.mark.parametrize("model", LAYERS)
def test_bends_are_offered_where_something_good_to_dream_follows(model: str) -> None:
    places = {layer.name: place for place, layer in enumerate(LAYERS[model])}
    deepest = places[BEND_LAYERS[model].dreamed[-1]]
    for typed in ("", "swap@", f"cut@{BEND_LAYERS[model].bent[0]}=0.3+swap@"):
        offered = [value for _, value in complete_bend(typed, model) if value != "random"]
        assert offered
        for value in offered:
            assert places[parse_bends(value, model)[-1].layer] <= deepest


@pytest.mark.parametrize("word", ["mixed77", "mixed8x", "mixedd7", "Mixed_6ee", "mixd8", "mixed_7a1"])
def test_errors_do_not_suggest_layers_that_are_not_offered(word: str) -> None:
    with pytest.raises(UserError) as said:
        parse_request(word)
    with pytest.raises(UserError) as named:
        find_layer(word)
    for error in (said, named):
        assert not {"mixed7", "mixed8", "mixed_6e", "mixed_7a"} & set(error.value.message.params["names"])
