"""Images as tensors in [-1, 1]: conversion from and to uint8, resizing, blur, and noise to start from."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor


def to_tensor(rgb: NDArray[np.uint8], device: torch.device) -> Tensor:
    """(H, W, 3) uint8 → (1, 3, H, W) float32 in [-1, 1]."""
    tensor = torch.from_numpy(rgb.astype(np.float32)).to(device)
    return tensor.permute(2, 0, 1)[None].contiguous().div_(127.5).sub_(1)


def to_rgb(picture: Tensor) -> NDArray[np.uint8]:
    """(1, 3, H, W) in [-1, 1] → (H, W, 3) uint8; what lies outside is cut off."""
    pixels = picture[0].add(1).mul_(127.5).round_().clamp_(0, 255).byte()
    return np.ascontiguousarray(pixels.permute(1, 2, 0).cpu().numpy())


def resize(picture: Tensor, width: int, height: int) -> Tensor:
    """(N, C, H, W) → (N, C, height, width), bicubic; smoothed first when it shrinks."""
    if picture.shape[-2:] == (height, width):
        return picture
    shrinks = picture.shape[-2] > height or picture.shape[-1] > width
    return F.interpolate(picture, (height, width), mode="bicubic", align_corners=False, antialias=shrinks)


def render_preview(picture: Tensor, side: int = 320) -> NDArray[np.uint8]:
    """Renders a small preview of an image.

    Args:
        picture: `[1, 3, height, width]` in [-1, 1].
        side: Maximum long side of the preview in pixels; a smaller image is not enlarged.

    Returns:
        `[h, w, 3]` uint8.
    """
    height, width = picture.shape[-2:]
    scale = min(1.0, side / max(height, width))
    return to_rgb(resize(picture, max(1, round(width * scale)), max(1, round(height * scale))))


def gaussian_blur(picture: Tensor, sigma: float) -> Tensor:
    """(N, C, H, W) under a Gaussian of `sigma` pixels, the same shape; the edges reflect."""
    channels = picture.shape[1]
    radius = max(1, round(3 * sigma))
    at = torch.arange(-radius, radius + 1, device=picture.device, dtype=picture.dtype)
    kernel = torch.exp(-at.square() / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).expand(channels, 1, 1, -1)
    # Tiny pictures have nothing to reflect.
    mode = "reflect" if min(picture.shape[-2:]) > radius else "replicate"
    rows = F.conv2d(F.pad(picture, (radius,) * 4, mode=mode), kernel, groups=channels)
    return F.conv2d(rows, kernel.mT, groups=channels)


_NOISE_STD = 0.3
_COLOUR_NOISE_STD = 0.35


def white_noise(width: int, height: int, seed: int) -> Tensor:
    """Television without a station: every pixel for itself, mostly grey. (1, 3, height, width) on the CPU,
    mean 0, standard deviation 0.3, the same for the same seed."""
    rng = torch.Generator().manual_seed(seed)
    grey = torch.randn(1, 1, height, width, generator=rng)
    return _normalize_contrast(grey + _COLOUR_NOISE_STD * torch.randn(1, 3, height, width, generator=rng))


def smooth_noise(width: int, height: int, seed: int) -> Tensor:
    """Smooth noise of all sizes, in which a network soon sees something. As `static` otherwise."""
    rng = torch.Generator().manual_seed(seed)
    largest = max(width, height)
    out = torch.zeros(1, 3, height, width)
    side = 4
    sides = []
    while side < min(128, largest):
        sides.append(side)
        side *= 2
    for side in (*sides, largest):
        across, down = max(1, round(side * width / largest)), max(1, round(side * height / largest))
        layer = torch.randn(1, 3, down, across, generator=rng)
        out += (4 / side) ** 0.25 * resize(layer, width, height)
    return _normalize_contrast(out)


def _normalize_contrast(picture: Tensor) -> Tensor:
    spread = picture.std(correction=0).clamp_min(1e-6)
    return ((picture - picture.mean()) * (_NOISE_STD / spread)).clamp_(-1, 1)
