"""Tiled gradients equal untiled ones, and tiles leave no seams."""

import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from benchmarks.photos import load_photo
from dreambot.engine.gradients import compute_gradient, normalize_gradient
from dreambot.engine.images import resize, to_tensor
from dreambot.engine.objectives import (
    GramMatrix,
    LayerObjective,
    MatchObjective,
    ObjectiveFunction,
    StyleObjective,
)
from dreambot.engine.tiling import compute_activations, compute_tiled_gradient, fits_in_tile, split_into_tiles
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm, parse_layers
from dreambot.recipe.layers import Objective
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

NETWORK = tiny_network()
BOTH = (LayerTerm(layer="conv1"), LayerTerm(layer="conv0", weight=-0.5, channels=(1, 3)))


def random_image(height: int, width: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(5)) * 2 - 1


def compare(objective: ObjectiveFunction, height: int, width: int, seed: int) -> None:
    at = random_image(height, width)
    whole, value = compute_gradient(NETWORK, at, objective)
    tiled, tiled_value = compute_tiled_gradient(NETWORK, at, objective, 128, random.Random(seed))
    assert tiled_value == pytest.approx(value, rel=1e-4)
    assert (tiled - whole).abs().max().item() < 1e-3 * whole.abs().max().item()


@settings(max_examples=10)
@given(st.integers(30, 500), st.integers(300, 900), st.integers(0, 99), st.sampled_from(["ms", "eq", "p4"]))
def test_a_tiled_gradient_equals_the_whole_gradient(h: int, w: int, seed: int, kind: Objective) -> None:
    """They are equal if a tile sees the receptive field of each position, for any objective."""
    compare(LayerObjective(BOTH, kind), h, w, seed)


def test_a_guide_is_matched_across_tiles() -> None:
    with torch.no_grad():
        guide = NETWORK.forward_to(random_image(70, 90), {"conv0", "conv1"})
    compare(MatchObjective(BOTH, guide), 500, 400, 3)
    style = {name: GramMatrix.of(activation) for name, activation in guide.items()}
    compare(StyleObjective(BOTH, [style]), 500, 400, 3)


def test_tiled_activations_are_assembled() -> None:
    at = random_image(411, 700)
    whole, tiled = (compute_activations(NETWORK, at, {"conv0", "conv1"}, side) for side in (None, 128))
    for name, values in whole.items():
        assert torch.allclose(tiled[name], values, atol=1e-5)


class Classes(nn.Module):
    """A network with one logit per class."""

    name, layers, device = "inception_v3", ("classes",), torch.device("cpu")

    def forward_to(self, x: Tensor, layers: object) -> dict[str, Tensor]:
        means = x.mean(dim=(2, 3))
        return {"classes": torch.cat([means, -means], dim=1)}


def test_all_tiles_contribute_to_classes() -> None:
    objective = LayerObjective((LayerTerm(layer="classes", channels=(1,)),), "logit")
    at = random_image(400, 500)
    whole, value = compute_gradient(Classes(), at, objective)
    tiled, tiled_value = compute_tiled_gradient(Classes(), at, objective, 128, random.Random(1))
    assert tiled_value == pytest.approx(value, abs=0.02)
    assert (tiled[:, 1] > 0).all()
    assert tiled[:, 1].mean().item() == pytest.approx(whole[:, 1].mean().item(), rel=0.6)


@settings(max_examples=50)
@given(st.integers(1, 3000), st.integers(128, 700), st.integers(0, 99))
def test_every_pixel_belongs_to_exactly_one_tile(length: int, side: int, seed: int) -> None:
    tiles = split_into_tiles(length, 40, side, random.Random(seed))
    owned = [pixel for tile in tiles for pixel in range(tile.rows.begin, tile.rows.end)]
    assert owned == list(range(length))
    assert sum(tile.share for tile in tiles) == pytest.approx(1)


def test_tile_borders_are_random() -> None:
    borders = {split_into_tiles(2000, 2000, 512, random.Random(seed))[0].rows.end for seed in range(20)}
    assert len(borders) > 5


def test_a_tiled_dream_equals_the_whole_dream() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (400, 500, 3), dtype=np.uint8)
    recipe = tiny_recipe(width=500, height=400, gradient="mean_abs", bands=())
    whole, tiled = (
        dreamed(NETWORK, DreamInputs(rgb), recipe.model_copy(update={"tile": t})) for t in (None, 128)
    )
    assert not fits_in_tile(torch.zeros(1, 3, 400, 500), 128)
    difference = whole.astype(float) - tiled
    assert np.square(difference).mean() < 0.1


def test_small_images_are_not_tiled() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    whole, tiled = (dreamed(NETWORK, DreamInputs(rgb), tiny_recipe(tile=tile)) for tile in (None, 256))
    assert np.array_equal(whole, tiled)


@pytest.mark.weights
def test_no_seam_is_visible() -> None:
    """The step has no larger jumps at tile borders than elsewhere, and is similar to the untiled step.

    The real network's deep layers have larger receptive fields than a tile sees.
    """
    require("weights", weights.locate("inception_v3") is not None)
    network = load("inception_v3", cut="mixed4")
    at = resize(to_tensor(load_photo("astronaut.png"), network.device), 448, 448)
    objective = LayerObjective(parse_layers("mixed4"), "eq")
    whole, _ = compute_gradient(network, at, objective)
    tiled, _ = compute_tiled_gradient(network, at, objective, 192, random.Random(4))
    borders = [
        tile.columns.begin for tile in split_into_tiles(448, 448, 192, random.Random(4)) if tile.columns.begin
    ]
    assert borders
    steps = [
        normalize_gradient(gradient, "laplacian", (0.4, 1.0, 1.0, 0.5), 0.6) for gradient in (whole, tiled)
    ]
    jumps = [step.diff(dim=3).abs().mean(dim=(0, 1, 2)) for step in steps]
    across = [float(jump[[border - 1 for border in borders]].mean()) for jump in jumps]
    assert across[1] < 1.1 * across[0]
    assert across[1] < 1.3 * float(jumps[1].median())
    similarity = torch.cosine_similarity(steps[0].flatten(), steps[1].flatten(), dim=0)
    assert similarity.item() > 0.98
