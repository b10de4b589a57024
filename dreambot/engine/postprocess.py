"""What is done to an image after the last step: relief lighting, source colours, mask."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from dreambot.engine.images import gaussian_blur
from dreambot.errors import UserError
from dreambot.recipe import Recipe


def postprocess(picture: Tensor, source: Tensor, recipe: Recipe, mask: Tensor | None = None) -> Tensor:
    """The dream lit, in the source's colours and within the mask, as far as the recipe says so.

    picture, source: (1, 3, H, W) in [-1, 1]; so is the result. mask: (1, 1, H, W) from 0 to 1.
    """
    if recipe.light:
        picture = emboss(picture, source, recipe.light)
    if recipe.keep_colour:
        picture = keep_source_colours(picture, source)
    return picture if mask is None else apply_mask(picture, source, mask)


_LUMA_BT601 = (0.299, 0.587, 0.114)
_EPS = 1e-6


def keep_source_colours(dream: Tensor, source: Tensor) -> Tensor:
    """The dream's luma (ITU-R BT.601) with the source's chroma; (N, 3, H, W) in [-1, 1], all of them.

    Where that would be brighter than white or darker than black, the colour pales instead of changing hue.
    """
    weights = dream.new_tensor(_LUMA_BT601)[:, None, None]
    luma = (dream * weights).sum(dim=1, keepdim=True)
    chroma = source - (source * weights).sum(dim=1, keepdim=True)
    room = torch.where(chroma > 0, 1 - luma, 1 + luma) / (chroma.abs() + _EPS)
    return (luma + chroma * room.amin(dim=1, keepdim=True).clamp(0, 1)).clamp_(-1, 1)


_SOURCE_WEIGHT, _DREAM_WEIGHT = 0.7, 0.15
_RELIEF_SIGMA = 0.6


def emboss(dream: Tensor, source: Tensor, light: float) -> Tensor:
    """The source, lit from the upper left where the dream's luminance rises like a relief.

    dream, source: (1, 3, H, W) in [-1, 1]; so is the result. light: the weight of the relief, up from 0.
    """
    height = pad(
        gaussian_blur(dream.mean(dim=1, keepdim=True), _RELIEF_SIGMA), (1, 1, 1, 1), mode="replicate"
    )
    relief = height[..., 2:, 2:] - height[..., :-2, :-2]
    return (_SOURCE_WEIGHT * source + _DREAM_WEIGHT * dream + light * relief).clamp(-1, 1)


_MASK_SHARPNESS = 4


def mask_to_tensor(grey: NDArray[np.uint8], width: int, height: int, device: torch.device) -> Tensor:
    """(h, w) uint8 → (1, 1, height, width) from 0 to 1. Raises UserError when it is black all over."""
    if not grey.any():
        raise UserError("errors-mask-black")
    return resize_mask(torch.from_numpy(grey.astype(np.float32) / 255).to(device)[None, None], width, height)


def resize_mask(mask: Tensor, width: int, height: int) -> Tensor:
    """(1, 1, h, w) → (1, 1, height, width). Linear: a cubic would ring beyond the mask's edges."""
    if mask.shape[-2:] == (height, width):
        return mask
    return F.interpolate(mask, (height, width), mode="bilinear", align_corners=False, antialias=True)


def apply_mask(dream: Tensor, source: Tensor, mask: Tensor) -> Tensor:
    """The source where the mask is 0, to the pixel; the dream, which steps have been weighted with the mask,
    elsewhere. All of one size.

    Small octaves are carried a little beyond the mask's edges. That fades out where the mask is faint.
    """
    return torch.lerp(source, dream, (mask * _MASK_SHARPNESS).clamp(max=1))
