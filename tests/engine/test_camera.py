"""How the camera moves between two frames of a hellscape."""

import numpy as np
import pytest
import torch

from dreambot.engine.camera import Camera, FrameInterpolator, sharpen
from dreambot.engine.progress import Frame
from dreambot.recipe import HellscapeParams

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


def scene(count: int, film: HellscapeParams) -> list[torch.Tensor]:
    """Pictures that differ by the camera's way alone."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    waves = torch.stack([torch.sin(6 * x), torch.cos(5 * y), torch.sin(4 * x + 3 * y)])[None] * 0.6
    camera = Camera.of(film)
    return [camera.move(waves, index) for index in range(count)]


def shown(film: HellscapeParams, pictures: list[torch.Tensor]) -> list[Frame]:
    reel = FrameInterpolator(film)
    return [frame for picture in pictures for frame in reel.add(picture)] + list(reel.close())


def test_pictures_are_frames_when_there_is_nothing_in_between() -> None:
    film = HellscapeParams(frames=5)
    assert [frame.index for frame in shown(film, scene(film.dreamed, film))] == [0, 1, 2, 3, 4]


def test_in_between_pictures_lie_on_the_camera_s_way() -> None:
    film = HellscapeParams(frames=9, between=3, zoom=1.06, rotation=3.0)
    pictures = scene(film.dreamed, film)
    frames = shown(film, pictures)
    assert [frame.index for frame in frames] == list(range(9))
    inside = (slice(12, -12), slice(12, -12))
    for index, frame in enumerate(frames):
        # What a camera that moves a quarter of the way at a time would see.
        expected = Camera.of(film).move(pictures[0], index / 4)[0].permute(1, 2, 0)
        seen = torch.from_numpy(frame.rgb.astype(np.float32)) / 127.5 - 1
        assert (seen[inside] - expected[inside]).abs().mean() < 0.02


def test_there_are_never_more_frames_than_the_film_has() -> None:
    for frames in (7, 8, 9):
        film = HellscapeParams(frames=frames, between=2)
        assert len(shown(film, scene(film.dreamed, film))) == frames


def test_a_loop_has_frames_between_its_end_and_its_beginning() -> None:
    film = HellscapeParams(frames=8, between=1, loop=2, zoom=1.0, rotation=0.0)
    dark, bright = torch.full((1, 3, 8, 8), -0.5), torch.full((1, 3, 8, 8), 0.5)
    frames = shown(film, [dark, bright, dark, bright])
    assert [round(float(frame.rgb.mean())) for frame in frames] == [64, 128, 191, 128, 64, 128, 191, 128]
