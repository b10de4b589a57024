"""The camera of a hellscape: between two frames it moves a little into the picture."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.pictures import smooth
from dreambot.recipe import Hellscape

_SHARPENED = 1.0


@dataclass(frozen=True)
class Camera:
    """One frame's move: zoom (above 1 goes in), rotation in degrees (clockwise on screen), drift in shares of
    the width and height."""

    zoom: float
    rotation: float
    drift_x: float
    drift_y: float

    @classmethod
    def of(cls, film: Hellscape) -> "Camera":
        """The move between two dreamed frames of this film."""
        return cls(film.zoom, film.rotation, film.drift_x, film.drift_y)

    def move(self, picture: Tensor, frames: float = 1.0) -> Tensor:
        """(1, 3, H, W) as it is seen that many frames later, earlier when negative. What comes into view from
        outside is a reflection; bicubic, since a loop of bilinear resampling blurs everything away."""
        height, width = picture.shape[-2:]
        zoom = self.zoom**-frames
        angle = math.radians(self.rotation) * frames
        x, y = self.drift_x * 2 * frames, self.drift_y * 2 * frames
        # Coordinates run from -1 to 1 along either side, so that a turn needs the sides' proportion.
        aspect = height / width
        cos, sin = zoom * math.cos(angle), zoom * math.sin(angle)
        matrix = torch.tensor(
            [[[cos, sin * aspect, x], [-sin / aspect, cos, y]]], dtype=torch.float32, device=picture.device
        )
        grid = F.affine_grid(matrix, [1, 3, height, width], align_corners=False)
        return F.grid_sample(picture, grid, mode="bicubic", padding_mode="reflection", align_corners=False)


def sharpen(picture: Tensor, amount: float) -> Tensor:
    """Unsharp masking of an (N, C, H, W): what a blur would lose is added once more, times `amount`."""
    if amount == 0:
        return picture
    return picture + amount * (picture - smooth(picture, _SHARPENED))
