"""Where a picture is dreamed on, and where it stays."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from dreambot.errors import UserError

_FIRM = 4


def to_mask(grey: NDArray[np.uint8], width: int, height: int, device: torch.device) -> Tensor:
    """(h, w) uint8 → (1, 1, height, width) from 0 to 1. Raises UserError when it is black all over."""
    if not grey.any():
        raise UserError(
            "That mask is black all over, so nothing would be dreamed; paint white where the dream shall be."
        )
    return at_size(torch.from_numpy(grey.astype(np.float32) / 255).to(device)[None, None], width, height)


def at_size(mask: Tensor, width: int, height: int) -> Tensor:
    """(1, 1, h, w) → (1, 1, height, width). Linear: a cubic would ring beyond the mask's edges."""
    if mask.shape[-2:] == (height, width):
        return mask
    return F.interpolate(mask, (height, width), mode="bilinear", align_corners=False, antialias=True)


def confine(dream: Tensor, source: Tensor, mask: Tensor) -> Tensor:
    """The source where the mask is 0, to the pixel; the dream, which steps have been weighted with the mask,
    elsewhere. All of one size.

    Small octaves are carried a little beyond the mask's edges. That fades out where the mask is faint.
    """
    return torch.lerp(source, dream, (mask * _FIRM).clamp(max=1))
