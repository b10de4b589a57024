"""Postprocessing after the last step: relief lighting, source colours, tone, words, mask."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from dreambot.engine.images import gaussian_blur
from dreambot.engine.source import strengthen_words
from dreambot.errors import UserError
from dreambot.recipe import Recipe


def postprocess(image: Tensor, source: Tensor, recipe: Recipe, mask: Tensor | None = None) -> Tensor:
    """Applies the recipe's relief lighting, source colours, tone, words and mask.

    Args:
        image: The dreamed image, `[1, 3, height, width]` in [-1, 1].
        source: The source at the same size and range.
        recipe: Recipe that says what to apply.
        mask: `[1, 1, height, width]`, 0 to 1.

    Returns:
        The finished image, with the shape and range of `image`.
    """
    if recipe.light:
        image = emboss(image, source, recipe.light)
    if recipe.keep_colour:
        image = keep_source_colours(image, source)
    if recipe.tone == "bone":
        image = bone_tone(image)
    image = strengthen_words(image, recipe)
    return image if mask is None else apply_mask(image, source, mask)


_LUMA_BT601 = (0.299, 0.587, 0.114)
_EPS = 1e-6


def keep_source_colours(dream: Tensor, source: Tensor) -> Tensor:
    """Combines the dream's luma (ITU-R BT.601) with the source's chroma.

    Where that would be brighter than white or darker than black, the saturation is reduced, not the hue
    changed.

    Args:
        dream: `[batch, 3, height, width]` in [-1, 1].
        source: The source, of the same shape and range.

    Returns:
        The combined image, of the same shape and range.
    """
    weights = dream.new_tensor(_LUMA_BT601)[:, None, None]
    luma = (dream * weights).sum(dim=1, keepdim=True)
    chroma = source - (source * weights).sum(dim=1, keepdim=True)
    headroom = torch.where(chroma > 0, 1 - luma, 1 + luma) / (chroma.abs() + _EPS)
    return (luma + chroma * headroom.amin(dim=1, keepdim=True).clamp(0, 1)).clamp_(-1, 1)


_INK, _BONE, _IVORY = (10, 12, 14), (118, 108, 88), (236, 226, 200)
_TONE_WEIGHT, _CONTRAST = 0.85, 0.6


def bone_tone(dream: Tensor) -> Tensor:
    """Colours an image by its luma: black ink, brown bone, ivory. A little of its own colour stays.

    Args:
        dream: `[batch, 3, height, width]` in [-1, 1].

    Returns:
        The toned image, of the same shape and range.
    """
    weights = dream.new_tensor(_LUMA_BT601)[:, None, None]
    luma = ((dream * weights).sum(dim=1, keepdim=True) + 1) / 2
    # A soft S-curve: more contrast between bone and shadow.
    luma = torch.lerp(luma, luma.square() * (3 - 2 * luma), _CONTRAST)
    ink, bone, ivory = (
        dream.new_tensor(colour)[:, None, None] / 127.5 - 1 for colour in (_INK, _BONE, _IVORY)
    )
    ramp = torch.where(luma < 0.5, torch.lerp(ink, bone, 2 * luma), torch.lerp(bone, ivory, 2 * luma - 1))
    return torch.lerp(dream, ramp, _TONE_WEIGHT)


_SOURCE_WEIGHT, _DREAM_WEIGHT = 0.7, 0.15
_RELIEF_SIGMA = 0.6


def emboss(dream: Tensor, source: Tensor, light: float) -> Tensor:
    """Lights the source from the upper left, with the dream's luminance as a height map.

    Args:
        dream: `[1, 3, height, width]` in [-1, 1].
        source: The source, of the same shape and range.
        light: Weight of the relief, from 0.

    Returns:
        The lit image, of the same shape and range.
    """
    height_map = gaussian_blur(dream.mean(dim=1, keepdim=True), _RELIEF_SIGMA)
    height_map = F.pad(height_map, (1, 1, 1, 1), mode="replicate")
    relief = height_map[..., 2:, 2:] - height_map[..., :-2, :-2]
    return (_SOURCE_WEIGHT * source + _DREAM_WEIGHT * dream + light * relief).clamp(-1, 1)


_MASK_SHARPNESS = 4


def mask_to_tensor(grey: NDArray[np.uint8], width: int, height: int, device: torch.device) -> Tensor:
    """Converts a grey image to a mask.

    Args:
        grey: `[h, w]` uint8; 255 dreams, 0 keeps the source.
        width: Width of the mask in pixels.
        height: Height of the mask in pixels.
        device: Device of the mask.

    Returns:
        `[1, 1, height, width]` float32, 0 to 1.

    Raises:
        UserError: The mask is black everywhere.
    """
    if not grey.any():
        raise UserError("errors-mask-black")
    return resize_mask(torch.from_numpy(grey.astype(np.float32) / 255).to(device)[None, None], width, height)


def resize_mask(mask: Tensor, width: int, height: int) -> Tensor:
    """Resizes a mask with bilinear interpolation; bicubic would overshoot at the mask's edges.

    Args:
        mask: `[1, 1, h, w]`.
        width: New width in pixels.
        height: New height in pixels.

    Returns:
        `[1, 1, height, width]`.
    """
    if mask.shape[-2:] == (height, width):
        return mask
    return F.interpolate(mask, (height, width), mode="bilinear", align_corners=False, antialias=True)


def apply_mask(dream: Tensor, source: Tensor, mask: Tensor) -> Tensor:
    """Restores the source where the mask is 0, exactly, and keeps the dream elsewhere.

    The steps have been weighted with the mask already. The detail of small octaves spreads a little beyond
    the mask's edges; it fades out where the mask is faint.

    Args:
        dream: `[1, 3, height, width]`.
        source: The source, of the same shape.
        mask: `[1, 1, height, width]`, 0 to 1.

    Returns:
        The composite, of the same shape.
    """
    return torch.lerp(source, dream, (mask * _MASK_SHARPNESS).clamp(max=1))
