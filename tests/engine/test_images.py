"""The noise that a hellscape starts from."""

from collections.abc import Callable

import pytest
import torch

from dreambot.engine.images import smooth_noise, white_noise


@pytest.mark.parametrize("make", [smooth_noise, white_noise])
@pytest.mark.parametrize(("width", "height"), [(200, 120), (96, 96), (3, 5), (1, 1)])
def test_size_mean_and_std(make: Callable[[int, int, int], torch.Tensor], width: int, height: int) -> None:
    picture = make(width, height, 3)
    assert picture.shape == (1, 3, height, width)
    assert picture.abs().max() <= 1
    if width > 50:
        assert picture.std() == pytest.approx(0.3, abs=0.01)
        assert picture.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("make", [smooth_noise, white_noise])
def test_a_seed_determines_the_image(make: Callable[[int, int, int], torch.Tensor]) -> None:
    assert torch.equal(make(40, 30, 1), make(40, 30, 1))
    assert not torch.equal(make(40, 30, 1), make(40, 30, 2))


def test_smooth_noise_has_large_structures_and_white_noise_has_none() -> None:
    def coarse_share(picture: torch.Tensor) -> float:
        """Share of the standard deviation that remains after downsampling by 16."""
        return float(torch.nn.functional.avg_pool2d(picture, 16).std() / picture.std())

    assert coarse_share(smooth_noise(256, 256, 1)) > 0.4
    assert coarse_share(white_noise(256, 256, 1)) < 0.1


def test_smooth_noise_is_isotropic_in_a_wide_image() -> None:
    def coarse_share(kernel: tuple[int, int]) -> float:
        return float(torch.nn.functional.avg_pool2d(smooth_noise(300, 100, 2), kernel).std())

    assert coarse_share((20, 1)) == pytest.approx(coarse_share((1, 20)), rel=0.25)
