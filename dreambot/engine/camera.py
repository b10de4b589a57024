"""The camera of a hellscape: moves a little into the image per frame, and interpolates frames."""

import cmath
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.images import gaussian_blur, to_rgb
from dreambot.engine.progress import Frame
from dreambot.recipe import HellscapeParams

_UNSHARP_SIGMA = 1.0


@dataclass(frozen=True)
class Camera:
    """One frame's move: zoom (above 1 goes in), rotation in degrees (clockwise on screen), drift in shares of
    the width and height."""

    zoom: float
    rotation: float
    drift_x: float
    drift_y: float

    @classmethod
    def of(cls, film: HellscapeParams) -> "Camera":
        """The move between two dreamed frames of this film."""
        return cls(film.zoom, film.rotation, film.drift_x, film.drift_y)

    def move(self, picture: Tensor, frames: float = 1.0) -> Tensor:
        """(1, 3, H, W) as it is seen that many frames later, earlier when negative. What comes into view from
        outside is a reflection; bicubic, since a loop of bilinear resampling blurs everything away."""
        height, width = picture.shape[-2:]
        turn, shift = self._way(frames, width, height)
        # Coordinates run from -1 to 1 along either side, so that a turn needs the sides' proportion.
        aspect = height / width
        matrix = torch.tensor(
            [
                [turn.real, -turn.imag * aspect, 2 * shift.real / width],
                [turn.imag / aspect, turn.real, 2 * shift.imag / height],
            ],
            dtype=torch.float32,
            device=picture.device,
        )
        grid = F.affine_grid(matrix[None], [1, 3, height, width], align_corners=False)
        return F.grid_sample(picture, grid, mode="bicubic", padding_mode="reflection", align_corners=False)

    def _way(self, frames: float, width: int, height: int) -> tuple[complex, complex]:
        """(turn, shift): a pixel at z from the middle, x + iy, shows what was at turn · z + shift.

        Frame after frame the shift is turned along: over n frames it adds up to a geometric series.
        """
        once = cmath.rect(1 / self.zoom, -math.radians(self.rotation))
        shift = complex(self.drift_x * width, self.drift_y * height)
        turn = cmath.rect(self.zoom**-frames, -math.radians(self.rotation) * frames)
        return turn, shift * (frames if once == 1 else (turn - 1) / (once - 1))


def sharpen(picture: Tensor, amount: float) -> Tensor:
    """Unsharp masking of an (N, C, H, W): what a blur would lose is added once more, times `amount`."""
    if amount == 0:
        return picture
    return picture + amount * (picture - gaussian_blur(picture, _UNSHARP_SIGMA))


class FrameInterpolator:
    """Takes dreamed pictures in order and gives the frames that are shown.

    How the camera moves is known exactly, so that what is between two pictures can be shown without
    dreaming it: the one moved on and the other moved back, crossfaded.
    """

    def __init__(self, film: HellscapeParams) -> None:
        self._film, self._camera = film, Camera.of(film)
        self._first: Tensor | None = None
        self._last: Tensor | None = None
        self._index = 0

    def add(self, picture: Tensor) -> Iterator[Frame]:
        """The frames up to this picture, (1, 3, H, W); itself the last of them."""
        if self._last is None:
            self._first = picture
        else:
            yield from self._between(self._last, picture)
        yield from self._frame(picture)
        self._last = picture

    def close(self) -> Iterator[Frame]:
        """What comes after the last picture: in a loop, the way to the first."""
        if self._film.loop and self._first is not None and self._last is not None:
            yield from self._between(self._last, self._first)

    def _between(self, one: Tensor, other: Tensor) -> Iterator[Frame]:
        parts = self._film.between + 1
        for part in range(1, parts):
            share = part / parts
            onward, back = self._camera.move(one, share), self._camera.move(other, share - 1)
            yield from self._frame(torch.lerp(onward, back, share))

    def _frame(self, picture: Tensor) -> Iterator[Frame]:
        if self._index < self._film.frames:
            self._index += 1
            yield Frame(self._index - 1, self._film.frames, to_rgb(picture))
