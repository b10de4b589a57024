"""Dreams of several networks at once: `faces:s64_1+mixed5`."""

import random

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dreambot.engine.bend import bend_network
from dreambot.engine.gradients import compute_gradient, normalize_rms
from dreambot.engine.hellscape import BlendedObjective
from dreambot.engine.images import to_tensor
from dreambot.engine.objectives import LayerObjective
from dreambot.engine.run import run_recipe
from dreambot.engine.step import AscentStep, build_step, select_strongest_channels
from dreambot.media.picture import DreamInputs
from dreambot.recipe import BendTerm, Guide, HellscapeParams, LayerTerm, Recipe, parse_layers
from dreambot.zoo.network import NetworkGroup, StagedNetwork, UnknownLayer
from tests.engine.test_step import change, photo_like
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

SHA = "b" * 64


def assert_close(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, atol=2e-3, rtol=1e-3)


def tiny_faces() -> StagedNetwork:
    """Two random convolutions with the names of two layers of the faces network, and tiny activations."""
    torch.manual_seed(7)
    stages = {
        "s32_1": nn.Sequential(nn.Conv2d(3, 6, 5, padding=2), nn.ReLU()),
        "s64_1": nn.Sequential(nn.Conv2d(6, 6, 3, padding=1, stride=2), nn.ReLU()),
    }
    network = StagedNetwork("faces", stages, ("s32_1", "s64_1"))
    for parameter in network.parameters():
        parameter.mul_(1e-3)
    return network


PLAIN, FACES = tiny_network(), tiny_faces()
GROUP = NetworkGroup(PLAIN, [FACES])
PICTURE = to_tensor(photo_like(), PLAIN.device)


def grouped_recipe(layers: str, **changes: object) -> Recipe:
    return tiny_recipe(layers=parse_layers(layers), other_weights=[("faces", SHA)], **changes)


def gradient_of(network: StagedNetwork, layer: str) -> Tensor:
    objective = LayerObjective((LayerTerm(layer=layer),), "ms")
    return normalize_rms(compute_gradient(network, PICTURE, objective)[0])


def grouped_gradient(layers: str, **changes: object) -> Tensor:
    recipe = grouped_recipe(layers, **changes)
    ascent = build_step(GROUP, recipe, PICTURE, DreamInputs(None))
    return ascent._gradient(PICTURE, ascent.objective, random.Random(1))[0]


def test_gradients_are_brought_to_the_same_length_and_weighted() -> None:
    plain, faces = gradient_of(PLAIN, "conv1"), gradient_of(FACES, "s64_1")
    assert_close(grouped_gradient("conv1+faces:s64_1"), plain + faces)
    assert_close(grouped_gradient("conv1*0.5+faces:s64_1*3"), 0.5 * plain + 3 * faces)
    assert_close(grouped_gradient("conv1-faces:s64_1*2"), plain - 2 * faces)


def test_a_leg_of_one_network_uses_that_one_alone() -> None:
    assert_close(grouped_gradient("faces:s64_1"), gradient_of(FACES, "s64_1"))


def test_several_layers_of_a_network_are_one_objective() -> None:
    terms = parse_layers("s32_1+s64_1*2", "faces")
    alone = normalize_rms(compute_gradient(FACES, PICTURE, LayerObjective(terms, "ms"))[0])
    both = grouped_gradient("conv1+faces:s32_1+faces:s64_1*2")
    assert_close(both, gradient_of(PLAIN, "conv1") + 3 * alone)


def test_blends_weight_the_networks() -> None:
    legs = [LayerObjective(parse_layers(text), "ms") for text in ("conv1", "faces:s64_1")]
    blend = BlendedObjective([(legs[0], 0.25), (legs[1], 0.75)])
    ascent = AscentStep(GROUP, blend, grouped_recipe("conv1+faces:s64_1"))
    gradient, _ = ascent._gradient(PICTURE, blend, random.Random(1))
    assert_close(gradient, 0.25 * gradient_of(PLAIN, "conv1") + 0.75 * gradient_of(FACES, "s64_1"))


def test_tiles_give_the_same_gradient() -> None:
    whole, tiled = (grouped_gradient("conv1+faces:s64_1", tile=tile) for tile in (None, 128))
    assert_close(tiled, whole)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"bends": (BendTerm(kind="swap", layer="faces:s32_1", amount=0.5),)},
        {"bends": (BendTerm(kind="swap", layer="conv0", amount=0.5),)},
        {"guide": Guide(sha256=SHA, kind="match")},
        {"guide": Guide(sha256=SHA, kind="exaggerate")},
        {"rotation": 5, "scaling": 0.1, "light": 0.3, "tone": "bone", "closeness": 0.1},
        {"mask": SHA, "tile": 128},
    ],
)
def test_every_option_works_with_a_group(changes: dict[str, object]) -> None:
    source = photo_like()
    inputs = DreamInputs(source, guide=photo_like(5), mask=np.full((9, 9), 255, np.uint8))
    recipe = grouped_recipe("conv1+faces:s64_1[top2]", **changes)
    first, second = (dreamed(GROUP, inputs, recipe) for _ in range(2))
    assert np.array_equal(first, second)
    assert change(first, source) > 2
    alone = dreamed(PLAIN, inputs, tiny_recipe(**({} if "bends" in changes else changes)))
    assert change(first, alone) > 0.5


def test_bends_change_their_own_network_only() -> None:
    bend = BendTerm(kind="swap", layer="faces:s32_1", amount=0.5)
    bent = bend_network(GROUP, (bend,), seed=1)
    before, after = (one.forward_to(PICTURE, ["conv1", "faces:s64_1"]) for one in (GROUP, bent))
    assert torch.equal(before["conv1"], after["conv1"])
    assert not torch.equal(before["faces:s64_1"], after["faces:s64_1"])


def test_the_strongest_channels_are_looked_up_in_the_network_of_the_term() -> None:
    strength = FACES.forward_to(PICTURE, {"s64_1"})["s64_1"].square().mean(dim=(0, 2, 3))
    (term,) = select_strongest_channels(GROUP, (LayerTerm(layer="faces:s64_1", strongest=2),), PICTURE)
    assert set(term.channels) == set(strength.topk(2).indices.tolist())


def test_a_hellscape_travels_between_networks() -> None:
    recipe = grouped_recipe(
        "conv1",
        steps=2,
        hellscape=HellscapeParams(
            frames=6, between=0, onward=(parse_layers("faces:s64_1"),), leg_frames=(3, 3), fade=(2, 0)
        ),
    )
    frames, picture = 0, None
    running = run_recipe(GROUP, DreamInputs(None), recipe)
    while True:
        try:
            frames += hasattr(next(running), "rgb")
        except StopIteration as end:
            picture = end.value
            break
    assert frames == 6
    assert picture is not None
    assert picture.std() > 5


def test_an_unknown_network_or_layer_is_an_error() -> None:
    for name in ("vgg16:conv4_2", "faces:s256_3", "mixed5"):
        with pytest.raises(UnknownLayer):
            GROUP.forward_to(PICTURE, [name])
