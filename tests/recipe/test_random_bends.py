"""Random bends."""

import pytest

from dreambot.recipe import LAYERS, parse_layers
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import check_upstream, parse_bends
from dreambot.recipe.random_bends import bent_preset, layer_behind_bends, random_bends

MODELS = list(LAYERS)
SEEDS = range(60)


def place(layer: str, model: str) -> int:
    return [known.name for known in LAYERS[model]].index(layer)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("chaos", [1, 4, 5, 8, 9, 11])
def test_more_chaos_is_more_bends_of_other_kinds_at_other_layers(chaos: int, model: str) -> None:
    for seed in SEEDS:
        bends, dreamed = random_bends(chaos, seed, model)
        assert len(bends) == {1: 1, 4: 1, 5: 2, 8: 2, 9: 3, 11: 3}[chaos]
        assert len({bend.kind for bend in bends}) == len({bend.layer for bend in bends}) == len(bends)
        check_upstream(bends, [dreamed], model)
        assert place(dreamed, model) > max(place(bend.layer, model) for bend in bends)


@pytest.mark.parametrize("model", MODELS)
def test_chance_keeps_between_mild_and_wild(model: str) -> None:
    for seed in SEEDS:
        for bend in random_bends(1 + seed % 11, seed, model)[0]:
            known = BENDS[bend.kind]
            assert min(known.mild, known.wild) <= bend.amount <= max(known.mild, known.wild)


def test_the_same_seed_bends_the_same_further() -> None:
    for seed in SEEDS:
        (mild,), (wild,) = (random_bends(chaos, seed)[0] for chaos in (1, 4))
        assert (mild.kind, mild.layer) == (wild.kind, wild.layer)
        more = random_bends(9, seed)[0]
        assert (mild.kind, mild.layer) in {(bend.kind, bend.layer) for bend in more}


def test_seeds_differ_and_every_kind_is_drawn_but_gate() -> None:
    drawn = {random_bends(1, seed) for seed in range(400)}
    assert {bends[0].kind for bends, _ in drawn} == set(BENDS) - {"gate"}
    assert random_bends(7, 3) == random_bends(7, 3)


def test_on_the_usual_model_it_bends_where_it_is_known_to_be_good() -> None:
    for seed in SEEDS:
        bends, dreamed = random_bends(11, seed)
        assert {bend.layer for bend in bends} <= {"conv4", "mixed0", "mixed1", "mixed2"}
        assert dreamed in {"mixed2", "mixed3", "mixed4", "mixed5"}
        assert all(bend.layer != "conv4" for bend in bends if bend.kind == "feedback")


@pytest.mark.parametrize("chaos", [0, 12])
def test_chaos_goes_from_1_to_11(chaos: int) -> None:
    with pytest.raises(ValueError, match="1 to 11"):
        random_bends(chaos, 0)


@pytest.mark.parametrize(
    ("bends", "dreamed"),
    [
        ("cut@conv0", "mixed2"),
        ("cut@mixed1", "mixed3"),
        ("cut@conv4+swap@mixed2", "mixed4"),
        ("cut@mixed6", "mixed6"),
        ("cut@mixed9", "mixed9"),
    ],
)
def test_typed_bends_are_dreamed_through_a_layer_that_notices(bends: str, dreamed: str) -> None:
    assert layer_behind_bends(parse_bends(bends)) == dreamed


@pytest.mark.parametrize("model", MODELS)
def test_the_look_can_be_dreamed(model: str) -> None:
    _, dreamed = random_bends(5, 0, model)
    look = bent_preset(dreamed, model, 5)
    assert parse_layers(look.layers, model)
    assert bent_preset(dreamed, model, 1).step < look.step < bent_preset(dreamed, model, 11).step
