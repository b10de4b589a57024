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
    """The movement of the camera per frame.

    Attributes:
        zoom: Magnification; above 1 moves into the image.
        rotation: Rotation in degrees, clockwise on screen.
        drift_x: Movement to the right as a fraction of the width.
        drift_y: Movement downwards as a fraction of the height.
    """

    zoom: float
    rotation: float
    drift_x: float
    drift_y: float

    @classmethod
    def of(cls, params: HellscapeParams) -> "Camera":
        """Returns the movement between two dreamed frames of a hellscape.

        Args:
            params: Parameters of the hellscape.
        """
        return cls(params.zoom, params.rotation, params.drift_x, params.drift_y)

    def move(self, image: Tensor, frames: float = 1.0) -> Tensor:
        """Shows an image as the camera sees it some frames later.

        Interpolation is bicubic, because repeated bilinear resampling would blur everything away. What comes
        into view from outside is filled by reflection.

        Args:
            image: `[1, 3, height, width]`.
            frames: Number of frames; fractions and negative numbers (earlier) are possible.

        Returns:
            The moved image, of the same shape.
        """
        height, width = image.shape[-2:]
        rotation, shift = self._motion(frames, width, height)
        # Coordinates run from -1 to 1 on both axes, so that a rotation needs the aspect ratio.
        aspect = height / width
        matrix = torch.tensor(
            [
                [rotation.real, -rotation.imag * aspect, 2 * shift.real / width],
                [rotation.imag / aspect, rotation.real, 2 * shift.imag / height],
            ],
            dtype=torch.float32,
            device=image.device,
        )
        grid = F.affine_grid(matrix[None], [1, 3, height, width], align_corners=False)
        return F.grid_sample(image, grid, mode="bicubic", padding_mode="reflection", align_corners=False)

    def _motion(self, frames: float, width: int, height: int) -> tuple[complex, complex]:
        """Returns (rotation, shift): the pixel at z = x + iy from the centre shows rotation · z + shift.

        Each frame also rotates the shift: over n frames it is the sum of a geometric series.
        """
        one_frame = cmath.rect(1 / self.zoom, -math.radians(self.rotation))
        shift = complex(self.drift_x * width, self.drift_y * height)
        rotation = cmath.rect(self.zoom**-frames, -math.radians(self.rotation) * frames)
        return rotation, shift * (frames if one_frame == 1 else (rotation - 1) / (one_frame - 1))


def sharpen(image: Tensor, amount: float) -> Tensor:
    """Sharpens an image with an unsharp mask.

    Args:
        image: `[batch, channels, height, width]`.
        amount: Weight of the detail that is added: of the difference to a blurred copy.

    Returns:
        The sharpened image, of the same shape.
    """
    if amount == 0:
        return image
    return image + amount * (image - gaussian_blur(image, _UNSHARP_SIGMA))


class FrameInterpolator:
    """Turns dreamed images into the frames of a hellscape.

    The movement of the camera is known exactly, so the frames between two images need not be dreamed: one
    image is moved forwards, the other backwards, and they are crossfaded.
    """

    def __init__(self, params: HellscapeParams) -> None:
        """Creates an interpolator.

        Args:
            params: Parameters of the hellscape.
        """
        self._params, self._camera = params, Camera.of(params)
        self._first: Tensor | None = None
        self._last: Tensor | None = None
        self._index = 0

    def add(self, image: Tensor, motion: float = 1.0) -> Iterator[Frame]:
        """Yields the frames after the previous image, up to and including this one.

        Args:
            image: The next dreamed image, `[1, 3, height, width]` in [-1, 1].
            motion: How far the camera moved since the previous image, as a multiple of its usual movement.
        """
        if self._last is None:
            self._first = image
        else:
            yield from self._interpolate(self._last, image, motion)
        yield from self._frame(image)
        self._last = image

    def close(self) -> Iterator[Frame]:
        """Yields the frames after the last image: in a loop, those that lead back to the first."""
        if self._params.loop and self._first is not None and self._last is not None:
            yield from self._interpolate(self._last, self._first, 1.0)

    def _interpolate(self, start: Tensor, end: Tensor, motion: float) -> Iterator[Frame]:
        intervals = self._params.between + 1
        for interval in range(1, intervals):
            share = interval / intervals
            forwards = self._camera.move(start, share * motion)
            backwards = self._camera.move(end, (share - 1) * motion)
            yield from self._frame(torch.lerp(forwards, backwards, share))

    def _frame(self, image: Tensor) -> Iterator[Frame]:
        if self._index < self._params.frames:
            self._index += 1
            yield Frame(self._index - 1, self._params.frames, to_rgb(image))
