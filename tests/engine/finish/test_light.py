"""A dream carved into its source."""

import torch

from dreambot.engine.finish.light import carve


def test_a_flat_dream_leaves_the_source() -> None:
    source = torch.full((1, 3, 20, 30), 0.5)
    carved = carve(torch.full_like(source, 0.5), source, 0.8)
    assert torch.allclose(carved, torch.full_like(source, 0.425), atol=1e-6)


def test_the_light_falls_from_the_upper_left() -> None:
    """A bump is bright on the one side and dark on the other, in grey."""
    source = torch.zeros(1, 3, 41, 41)
    across = torch.linspace(-3, 3, 41)
    bump = torch.exp(-(across[:, None] ** 2 + across[None, :] ** 2)).expand(1, 3, 41, 41)
    carved = carve(bump, source, 1.0) - 0.15 * bump
    assert carved[0, 0, 15, 15] > 0.05
    assert carved[0, 0, 25, 25] < -0.05
    assert torch.allclose(carved[:, 0], carved[:, 2], atol=1e-6)


def test_a_single_pixel_can_be_carved() -> None:
    assert carve(torch.zeros(1, 3, 1, 1), torch.zeros(1, 3, 1, 1), 1.0).shape == (1, 3, 1, 1)
