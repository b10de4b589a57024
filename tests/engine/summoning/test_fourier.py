"""Pictures as spectra."""

import pytest
import torch

from dreambot.engine.summoning.adam import Adam
from dreambot.engine.summoning.fourier import Spectrum


def test_noise_is_the_same_for_the_same_seed_and_next_to_grey() -> None:
    one, same, other = (Spectrum.noise(50, 37, seed).picture() for seed in (1, 1, 2))
    assert one.shape == (1, 3, 37, 50)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.abs().max() < 0.5


@pytest.mark.parametrize("size", [(96, 74), (97, 75), (200, 120)])
def test_growing_keeps_the_picture(size: tuple[int, int]) -> None:
    small = Spectrum.noise(50, 37, 1)
    with torch.no_grad():
        small.waves[:, :, :4, :4] *= 20
    large = small.grown(*size).picture()
    assert large.shape[-2:] == size[::-1]
    back = torch.nn.functional.interpolate(large, (37, 50), mode="area")
    assert (back - small.picture()).abs().mean() < 0.1 * small.picture().abs().mean()


def test_the_gradient_to_a_picture_reaches_its_spectrum() -> None:
    spectrum = Spectrum.noise(32, 32, 1)
    wish = torch.zeros(1, 3, 32, 32)
    wish[:, :, 8:24, 8:24] = 1
    adam = Adam(spectrum.waves.detach())
    before = (spectrum.picture() - wish).abs().mean().item()
    for _ in range(60):
        likeness = -(spectrum.picture() - wish).square().mean()
        spectrum.move(adam.step(torch.autograd.grad(likeness, spectrum.waves)[0], 0.05))
    assert (spectrum.picture() - wish).abs().mean().item() < before / 2


def test_without_chroma_it_is_grey() -> None:
    picture = Spectrum.noise(32, 32, 1, chroma=0.0).picture()
    assert torch.allclose(picture[:, :1].expand(1, 3, 32, 32), picture, atol=1e-6)
