"""Random bends."""

from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import LAYERS, RecipeError, parse_layers
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import check_upstream, parse_bends
from dreambot.recipe.layers import BEND_LAYERS
from dreambot.recipe.random_bends import MAX_CHAOS, bent_preset, layer_behind_bends, random_bends

MODELS = list(LAYERS)
SEEDS = range(60)
models = st.sampled_from(MODELS)
seeds = st.integers(0, 2**32 - 1)
chaoses = st.integers(1, MAX_CHAOS)


def place(layer: str, model: str) -> int:
    return [known.name for known in LAYERS[model]].index(layer)


def count(chaos: int) -> int:
    return 1 if chaos < 5 else 2 if chaos < 9 else 3


def share(kind: str, amount: float) -> float:
    """How far an amount is from mild, 0, to wild, 1."""
    known = BENDS[kind]
    return (amount - known.mild) / (known.wild - known.mild)


@given(chaoses, seeds, models)
def test_draws_are_valid_and_avoid_what_does_not_go_together(chaos: int, seed: int, model: str) -> None:
    bends, dreamed = random_bends(chaos, seed, model)
    assert len(bends) == count(chaos)
    for different in ({bend.kind for bend in bends}, {bend.layer for bend in bends}):
        assert len(different) == len(bends)
    assert len({BENDS[bend.kind].family for bend in bends}) == len(bends)
    assert {BENDS[bend.kind].drawn for bend in bends} <= ({"always", "alone"} if chaos < 5 else {"always"})
    assert all(-0.01 <= share(bend.kind, bend.amount) <= 1.01 for bend in bends)
    usual = BEND_LAYERS[model]
    assert {bend.layer for bend in bends} <= set(usual.bent)
    assert all(bend.layer != usual.bent[0] for bend in bends if BENDS[bend.kind].family == "thin")
    assert dreamed in usual.dreamed
    check_upstream(bends, [dreamed], model)
    assert place(dreamed, model) > max(place(bend.layer, model) for bend in bends)
    assert random_bends(chaos, seed, model) == (bends, dreamed)


@given(chaoses, seeds, models, st.data())
def test_bends_come_before_a_layer_that_is_chosen_already(
    chaos: int, seed: int, model: str, data: st.DataObject
) -> None:
    names = [layer.name for layer in LAYERS[model]]
    dreamed = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    bends, deepest = random_bends(chaos, seed, model, dreamed)
    assert deepest == max(dreamed, key=names.index)
    assert 1 <= len(bends) <= count(chaos)
    check_upstream(bends, dreamed, model)
    if deepest != names[0]:
        assert all(place(bend.layer, model) < place(deepest, model) for bend in bends)


@given(seeds, models)
def test_the_same_seed_bends_the_same_further(seed: int, model: str) -> None:
    for chaos in range(1, MAX_CHAOS):
        less, more = (random_bends(level, seed, model)[0] for level in (chaos, chaos + 1))
        amounts = {(bend.kind, bend.layer): bend.amount for bend in more}
        for bend in less:
            if BENDS[bend.kind].drawn == "always":
                assert share(bend.kind, bend.amount) <= share(bend.kind, amounts[bend.kind, bend.layer])


@pytest.mark.parametrize("model", MODELS)
def test_strength_grows_with_chaos(model: str) -> None:
    strengths = [
        fmean(share(bend.kind, bend.amount) for seed in SEEDS for bend in random_bends(chaos, seed, model)[0])
        for chaos in range(1, MAX_CHAOS + 1)
    ]
    assert all(less < more for less, more in pairwise(strengths))
    assert strengths[0] < 0.1
    assert strengths[-1] > 0.9
    looks = [bent_preset(BEND_LAYERS[model].dreamed[0], model, chaos) for chaos in range(1, MAX_CHAOS + 1)]
    assert all(less.steps * less.step < more.steps * more.step for less, more in pairwise(looks))
    assert all(parse_layers(look.layers, model) for look in looks)


def test_every_kind_is_drawn_but_gate_and_some_only_alone() -> None:
    alone = {kind for kind, bend in BENDS.items() if bend.drawn == "alone"}
    assert alone == {"fold", "feedback", "delay"}
    for chaos, missing in ((3, {"gate"}), (7, {"gate"} | alone), (11, {"gate"} | alone)):
        drawn = {bend.kind for seed in range(400) for bend in random_bends(chaos, seed)[0]}
        assert drawn == set(BENDS) - missing


@pytest.mark.parametrize("model", MODELS)
def test_the_layers_to_bend_and_to_dream_exist_in_order_and_are_on_offer(model: str) -> None:
    layers = {layer.name: layer for layer in LAYERS[model]}
    usual = BEND_LAYERS[model]
    for names in (usual.bent, usual.dreamed):
        assert list(names) == sorted(names, key=lambda name: place(name, model))
    assert len(usual.bent) >= count(MAX_CHAOS)
    assert place(usual.dreamed[-1], model) > place(usual.bent[-1], model)
    assert all(layers[name].offered for name in usual.dreamed)
    assert all(layers[name].objective != "logit" for name in (*usual.bent, *usual.dreamed))


@pytest.mark.parametrize("chaos", [0, 12])
def test_chaos_goes_from_1_to_11(chaos: int) -> None:
    with pytest.raises(ValueError, match="1 to 11"):
        random_bends(chaos, 0)


@pytest.mark.parametrize(
    ("bends", "model", "dreamed"),
    [
        ("cut@conv0", "inception_v3", "mixed3"),
        ("cut@mixed1", "inception_v3", "mixed3"),
        ("cut@conv4+swap@mixed2", "inception_v3", "mixed4"),
        ("cut@mixed6", "inception_v3", "mixed6"),
        ("cut@mixed9", "inception_v3", "mixed9"),
        ("cut@s32_1", "faces", "s64_1"),
        ("cut@s64_3", "faces", "s64_4"),
        ("cut@conv3_2", "writing", "conv4_2"),
    ],
)
def test_typed_bends_are_dreamed_through_a_layer_that_notices(bends: str, model: str, dreamed: str) -> None:
    assert layer_behind_bends(parse_bends(bends, model), model) == dreamed


def test_bends_of_several_networks_are_drawn_for_the_recipes_own() -> None:
    for seed in range(20):
        bends, layer = random_bends(7, seed, "inception_v3", ["faces:s64_1", "mixed3"])
        assert layer == "mixed3"
        check_upstream(bends, ["faces:s64_1", "mixed3"], "inception_v3")


def test_a_bend_of_a_network_that_is_not_dreamed_is_refused() -> None:
    (bend,) = parse_bends("swap@faces:s32_3")
    assert bend.layer == "faces:s32_3"
    check_upstream([bend], ["mixed3", "faces:s64_1"], "inception_v3")
    for dreamed in (["mixed3"], ["mixed3", "faces:s32_1"]):
        with pytest.raises(RecipeError):
            check_upstream([bend], dreamed, "inception_v3")
