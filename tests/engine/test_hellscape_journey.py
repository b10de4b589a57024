"""What a hellscape climbs on its way."""

import pytest
import torch

from dreambot.engine.gradients import compute_gradient
from dreambot.engine.hellscape import JourneyObjectives
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm
from tests.engine.tiny import tiny_network, tiny_recipe

NETWORK = tiny_network()
PICTURE = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(0)) - 0.5
LEGS = (
    (LayerTerm(layer="conv0"),),
    (LayerTerm(layer="conv1", channels=(1, 2)),),
    (LayerTerm(layer="conv1", strongest=2),),
)


def journey() -> JourneyObjectives:
    film = {"frames": 9, "onward": LEGS[1:]}
    return JourneyObjectives(
        NETWORK, tiny_recipe(layers=LEGS[0], objective="eq", hellscape=film), DreamInputs(None)
    )


def gradient(legs: tuple[tuple[int, float], ...]) -> torch.Tensor:
    return compute_gradient(NETWORK, PICTURE, journey().at(legs, PICTURE))[0]


def test_a_mixture_is_the_weighted_sum_of_its_legs() -> None:
    one, other = gradient(((0, 1.0),)), gradient(((1, 1.0),))
    mixed = gradient(((0, 0.25), (1, 0.75)))
    assert torch.allclose(mixed, 0.25 * one + 0.75 * other, atol=1e-6, rtol=1e-3)


def test_only_the_layers_under_way_are_run() -> None:
    assert set(journey().at(((0, 1.0),), PICTURE).layers) == {"conv0"}
    assert set(journey().at(((0, 0.5), (1, 0.5)), PICTURE).layers) == {"conv0", "conv1"}


def test_the_strongest_channels_are_those_the_leg_began_with() -> None:
    way, other = journey(), -PICTURE
    first = way.at(((2, 1.0),), PICTURE)
    assert way.at(((2, 1.0),), other) is first
    way.at(((0, 1.0),), other)
    again = way.at(((2, 1.0),), other)
    assert again is not first
    assert compute_gradient(NETWORK, other, again)[1] >= compute_gradient(NETWORK, other, first)[1]


def test_a_mixture_of_nothing_much_is_nearly_the_other_leg() -> None:
    one, mixed = gradient(((0, 1.0),)), gradient(((0, 0.999), (1, 0.001)))
    assert torch.nn.functional.cosine_similarity(one.flatten(), mixed.flatten(), dim=0) == pytest.approx(
        1, abs=0.01
    )
