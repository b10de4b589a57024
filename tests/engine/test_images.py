"""What a hellscape from nothing begins with."""

from collections.abc import Callable

import pytest
import torch

from dreambot.engine.images import smooth_noise, white_noise


@pytest.mark.parametrize("make", [smooth_noise, white_noise])
@pytest.mark.parametrize(("width", "height"), [(200, 120), (96, 96), (3, 5), (1, 1)])
def test_size_and_spread(make: Callable[[int, int, int], torch.Tensor], width: int, height: int) -> None:
    picture = make(width, height, 3)
    assert picture.shape == (1, 3, height, width)
    assert picture.abs().max() <= 1
    if width > 50:
        assert picture.std() == pytest.approx(0.3, abs=0.01)
        assert picture.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("make", [smooth_noise, white_noise])
def test_a_seed_is_a_picture(make: Callable[[int, int, int], torch.Tensor]) -> None:
    assert torch.equal(make(40, 30, 1), make(40, 30, 1))
    assert not torch.equal(make(40, 30, 1), make(40, 30, 2))


def test_clouds_have_every_size_and_static_has_none() -> None:
    def broad(picture: torch.Tensor) -> float:
        """How much of it is left when it is seen from afar."""
        return float(torch.nn.functional.avg_pool2d(picture, 16).std() / picture.std())

    assert broad(smooth_noise(256, 256, 1)) > 0.4
    assert broad(white_noise(256, 256, 1)) < 0.1


def test_clouds_are_as_coarse_both_ways_in_a_wide_picture() -> None:
    def broad(kernel: tuple[int, int]) -> float:
        return float(torch.nn.functional.avg_pool2d(smooth_noise(300, 100, 2), kernel).std())

    assert broad((20, 1)) == pytest.approx(broad((1, 20)), rel=0.25)
