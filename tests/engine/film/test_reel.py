"""The film that pictures become."""

import numpy as np
import torch

from dreambot.engine.film.camera import Camera
from dreambot.engine.film.frames import Frame
from dreambot.engine.film.reel import Reel
from dreambot.recipe import Hellscape


def scene(count: int, film: Hellscape) -> list[torch.Tensor]:
    """Pictures that differ by the camera's way alone."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    waves = torch.stack([torch.sin(6 * x), torch.cos(5 * y), torch.sin(4 * x + 3 * y)])[None] * 0.6
    camera = Camera.of(film)
    return [camera.move(waves, index) for index in range(count)]


def shown(film: Hellscape, pictures: list[torch.Tensor]) -> list[Frame]:
    reel = Reel(film)
    return [frame for picture in pictures for frame in reel.add(picture)] + list(reel.close())


def test_pictures_are_frames_when_there_is_nothing_in_between() -> None:
    film = Hellscape(frames=5)
    assert [frame.index for frame in shown(film, scene(film.dreamed, film))] == [0, 1, 2, 3, 4]


def test_in_between_pictures_lie_on_the_camera_s_way() -> None:
    film = Hellscape(frames=9, between=3, zoom=1.06, rotation=3.0)
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
        film = Hellscape(frames=frames, between=2)
        assert len(shown(film, scene(film.dreamed, film))) == frames


def test_a_loop_has_frames_between_its_end_and_its_beginning() -> None:
    film = Hellscape(frames=8, between=1, loop=2, zoom=1.0, rotation=0.0)
    dark, bright = torch.full((1, 3, 8, 8), -0.5), torch.full((1, 3, 8, 8), 0.5)
    frames = shown(film, [dark, bright, dark, bright])
    assert [round(float(frame.rgb.mean())) for frame in frames] == [64, 128, 191, 128, 64, 128, 191, 128]
