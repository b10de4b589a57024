"""What a treated gradient looks like."""

import pytest
import torch
import torch.nn.functional as F

from dreambot.engine.gradients import normalize_gradient, upsample_2x
from dreambot.recipe.layers import Gradient

BANDS = (0.4, 1.0, 1.0, 0.7)


def noise(height: int = 96, width: int = 131) -> torch.Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("kind", ["laplacian", "blur"])
@pytest.mark.parametrize("loudness", [1e-20, 1e-3, 1e8])
def test_length_is_one_whatever_it_was(kind: Gradient, loudness: float) -> None:
    treated = normalize_gradient(noise() * loudness, kind, BANDS, 0.6)
    assert treated.square().mean().sqrt().item() == pytest.approx(1, rel=1e-3)


def test_mean_abs_only_scales() -> None:
    treated = normalize_gradient(noise() * 5, "mean_abs", (), 1.0)
    assert treated.abs().mean().item() == pytest.approx(1)
    assert torch.allclose(treated / treated.flatten()[0], noise() / noise().flatten()[0], rtol=1e-4)


@pytest.mark.parametrize("kind", ["laplacian", "blur", "mean_abs"])
@pytest.mark.parametrize("size", [(96, 131), (3, 3), (1, 1), (1, 50)])
def test_silence_and_tiny_pictures_do_no_harm(kind: Gradient, size: tuple[int, int]) -> None:
    for gradient in (torch.zeros(1, 3, *size), noise(*size)):
        treated = normalize_gradient(gradient, kind, BANDS, 0.6)
        assert treated.shape == gradient.shape
        assert torch.isfinite(treated).all()


def test_no_chroma_is_grey() -> None:
    treated = normalize_gradient(noise(), "laplacian", BANDS, 0.0)
    assert torch.allclose(treated[:, 0], treated[:, 2], atol=1e-5)


def test_laplacian_levels_the_scales() -> None:
    """White noise with a faint broad wave under it: the wave comes out as strong as its band's weight."""
    wave = torch.linspace(0, 25, 256).sin().expand(1, 3, 256, 256)
    mixed = 0.05 * wave + torch.randn(1, 3, 256, 256, generator=torch.Generator().manual_seed(1))

    def share_of_wave(gradient: torch.Tensor) -> float:
        return float((gradient * wave).mean() / gradient.square().mean().sqrt())

    assert share_of_wave(normalize_gradient(mixed, "laplacian", BANDS, 1.0)) > 4 * share_of_wave(mixed)


def test_weights_choose_the_scales() -> None:
    def roughness(bands: tuple[float, ...]) -> float:
        treated = normalize_gradient(noise(), "laplacian", bands, 1.0)
        return float(treated.diff(dim=3).square().mean())

    assert roughness((1.0, 0.2, 0.2, 0.2)) > 2 * roughness((0.1, 1.0, 1.0, 1.0))


@pytest.mark.parametrize("height", [1, 2, 5, 256])
@pytest.mark.parametrize("width", [2, 9, 183])
@pytest.mark.parametrize("odd", [0, 1])
def test_it_gives_what_torch_gives(height: int, width: int, odd: int) -> None:
    x = torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(0))
    size = (max(2, 2 * height - odd), 2 * width - odd)
    expected = F.interpolate(x, size, mode="bilinear", align_corners=False)
    torch.testing.assert_close(upsample_2x(x, *size), expected, rtol=0, atol=1e-5)
