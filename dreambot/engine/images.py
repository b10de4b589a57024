"""Image tensors: conversion from and to uint8, resizing, blur, and noise to start from.

Everywhere in the engine an image is a tensor `[batch, 3, height, width]`, float32, RGB in [-1, 1].
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor


def to_tensor(rgb: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Converts pixels to an image tensor.

    Args:
        rgb: `[height, width, 3]` uint8.
        device: Device of the result.

    Returns:
        `[1, 3, height, width]` float32 in [-1, 1].
    """
    tensor = torch.from_numpy(rgb.astype(np.float32)).to(device)
    return tensor.permute(2, 0, 1)[None].contiguous().div_(127.5).sub_(1)


def to_rgb(image: Tensor) -> NDArray[np.uint8]:
    """Converts an image tensor to pixels; values outside [-1, 1] are clipped.

    Args:
        image: `[1, 3, height, width]`.

    Returns:
        `[height, width, 3]` uint8.
    """
    pixels = image[0].add(1).mul_(127.5).round_().clamp_(0, 255).byte()
    return np.ascontiguousarray(pixels.permute(1, 2, 0).cpu().numpy())


def resize(image: Tensor, width: int, height: int) -> Tensor:
    """Resizes with bicubic interpolation, with antialiasing when the image shrinks.

    Args:
        image: `[batch, channels, h, w]`, of any value range.
        width: New width in pixels.
        height: New height in pixels.

    Returns:
        `[batch, channels, height, width]`; `image` itself if it has that size already.
    """
    if image.shape[-2:] == (height, width):
        return image
    shrinks = image.shape[-2] > height or image.shape[-1] > width
    return F.interpolate(image, (height, width), mode="bicubic", align_corners=False, antialias=shrinks)


def render_preview(image: Tensor, side: int = 320) -> NDArray[np.uint8]:
    """Renders a small preview of an image.

    Args:
        image: `[1, 3, height, width]` in [-1, 1].
        side: Maximum long side of the preview in pixels; a smaller image is not enlarged.

    Returns:
        `[h, w, 3]` uint8.
    """
    height, width = image.shape[-2:]
    scale = min(1.0, side / max(height, width))
    return to_rgb(resize(image, max(1, round(width * scale)), max(1, round(height * scale))))


def gaussian_blur(image: Tensor, sigma: float) -> Tensor:
    """Blurs with a Gaussian, with reflection at the borders.

    Args:
        image: `[batch, channels, height, width]`.
        sigma: Standard deviation in pixels.

    Returns:
        The blurred image, of the same shape.
    """
    channels = image.shape[1]
    radius = max(1, round(3 * sigma))
    positions = torch.arange(-radius, radius + 1, device=image.device, dtype=image.dtype)
    kernel = torch.exp(-positions.square() / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).expand(channels, 1, 1, -1)
    # Reflection needs more pixels than the radius.
    mode = "reflect" if min(image.shape[-2:]) > radius else "replicate"
    rows = F.conv2d(F.pad(image, (radius,) * 4, mode=mode), kernel, groups=channels)
    return F.conv2d(rows, kernel.mT, groups=channels)


_CLOUDS = 12
"""How many clouds fit along the long side of an image."""


def add_clouds(image: Tensor, contrast: float, seed: int, mask: Tensor | None = None) -> Tensor:
    """Adds faint grey clouds, in which a network sees other things for each seed.

    Args:
        image: `[1, 3, height, width]` in [-1, 1].
        contrast: Standard deviation of the clouds.
        seed: Seed; the same seed gives the same clouds at any size.
        mask: `[1, 1, height, width]`, 0 to 1: where they are added.

    Returns:
        An image of the same shape and range.
    """
    height, width = image.shape[-2:]
    long_side = max(height, width)
    rows, columns = (max(1, round(_CLOUDS * side / long_side)) for side in (height, width))
    noise = torch.randn(1, 1, rows, columns, generator=torch.Generator().manual_seed(seed))
    clouds = resize(noise, width, height)
    clouds = (clouds / clouds.std(correction=0).clamp_min(1e-6)).to(image.device)
    return (image + contrast * (clouds if mask is None else clouds * mask)).clamp_(-1, 1)


_NOISE_STD = 0.3
_COLOUR_NOISE_STD = 0.35


def white_noise(width: int, height: int, seed: int) -> Tensor:
    """Generates white noise that is mostly grey, like a television without a signal.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed; the same seed gives the same noise.

    Returns:
        `[1, 3, height, width]` float32 on the CPU, with mean 0 and standard deviation 0.3, clipped to [-1,
        1].
    """
    rng = torch.Generator().manual_seed(seed)
    grey = torch.randn(1, 1, height, width, generator=rng)
    return _normalize_contrast(grey + _COLOUR_NOISE_STD * torch.randn(1, 3, height, width, generator=rng))


def smooth_noise(width: int, height: int, seed: int) -> Tensor:
    """Generates noise at all spatial scales, in which a network soon detects something.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed; the same seed gives the same noise.

    Returns:
        `[1, 3, height, width]` float32 on the CPU, with mean 0 and standard deviation 0.3, clipped to [-1,
        1].
    """
    rng = torch.Generator().manual_seed(seed)
    long_side = max(width, height)
    out = torch.zeros(1, 3, height, width)
    side = 4
    sides = []
    while side < min(128, long_side):
        sides.append(side)
        side *= 2
    for side in (*sides, long_side):
        columns, rows = max(1, round(side * width / long_side)), max(1, round(side * height / long_side))
        layer = torch.randn(1, 3, rows, columns, generator=rng)
        out += (4 / side) ** 0.25 * resize(layer, width, height)
    return _normalize_contrast(out)


def _normalize_contrast(image: Tensor) -> Tensor:
    std = image.std(correction=0).clamp_min(1e-6)
    return ((image - image.mean()) * (_NOISE_STD / std)).clamp_(-1, 1)
