"""Gradients in fp16: as in fp32 apart from rounding, however small or large they are."""

import copy
import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage import data
from torch import Tensor

from dreambot.engine.cuda.batch import dream_batch
from dreambot.engine.gradients import compute_gradient, scale_for_half
from dreambot.engine.images import resize, to_tensor
from dreambot.engine.objectives import CaricatureObjective, LayerObjective, MatchObjective, ObjectiveFunction
from dreambot.engine.statistics import STATISTICS_LAYER, StatisticsObjective
from dreambot.engine.tiling import compute_activations, compute_tiled_gradient
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm
from dreambot.zoo.loading import load
from dreambot.zoo.network import StagedNetwork
from dreambot.zoo.weights import locate
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

NETWORK = tiny_network()
HALF = copy.deepcopy(NETWORK).half()
TERMS = (LayerTerm(layer="conv0"), LayerTerm(layer="conv1"))


def photo(side: int) -> Tensor:
    return resize(to_tensor(data.astronaut(), torch.device("cpu")), side, side)


def cosine(one: Tensor, other: Tensor) -> float:
    # In fp64: the squares of the smallest gradients underflow in fp32.
    return float(F.cosine_similarity(one.flatten().double(), other.flatten().double(), dim=0))


@pytest.mark.parametrize("weight", [1e-4, 1.0, 1e4])
@pytest.mark.parametrize("kind", ["ms", "eq", "p4"])
def test_gradients_of_any_size_neither_underflow_nor_overflow(kind: str, weight: float) -> None:
    objective = LayerObjective(
        [term.model_copy(update={"weight": weight}) for term in TERMS],
        kind,  # type: ignore[arg-type]
    )
    expected, value = compute_gradient(NETWORK, photo(256), objective)
    found, value_in_half = compute_gradient(HALF, photo(256), objective)
    assert found.dtype == torch.float32
    assert cosine(found, expected) > 0.999
    assert float(found.norm() / expected.norm()) == pytest.approx(1, abs=0.01)
    assert value_in_half == pytest.approx(value, rel=0.01, abs=0.01 * weight)


def _match(network: StagedNetwork, guide: Tensor) -> ObjectiveFunction:
    return MatchObjective(TERMS, compute_activations(network, guide, ("conv0", "conv1"), None))


def _caricature(network: StagedNetwork, guide: Tensor) -> ObjectiveFunction:
    return CaricatureObjective(TERMS, [compute_activations(network, guide, ("conv0", "conv1"), None)])


@pytest.mark.parametrize("make", [_match, _caricature])
def test_guides_work(make: Callable[[StagedNetwork, Tensor], ObjectiveFunction]) -> None:
    image, guide = photo(96), photo(96).flip(-1)
    expected, _ = compute_gradient(NETWORK, image, make(NETWORK, guide))
    found, _ = compute_gradient(HALF, image, make(HALF, guide))
    # A best match among positions that are nearly equal may be another one.
    assert cosine(found, expected) > 0.99


def test_tiles_work() -> None:
    objective = LayerObjective(TERMS, "ms")
    expected, _ = compute_tiled_gradient(NETWORK, photo(512), objective, 128, random.Random(0))
    found, _ = compute_tiled_gradient(HALF, photo(512), objective, 128, random.Random(0))
    assert cosine(found, expected) > 0.999


def test_each_image_of_a_batch_has_its_own_scale() -> None:
    starts = [torch.tensor([[[1e-9, -4e-9]], [[3.0, 0.0]], [[0.0, 0.0]]]), torch.tensor([2e-9, -24.0, 0.0])]
    scaled, scale = scale_for_half(starts)
    assert [float(start.abs().max()) for start in (scaled[0][0], scaled[1][1])] == [0.125, 0.125]
    for start, expected in zip(scaled, starts, strict=True):
        assert start.isfinite().all()
        assert torch.allclose(start * scale.view(-1, *[1] * (start.dim() - 1)), expected)


def test_a_layer_with_one_number_for_each_image() -> None:
    class Statistics:
        """A network whose layer `statistics` is the mean of another."""

        def __init__(self, network: StagedNetwork) -> None:
            self.network = network

        def forward_to(self, x: Tensor, layers: object) -> dict[str, Tensor]:
            activation = self.network.forward_to(x, ["conv1"])["conv1"]
            return {"conv1": activation, STATISTICS_LAYER: activation.float().square().mean(dim=(1, 2, 3))}

    objective = StatisticsObjective(LayerObjective(TERMS[1:], "eq"), 3.0)
    expected, _ = compute_gradient(Statistics(NETWORK), photo(96), objective)  # type: ignore[arg-type]
    found, _ = compute_gradient(Statistics(HALF), photo(96), objective)  # type: ignore[arg-type]
    assert cosine(found, expected) > 0.999


def test_batches_dream_the_same() -> None:
    source = np.asarray(data.astronaut()[:170, :200])
    recipe = tiny_recipe(octaves=1, precision="fp16", width=192, height=160)
    steps = dream_batch(HALF, [DreamInputs(source)] * 2, [recipe] * 2)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            batched = end.value
            break
    alone = dreamed(HALF, DreamInputs(source), recipe)
    exact = dreamed(NETWORK, DreamInputs(source), recipe)
    assert np.abs(batched[0].astype(int) - alone).mean() < 0.5
    assert np.abs(alone.astype(int) - exact).mean() < 0.5


@pytest.mark.weights
@pytest.mark.parametrize(
    ("model", "layer"),
    [
        ("inception_v3", "mixed5"),
        ("vgg16", "conv4_1"),
        ("mobilenet_v2", "block12"),
        ("faces", "s64_4"),
        ("writing", "conv4_1"),
    ],
)
def test_the_gradients_of_real_networks_differ_by_rounding_only(model: str, layer: str) -> None:
    """fp16 gives a cosine of 0.988 to 0.999, bf16 of 0.91 to 0.98.

    0.999 is out of reach: where ReLUs and max pools decide otherwise the gradient jumps. In fp32, noise of an
    eighth of a grey level does more.
    """
    require("weights", locate(model) is not None)
    crop = to_tensor(data.astronaut(), torch.device("cpu"))[..., 50:146, 180:276].contiguous()
    network = load(model, cut=layer)
    network.plain = True
    half = copy.deepcopy(network).half()
    activations = half.forward_to(crop, half.layers)
    # Far from 65,504: a dream makes activations larger.
    assert max(float(activation.abs().max()) for activation in activations.values()) < 1000
    objective = LayerObjective([LayerTerm(layer=layer)], "eq")
    expected, _ = compute_gradient(network, crop, objective)
    found, _ = compute_gradient(half, crop, objective)
    assert cosine(found, expected) > 0.98
