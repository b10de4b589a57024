"""Gradient treatments: what makes a raw gradient a good-looking step.

The raw gradient is mostly fine-grained noise; stepping along it draws ropes and pimples. Treatments
balance its scales and its colour, and fix its length.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.pictures import smooth
from dreambot.recipe.layers import Gradient

_TINY = 1e-12
_BLURS = (0.35, 0.7, 1.4)


def treat(gradient: Tensor, kind: Gradient, bands: Sequence[float], chroma: float) -> Tensor:
    """(N, 3, H, W) float32 → the same shape, of RMS 1 (`mean_abs`: of mean absolute value 1).

    `laplacian` equalises the bands of a Laplacian pyramid, finest first, and weights them with `bands`
    (after google/deepdream's notebook). `blur` adds up Gaussians of σ 0.35, 0.7 and 1.4 pixels weighted with
    `bands`. `mean_abs` only scales, as the first deep dreams did. `chroma` scales what differs from grey.
    """
    if kind == "mean_abs":
        return gradient / (gradient.abs().mean(dim=(1, 2, 3), keepdim=True) + _TINY)
    # Brought to length 1 first: raw gradients can be so small that their squares vanish in float32.
    gradient = _to_rms_1(gradient)
    gradient = _laplacian(gradient, bands) if kind == "laplacian" else _blur(gradient, bands)
    grey = gradient.mean(dim=1, keepdim=True)
    return _to_rms_1(torch.lerp(grey, gradient, chroma))


def _to_rms_1(x: Tensor) -> Tensor:
    return x / (_rms(x) + _TINY)


def _rms(x: Tensor) -> Tensor:
    return x.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()


def _laplacian(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    """Splits into len(weights) bands, the last one being what is left; each is scaled to RMS 1 · weight."""
    fine, differences = gradient, []
    for _ in weights[1:]:
        if min(fine.shape[-2:]) < 4:
            break
        coarse = _down(fine)
        differences.append(fine - _up(coarse, fine))
        fine = coarse
    out = weights[len(differences)] * _to_rms_1(fine)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        out = _up(out, band) + (weight / (_rms(band) + _TINY)) * band
    return out


def _down(x: Tensor) -> Tensor:
    """Halves height and width after smoothing with [1, 4, 6, 4, 1] / 16 both ways, by strided sums."""
    for axis in (2, 3):
        size = x.shape[axis]
        pads = (2, 2, 0, 0) if axis == 3 else (0, 0, 2, 2)
        padded = F.pad(x, pads, mode="reflect")
        parts = [padded.narrow(axis, k, size)[_every_second(axis)] for k in range(5)]
        x = (parts[0] + parts[4]).add_(parts[1] + parts[3], alpha=4).add_(parts[2], alpha=6).div_(16)
    return x


def _every_second(axis: int) -> tuple[slice, ...]:
    return (*(slice(None) for _ in range(axis)), slice(None, None, 2))


def _up(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=False)


def _blur(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    out = torch.zeros_like(gradient)
    for sigma, weight in zip(_BLURS, weights or (1.0,) * len(_BLURS), strict=False):
        out += weight * smooth(gradient, sigma)
    return out
