"""Ascent steps, and the recipe fields that change them."""

import random
from collections.abc import Mapping
from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from dreambot.engine.images import to_tensor
from dreambot.engine.step import AscentStep, build_step, select_strongest_channels
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Guide, LayerTerm
from dreambot.recipe.guide import GuideKind
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

NETWORK = tiny_network()
SHA = "b" * 64


def photo_like(seed: int = 0) -> Pixels:
    """Low-frequency waves of colour."""
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[0:170, 0:200] / 30
    waves = [np.sin(rng.normal() * down + rng.normal() * right + rng.uniform(0, 6)) for _ in range(3)]
    return (110 + 60 * np.stack(waves, axis=2)).astype(np.uint8)


def change(result: Pixels, source: Pixels) -> float:
    return float(np.abs(result.astype(int) - source).mean())


class NonFiniteObjective:
    """An objective that is infinite, with a finite or non-finite gradient."""

    layers = ("conv1",)

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        return (features["conv1"] * self._factor).sum(dim=(1, 2, 3)) + torch.inf


def test_a_step_with_an_infinite_objective_is_damped() -> None:
    picture, recipe = to_tensor(photo_like(), NETWORK.device), tiny_recipe()
    damped, value = AscentStep(NETWORK, NonFiniteObjective(1.0), recipe).step(picture, 0.02, random.Random(1))
    assert value == torch.inf
    assert 0 < (damped - picture).square().mean().sqrt().item() < 0.01


@pytest.mark.parametrize("factor", [float("nan"), float("inf"), 1e38, -1e38])
def test_a_non_finite_gradient_changes_little(factor: float) -> None:
    picture = to_tensor(photo_like(), NETWORK.device)
    for gradient, bands in (("laplacian", (1.0, 1.0)), ("blur", (1.0, 1.0, 1.0)), ("mean_abs", ())):
        recipe = tiny_recipe(gradient=gradient, bands=bands, rotation=5)
        stepped, _ = AscentStep(NETWORK, NonFiniteObjective(factor), recipe).step(
            picture, 0.02, random.Random(1)
        )
        assert (stepped - picture).abs().mean().item() < 0.03


def test_a_dream_with_nan_weights_returns_the_source() -> None:
    broken = tiny_network()
    for parameter in broken.parameters():
        parameter.fill_(float("nan"))
    source = photo_like()
    recipe = tiny_recipe(
        octaves=1, rotation=3, closeness=0.1, layers=(LayerTerm(layer="conv1", strongest=2),)
    )
    assert np.array_equal(dreamed(broken, DreamInputs(source), recipe), source)


def test_closeness_keeps_the_dream_near_the_source() -> None:
    source = photo_like()
    free, close, fixed = (
        dreamed(NETWORK, DreamInputs(source), tiny_recipe(closeness=share)) for share in (0.0, 0.3, 1.0)
    )
    assert change(close, source) < 0.7 * change(free, source)
    assert np.array_equal(fixed, source)


def test_kept_colours_are_those_of_the_source() -> None:
    source = photo_like()
    result = dreamed(NETWORK, DreamInputs(source), tiny_recipe(keep_colour=True, chroma=1.0))
    assert change(result, source) > 3
    differences = [np.diff(picture.astype(int), axis=2) for picture in (result, source)]
    assert np.abs(differences[0] - differences[1]).mean() < 1.5


def test_octaves_above_are_downsampled() -> None:
    """Their detail is finer than the image's pixels, but the result has the size of the recipe."""
    source = photo_like()
    plain = dreamed(NETWORK, DreamInputs(source), tiny_recipe(octaves=2))
    above = dreamed(NETWORK, DreamInputs(source), tiny_recipe(octaves=2, octaves_above=1))
    assert above.shape == source.shape
    assert change(above, source) > 3
    assert change(above, plain) > 1


def test_rotation_and_scaling_change_the_dream_not_its_strength() -> None:
    source = photo_like()
    plain = dreamed(NETWORK, DreamInputs(source), tiny_recipe())
    rotated = dreamed(NETWORK, DreamInputs(source), tiny_recipe(rotation=20, scaling=0.2))
    again = dreamed(NETWORK, DreamInputs(source), tiny_recipe(rotation=20, scaling=0.2))
    assert np.array_equal(rotated, again)
    assert not np.array_equal(rotated, plain)
    assert change(rotated, source) == pytest.approx(change(plain, source), rel=0.4)


def test_a_negative_weight_reduces_the_objective() -> None:
    source = np.random.default_rng(0).integers(60, 200, (170, 200, 3), dtype=np.uint8)
    objective = build_step(NETWORK, tiny_recipe(), torch.zeros(1, 3, 9, 9), DreamInputs(None)).objective
    result = dreamed(NETWORK, DreamInputs(source), tiny_recipe(layers=(LayerTerm(layer="conv1", weight=-1),)))
    before, after = (
        objective(NETWORK.forward_to(to_tensor(picture, NETWORK.device), objective.layers)).item()
        for picture in (source, result)
    )
    assert after < before


def test_the_strongest_channels_are_those_of_the_source() -> None:
    picture = to_tensor(photo_like(), NETWORK.device)
    strength = NETWORK.forward_to(picture, {"conv1"})["conv1"].square().mean(dim=(0, 2, 3))
    plain = LayerTerm(layer="conv0", weight=0.5)
    (term, other) = select_strongest_channels(
        NETWORK, (LayerTerm(layer="conv1", strongest=2), plain), picture
    )
    assert set(term.channels) == set(strength.topk(2).indices.tolist())
    assert term.strongest == 0
    assert other == plain
    source = photo_like()
    recipes = [tiny_recipe(layers=(one,)) for one in (term, LayerTerm(layer="conv1", strongest=2))]
    assert np.array_equal(*(dreamed(NETWORK, DreamInputs(source), recipe) for recipe in recipes))


@pytest.mark.parametrize("kind", get_args(GuideKind))
def test_a_guide_changes_the_dream(kind: str) -> None:
    source, recipe = photo_like(), tiny_recipe(guide=Guide(sha256=SHA, kind=kind))
    stripes = np.zeros((90, 70, 3), np.uint8)
    stripes[::4] = 255
    down, across = (
        dreamed(NETWORK, DreamInputs(source, guide=guide), recipe)
        for guide in (stripes, stripes.transpose(1, 0, 2))
    )
    assert change(down, source) > 2
    assert change(down, across) > 1


def test_a_missing_guide_is_an_error() -> None:
    with pytest.raises(UserError, match="guide"):
        dreamed(NETWORK, DreamInputs(photo_like()), tiny_recipe(guide=Guide(sha256=SHA)))


def test_all_options_together() -> None:
    source = photo_like()
    recipe = tiny_recipe(
        width=300,
        height=255,
        tile=128,
        octaves_above=1,
        rotation=4,
        scaling=0.1,
        closeness=0.05,
        keep_colour=True,
        mask=SHA,
        guide=Guide(sha256=SHA, kind="caricature"),
        layers=(LayerTerm(layer="conv1", strongest=3), LayerTerm(layer="conv0", weight=-0.2)),
        light=0.3,
        steps=2,
    )
    mask = np.zeros((10, 10), np.uint8)
    mask[3:7, 3:7] = 255
    result = dreamed(NETWORK, DreamInputs(source, guide=photo_like(1), mask=mask), recipe)
    assert result.shape == (255, 300, 3)
    assert result.std() > 10
