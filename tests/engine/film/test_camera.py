"""How the camera moves between two frames of a hellscape."""

import pytest
import torch

from dreambot.engine.film.camera import Camera, sharpen

STILL = Camera(1.0, 0.0, 0.0, 0.0)
MOVING = Camera(1.03, 2.0, 0.01, -0.02)


def blob(x: float, y: float, width: int = 96, height: int = 64) -> torch.Tensor:
    """A soft spot, (1, 3, height, width), at x, y pixels from the middle."""
    rows, columns = torch.arange(height) - (height - 1) / 2, torch.arange(width) - (width - 1) / 2
    distance = (columns[None] - x).square() + (rows[:, None] - y).square()
    return torch.exp(-distance / 18).expand(1, 3, height, width)


def where(picture: torch.Tensor) -> tuple[float, float]:
    """Where the spot is, in pixels from the middle."""
    height, width = picture.shape[-2:]
    weight = picture[0, 0].clamp_min(0) / picture[0, 0].clamp_min(0).sum()
    rows, columns = torch.arange(height) - (height - 1) / 2, torch.arange(width) - (width - 1) / 2
    return float((weight.sum(0) * columns).sum()), float((weight.sum(1) * rows).sum())


def test_a_camera_at_rest_changes_nothing() -> None:
    picture = torch.rand(1, 3, 30, 40)
    assert torch.allclose(STILL.move(picture), picture, atol=1e-5)


def test_zoom_moves_things_outwards() -> None:
    x, y = where(Camera(1.25, 0.0, 0.0, 0.0).move(blob(16, -8)))
    assert (x, y) == (pytest.approx(20, abs=0.2), pytest.approx(-10, abs=0.2))


def test_a_turn_keeps_its_distance_on_pictures_that_are_not_square() -> None:
    x, y = where(Camera(1.0, 45.0, 0.0, 0.0).move(blob(16, 0)))
    assert abs(x) == pytest.approx(16 / 2**0.5, abs=0.2)
    assert abs(y) == pytest.approx(16 / 2**0.5, abs=0.2)


def test_drift_is_a_share_of_the_picture() -> None:
    x, y = where(Camera(1.0, 0.0, 0.1, -0.05).move(blob(0, 0)))
    assert (x, y) == (pytest.approx(-9.6, abs=0.2), pytest.approx(3.2, abs=0.2))


def test_two_half_moves_are_one() -> None:
    picture = blob(10, 6)
    once, twice = MOVING.move(picture), MOVING.move(MOVING.move(picture, 0.5), 0.5)
    assert where(once) == pytest.approx(where(twice), abs=0.05)
    assert where(MOVING.move(picture, 3)) == pytest.approx(where(MOVING.move(once, 2)), abs=0.05)


def test_what_was_moved_can_be_moved_back() -> None:
    picture = blob(5, 2)
    assert where(MOVING.move(MOVING.move(picture, 4), -4)) == pytest.approx((5, 2), abs=0.1)


def test_nothing_empty_comes_into_view() -> None:
    bright = torch.full((1, 3, 40, 50), 0.7)
    assert Camera(0.8, 30.0, 0.1, 0.1).move(bright).min() == pytest.approx(0.7, abs=1e-3)


def test_many_moves_do_not_blur_everything_away() -> None:
    rng = torch.Generator().manual_seed(0)
    picture = sharpen(torch.randn(1, 3, 96, 96, generator=rng) * 0.3, -0.9)
    wobble = Camera(1.0, 7.0, 0.0, 0.0), Camera(1.0, -7.0, 0.0, 0.0)
    moved = picture
    for frame in range(20):
        moved = wobble[frame % 2].move(moved)

    def detail(x: torch.Tensor) -> float:
        return float(x[..., 24:72, 24:72].diff(dim=3).square().mean())

    assert detail(moved) > 0.6 * detail(picture)
    assert detail(sharpen(moved, 0.2)) > 1.1 * detail(moved)


def test_sharpening_leaves_what_is_flat() -> None:
    flat = torch.full((1, 3, 20, 20), 0.4)
    assert torch.allclose(sharpen(flat, 0.5), flat, atol=1e-5)
