"""Palettes: the colours of what is added to an image."""

import numpy as np
import pytest
import torch

from dreambot.engine.colours import (
    BLUE_YELLOW_AXIS,
    GREEN_MAGENTA_AXIS,
    LUMINANCE_AXIS,
    colour_matrix,
    natural_colours,
)
from dreambot.engine.gradients import normalize_gradient
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe.layers import Gradient
from dreambot.recipe.recipe import Palette
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

NETWORK = tiny_network()
AXES = torch.tensor([LUMINANCE_AXIS, BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS])
CPU = torch.device("cpu")


def random_gradient() -> torch.Tensor:
    return torch.randn(1, 3, 96, 130, generator=torch.Generator().manual_seed(5))


def spread(image: torch.Tensor) -> list[float]:
    """The standard deviation along each colour axis, relative to that of luminance."""
    deviations = (AXES @ image[0].flatten(1)).std(dim=1)
    return (deviations / deviations[0]).tolist()


def picture(*spreads: float) -> Pixels:
    """Noise with these standard deviations of red, green and blue."""
    noise = np.random.default_rng(2).normal(0, 1, (170, 200, 3)) * spreads
    return (128 + noise).clip(0, 255).astype(np.uint8)


def added(palette: Palette, source: Pixels) -> torch.Tensor:
    """What a dream adds to a source, `[1, 3, height, width]`."""
    recipe = tiny_recipe(palette=palette, chroma=1.0, octaves=1, seed=3)
    change = dreamed(NETWORK, DreamInputs(source), recipe).astype(np.float32) - source
    return torch.from_numpy(change).movedim(2, 0)[None]


def test_the_axes_are_orthonormal() -> None:
    assert torch.allclose(AXES @ AXES.mT, torch.eye(3), atol=1e-6)


@pytest.mark.parametrize("chroma", [0.0, 0.4, 1.0])
def test_natural_weights_the_axes(chroma: float) -> None:
    weights = AXES @ natural_colours(chroma, CPU) @ AXES.mT
    assert torch.allclose(weights, torch.diag(torch.tensor([1.0, 0.9 * chroma, 0.3 * chroma])), atol=1e-6)


@pytest.mark.parametrize("kind", ["laplacian", "blur", "mean_abs"])
def test_natural_gradients_have_little_green_and_magenta(kind: Gradient) -> None:
    bands = (0.4, 1.0, 1.0, 0.7)
    acid = spread(normalize_gradient(random_gradient(), kind, bands, 1.0))
    natural = spread(normalize_gradient(random_gradient(), kind, bands, 1.0, natural_colours(1.0, CPU)))
    assert natural[1] == pytest.approx(0.9 * acid[1], rel=0.01)
    assert natural[2] == pytest.approx(0.3 * acid[2], rel=0.01)


def test_source_takes_the_colours_of_the_source() -> None:
    """Red noise, green noise and grey noise give matrices that favour red, green and grey."""
    for spreads in ([40, 2, 2], [2, 40, 2]):
        source = torch.from_numpy(picture(*spreads)).movedim(2, 0)[None].float()
        matrix = colour_matrix("source", 1.0, source)
        assert matrix is not None
        assert matrix.diagonal().argmax() == int(np.argmax(spreads))
        assert matrix.diagonal().max() == pytest.approx(1, abs=0.01)
        # A picture of one colour gets others too.
        assert matrix.diagonal().min() == pytest.approx(0.12**0.5, abs=0.01)
    grey = torch.from_numpy(picture(40, 40, 40)).float().mean(dim=2).expand(1, 3, 170, 200)
    assert spread(colour_matrix("source", 1.0, grey) @ random_gradient().flatten(2))[2] < 0.4


@pytest.mark.parametrize("value", [0, 128])
def test_a_flat_source_gives_a_finite_matrix(value: int) -> None:
    matrix = colour_matrix("source", 1.0, torch.full((1, 3, 20, 30), float(value)))
    assert matrix is not None
    assert torch.isfinite(matrix).all()
    assert matrix.abs().max() > 0.3


def test_a_dream_follows_its_palette() -> None:
    source = picture(40, 5, 5)
    assert spread(added("natural", source))[2] < 0.6 * spread(added("acid", source))[2]
    # The source is red, and so is most of what its own palette adds.
    redness = {}
    for palette in ("acid", "source"):
        red, green, blue = added(palette, source).std(dim=(0, 2, 3)).tolist()
        redness[palette] = red / max(green, blue)
    assert redness["source"] > 1.2 * redness["acid"]


def test_an_old_recipe_is_acid() -> None:
    source = picture(40, 40, 40)
    old = tiny_recipe().model_dump(exclude={"palette", "steps_ratio"})
    now = tiny_recipe(palette="acid", steps_ratio=1.0)
    assert np.array_equal(
        dreamed(NETWORK, DreamInputs(source), type(now).model_validate(old)),
        dreamed(NETWORK, DreamInputs(source), now),
    )
