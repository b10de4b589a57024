"""The camera of a hellscape, and the frames between two images."""

import numpy as np
import pytest
import torch

from dreambot.engine.camera import Camera, FrameInterpolator, sharpen
from dreambot.engine.progress import Frame
from dreambot.recipe import HellscapeParams

STILL = Camera(1.0, 0.0, 0.0, 0.0)
MOVING = Camera(1.03, 2.0, 0.01, -0.02)


def blob(x: float, y: float, width: int = 96, height: int = 64) -> torch.Tensor:
    """A Gaussian blob `[1, 3, height, width]`, x and y pixels from the centre."""
    rows, columns = torch.arange(height) - (height - 1) / 2, torch.arange(width) - (width - 1) / 2
    distance = (columns[None] - x).square() + (rows[:, None] - y).square()
    return torch.exp(-distance / 18).expand(1, 3, height, width)


def centroid(picture: torch.Tensor) -> tuple[float, float]:
    """Returns the position of the blob in pixels from the centre."""
    height, width = picture.shape[-2:]
    weight = picture[0, 0].clamp_min(0) / picture[0, 0].clamp_min(0).sum()
    rows, columns = torch.arange(height) - (height - 1) / 2, torch.arange(width) - (width - 1) / 2
    return float((weight.sum(0) * columns).sum()), float((weight.sum(1) * rows).sum())


def test_a_camera_at_rest_changes_nothing() -> None:
    picture = torch.rand(1, 3, 30, 40)
    assert torch.allclose(STILL.move(picture), picture, atol=1e-5)


def test_zoom_moves_things_outwards() -> None:
    x, y = centroid(Camera(1.25, 0.0, 0.0, 0.0).move(blob(16, -8)))
    assert (x, y) == (pytest.approx(20, abs=0.2), pytest.approx(-10, abs=0.2))


def test_rotation_keeps_distances_in_images_that_are_not_square() -> None:
    x, y = centroid(Camera(1.0, 45.0, 0.0, 0.0).move(blob(16, 0)))
    assert abs(x) == pytest.approx(16 / 2**0.5, abs=0.2)
    assert abs(y) == pytest.approx(16 / 2**0.5, abs=0.2)


def test_drift_is_a_fraction_of_the_image() -> None:
    x, y = centroid(Camera(1.0, 0.0, 0.1, -0.05).move(blob(0, 0)))
    assert (x, y) == (pytest.approx(-9.6, abs=0.2), pytest.approx(3.2, abs=0.2))


def test_two_half_moves_equal_one_move() -> None:
    picture = blob(10, 6)
    once, twice = MOVING.move(picture), MOVING.move(MOVING.move(picture, 0.5), 0.5)
    assert centroid(once) == pytest.approx(centroid(twice), abs=0.05)
    assert centroid(MOVING.move(picture, 3)) == pytest.approx(centroid(MOVING.move(once, 2)), abs=0.05)


def test_a_move_can_be_reversed() -> None:
    picture = blob(5, 2)
    assert centroid(MOVING.move(MOVING.move(picture, 4), -4)) == pytest.approx((5, 2), abs=0.1)


def test_no_empty_pixels_come_into_view() -> None:
    bright = torch.full((1, 3, 40, 50), 0.7)
    assert Camera(0.8, 30.0, 0.1, 0.1).move(bright).min() == pytest.approx(0.7, abs=1e-3)


def test_many_moves_keep_detail() -> None:
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


def test_sharpening_keeps_flat_images() -> None:
    flat = torch.full((1, 3, 20, 20), 0.4)
    assert torch.allclose(sharpen(flat, 0.5), flat, atol=1e-5)


def scene(count: int, params: HellscapeParams) -> list[torch.Tensor]:
    """Images that differ only by the movement of the camera."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    waves = torch.stack([torch.sin(6 * x), torch.cos(5 * y), torch.sin(4 * x + 3 * y)])[None] * 0.6
    camera = Camera.of(params)
    return [camera.move(waves, index) for index in range(count)]


def interpolated(params: HellscapeParams, pictures: list[torch.Tensor]) -> list[Frame]:
    interpolator = FrameInterpolator(params)
    return [frame for picture in pictures for frame in interpolator.add(picture)] + list(interpolator.close())


def test_images_are_frames_without_interpolation() -> None:
    params = HellscapeParams(frames=5)
    assert [frame.index for frame in interpolated(params, scene(params.dreamed, params))] == [0, 1, 2, 3, 4]


def test_interpolated_frames_follow_the_camera() -> None:
    params = HellscapeParams(frames=9, between=3, zoom=1.06, rotation=3.0)
    pictures = scene(params.dreamed, params)
    frames = interpolated(params, pictures)
    assert [frame.index for frame in frames] == list(range(9))
    inside = (slice(12, -12), slice(12, -12))
    for index, frame in enumerate(frames):
        # What a camera sees that moves a quarter of the distance per frame.
        expected = Camera.of(params).move(pictures[0], index / 4)[0].permute(1, 2, 0)
        seen = torch.from_numpy(frame.rgb.astype(np.float32)) / 127.5 - 1
        assert (seen[inside] - expected[inside]).abs().mean() < 0.02


def test_the_number_of_frames_is_exact() -> None:
    for frames in (7, 8, 9):
        params = HellscapeParams(frames=frames, between=2)
        assert len(interpolated(params, scene(params.dreamed, params))) == frames


def test_a_loop_has_frames_between_its_end_and_its_start() -> None:
    params = HellscapeParams(frames=8, between=1, loop=2, zoom=1.0, rotation=0.0)
    dark, bright = torch.full((1, 3, 8, 8), -0.5), torch.full((1, 3, 8, 8), 0.5)
    frames = interpolated(params, [dark, bright, dark, bright])
    assert [round(float(frame.rgb.mean())) for frame in frames] == [64, 128, 191, 128, 64, 128, 191, 128]


def test_frames_between_two_images_follow_how_far_the_camera_moved() -> None:
    params = HellscapeParams(frames=3, between=1, zoom=1.1, rotation=0.0)
    start = blob(16, 0)
    end = Camera.of(params).move(start, 3.0)
    interpolator = FrameInterpolator(params)
    frames = [*interpolator.add(start), *interpolator.add(end, 3.0)]
    places = [
        centroid(torch.tensor(frame.rgb.astype(np.float32)).permute(2, 0, 1)[None] - 128)[0]
        for frame in frames
    ]
    assert places == [pytest.approx(16 * 1.1**moved, abs=0.5) for moved in (0, 1.5, 3)]
