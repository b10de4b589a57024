"""Random transforms before each gradient."""

import random

import pytest
import torch
from torch import Tensor

from dreambot.engine.transforms import Transform, random_transform
from tests.engine.tiny import tiny_recipe


def noise(height: int = 60, width: int = 90, seed: int = 1) -> Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    "transform", [Transform(0.1, -0.2), Transform(0.0, 0.0, 9.0), Transform(0.1, 0.2, -7.0, 1.1)]
)
def test_the_adjoint_is_the_adjoint(transform: Transform) -> None:
    """⟨apply(x), g⟩ = ⟨x, adjoint(g)⟩."""
    x, gradient = noise(seed=1), noise(seed=2)
    there = (transform.apply(x) * gradient).sum()
    back = (x * transform.adjoint(gradient)).sum()
    assert there.item() == pytest.approx(back.item(), rel=1e-3, abs=1e-2)


def test_a_quarter_turn_rotates_a_square() -> None:
    square = noise(40, 40)
    rotated = Transform(0.0, 0.0, 90.0).apply(square)
    assert min((rotated - torch.rot90(square, k, (2, 3))).abs().max().item() for k in (1, 3)) < 1e-3


def test_oblong_images_rotate_without_shear() -> None:
    """A disc stays a disc."""
    down, right = torch.meshgrid(torch.arange(60.0), torch.arange(120.0), indexing="ij")
    disc = ((down - 29.5).hypot(right - 59.5) < 20).float()[None, None]
    assert (Transform(0.0, 0.0, 30.0).apply(disc) - disc).abs().mean().item() < 0.01


def test_a_transform_is_the_same_at_any_resolution() -> None:
    maps = torch.nn.functional.interpolate(noise(6, 9), scale_factor=10)
    transform = Transform(1 / 6, 2 / 9)
    small = torch.nn.functional.interpolate(transform.apply(noise(6, 9)), scale_factor=10)
    assert torch.equal(transform.apply(maps), small)


def test_transforms_stay_within_the_recipe() -> None:
    rng, recipe = random.Random(0), tiny_recipe(jitter=32, rotation=5, scaling=0.1)
    drawn = [random_transform(recipe, 200, 100, rng) for _ in range(300)]
    assert max(abs(m.down * 100) for m in drawn) == pytest.approx(25)
    assert max(abs(m.right * 200) for m in drawn) == pytest.approx(32)
    assert 4.5 < max(abs(m.degrees) for m in drawn) <= 5
    assert 0.9 <= min(m.scale for m in drawn) < 0.91
