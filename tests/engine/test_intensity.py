"""The intensity dial on photos it was not fitted on, with the real network.

The photos are small, so that this takes a minute; `make calibrate` measures the dial at the usual size.
"""

from itertools import pairwise
from statistics import fmean

import pytest
import torch

from benchmarks.calibrate import run_dream
from benchmarks.photos import HELD_OUT, load_photo, mean_ssim
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.images import to_tensor
from dreambot.engine.objectives import LayerObjective
from dreambot.media.picture import Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.intensity import SSIM_BY_INTENSITY
from dreambot.workers.gpu.devices import best_precision
from dreambot.zoo import network as zoo
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from tests.support import require
from tests.support.recipes import fake_trained

INTENSITIES = (1, 6, 11)
LAYERS = ("conv4", "mixed1", "mixed4", "mixed5")
SIDE = 256
PRECISION = best_precision(torch.device("cpu"))


@pytest.fixture(scope="module")
def network() -> zoo.Network:
    """InceptionV3 in the precision that the bot uses here."""
    require("weights", weights.locate("inception_v3") is not None)
    return load("inception_v3", dtype=torch.bfloat16 if PRECISION == "bf16" else torch.float32)


def recipe_of(rgb: Pixels, **options: object) -> Recipe:
    """Resolves a request for a photo."""
    height, width = rgb.shape[:2]
    return resolve_dream(
        DreamRequest.of(**options),
        SourceFacts(width, height, masking_quantiles(rgb)),
        seed=3,
        models=fake_trained,
        precision=PRECISION,
        max_pixels=width * height,
    )


def dreamed(network: zoo.Network, rgb: Pixels, layer: str, intensity: int) -> tuple[float, float]:
    """Returns the SSIM with the source, and the value of the objective."""
    recipe = recipe_of(rgb, layer=layer, intensity=intensity)
    result = run_dream(network, rgb, recipe)
    picture = to_tensor(result, network.device)
    # Deep layers have a coarse grid, so their activations depend on the position of the image on it.
    shifted = (torch.roll(picture, shift, dims=(2, 3)) for shift in ((0, 0), (11, 5), (23, 17), (7, 29)))
    objective = LayerObjective(recipe.layers, recipe.objective)
    values = fmean(compute_gradient(network, one, objective)[1] for one in shifted)
    return mean_ssim(rgb, result), values


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_dial_means_the_same_on_every_layer_and_photo(network: zoo.Network, layer: str) -> None:
    series = []
    for name in HELD_OUT:
        rgb = load_photo(name, SIDE)
        ssims, values = zip(
            *(dreamed(network, rgb, layer, intensity) for intensity in INTENSITIES), strict=True
        )
        shown = f"{layer} {name} {[round(value, 2) for value in ssims]}"
        assert all(a > b for a, b in pairwise(ssims)), shown
        assert ssims[0] >= 0.85, shown
        assert ssims[-1] <= 0.4, shown
        # Noise would follow the curve too; a dream also increases the objective.
        assert all(a < b for a, b in pairwise(values)), (shown, values)
        series.append(ssims)
    for intensity, values in zip(INTENSITIES, zip(*series, strict=True), strict=True):
        assert fmean(values) == pytest.approx(SSIM_BY_INTENSITY[intensity - 1], abs=0.07), (
            layer,
            intensity,
            values,
        )


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("preset", ["eyes", "storm", "wool"])
def test_presets_follow_the_dial(network: zoo.Network, preset: str) -> None:
    photos = [load_photo(name, SIDE) for name in HELD_OUT]
    means = []
    for intensity in (3, 7, 11):
        recipes = [recipe_of(rgb, preset=preset, intensity=intensity) for rgb in photos]
        results = [run_dream(network, rgb, recipe) for rgb, recipe in zip(photos, recipes, strict=True)]
        means.append(fmean(mean_ssim(rgb, result) for rgb, result in zip(photos, results, strict=True)))
    promised = [SSIM_BY_INTENSITY[intensity - 1] for intensity in (3, 7, 11)]
    assert means == pytest.approx(promised, abs=0.1), preset
