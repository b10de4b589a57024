"""Normalised gradients."""

import pytest
import torch
import torch.nn.functional as F

from dreambot.engine.gradients import normalize_gradient, upsample_2x
from dreambot.recipe.layers import Gradient

BANDS = (0.4, 1.0, 1.0, 0.7)


def noise(height: int = 96, width: int = 131) -> torch.Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("kind", ["laplacian", "blur"])
@pytest.mark.parametrize("scale", [1e-20, 1e-3, 1e8])
def test_the_rms_is_one_at_any_scale(kind: Gradient, scale: float) -> None:
    normalised = normalize_gradient(noise() * scale, kind, BANDS, 0.6)
    assert normalised.square().mean().sqrt().item() == pytest.approx(1, rel=1e-3)


def test_mean_abs_only_scales() -> None:
    normalised = normalize_gradient(noise() * 5, "mean_abs", (), 1.0)
    assert normalised.abs().mean().item() == pytest.approx(1)
    assert torch.allclose(normalised / normalised.flatten()[0], noise() / noise().flatten()[0], rtol=1e-4)


@pytest.mark.parametrize("kind", ["laplacian", "blur", "mean_abs"])
@pytest.mark.parametrize("size", [(96, 131), (3, 3), (1, 1), (1, 50)])
def test_zero_gradients_and_tiny_images_stay_finite(kind: Gradient, size: tuple[int, int]) -> None:
    for gradient in (torch.zeros(1, 3, *size), noise(*size)):
        normalised = normalize_gradient(gradient, kind, BANDS, 0.6)
        assert normalised.shape == gradient.shape
        assert torch.isfinite(normalised).all()


def test_without_chroma_the_gradient_is_grey() -> None:
    normalised = normalize_gradient(noise(), "laplacian", BANDS, 0.0)
    assert torch.allclose(normalised[:, 0], normalised[:, 2], atol=1e-5)


def test_laplacian_equalises_the_bands() -> None:
    """In white noise with a faint low-frequency wave, the wave is amplified to the weight of its band."""
    wave = torch.linspace(0, 25, 256).sin().expand(1, 3, 256, 256)
    mixed = 0.05 * wave + torch.randn(1, 3, 256, 256, generator=torch.Generator().manual_seed(1))

    def share_of_wave(gradient: torch.Tensor) -> float:
        return float((gradient * wave).mean() / gradient.square().mean().sqrt())

    assert share_of_wave(normalize_gradient(mixed, "laplacian", BANDS, 1.0)) > 4 * share_of_wave(mixed)


def test_weights_select_the_bands() -> None:
    def roughness(bands: tuple[float, ...]) -> float:
        normalised = normalize_gradient(noise(), "laplacian", bands, 1.0)
        return float(normalised.diff(dim=3).square().mean())

    assert roughness((1.0, 0.2, 0.2, 0.2)) > 2 * roughness((0.1, 1.0, 1.0, 1.0))


@pytest.mark.parametrize("height", [1, 2, 5, 256])
@pytest.mark.parametrize("width", [2, 9, 183])
@pytest.mark.parametrize("odd", [0, 1])
def test_upsampling_equals_torchs(height: int, width: int, odd: int) -> None:
    x = torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(0))
    size = (max(2, 2 * height - odd), 2 * width - odd)
    expected = F.interpolate(x, size, mode="bilinear", align_corners=False)
    torch.testing.assert_close(upsample_2x(x, *size), expected, rtol=0, atol=1e-5)
