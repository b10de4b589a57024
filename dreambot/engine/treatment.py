"""Gradient treatments: what makes a raw gradient a good-looking step.

The raw gradient is mostly fine-grained noise; stepping along it draws ropes and pimples. Treatments
balance its scales and its colour, and fix its length.
"""

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.enlarging import enlarge
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
    if chroma != 1:
        gradient = torch.lerp(gradient.mean(dim=1, keepdim=True), gradient, chroma)
    return gradient.div_(_rms(gradient) + _TINY)


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
        differences.append(fine - enlarge(coarse, *fine.shape[-2:]))
        fine = coarse
    out = weights[len(differences)] * _to_rms_1(fine)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        loudness = weight / (_rms(band) + _TINY)
        out = band.mul_(loudness).add_(enlarge(out, *band.shape[-2:]))
    return out


def _down(x: Tensor) -> Tensor:
    """Halves height and width after smoothing with [1, 4, 6, 4, 1] / 16 both ways; the edges reflect."""
    # A compiler makes one kernel of sums, but not of a convolution.
    if x.is_cuda and not torch.compiler.is_compiling():
        return _down_by_convolution(x)
    # First by whole rows, then by columns, which are parted into those of even and of odd number before.
    x = F.pad(x, (0, 0, 2, 2), mode="reflect")
    x = _smoothed(x[:, :, ::2], x[:, :, 1::2], axis=2)
    x = F.pad(x, (2, 2, 0, 0), mode="reflect")
    return _smoothed(x[..., ::2].contiguous(), x[..., 1::2].contiguous(), axis=3)


def _down_by_convolution(x: Tensor) -> Tensor:
    """The same in two kernels instead of fourteen, for devices to which starting one is what costs."""
    channels = x.shape[1]
    padded = F.pad(x, (2, 2, 2, 2), mode="reflect")
    return F.conv2d(padded, _binomial(x.device).expand(channels, 1, 5, 5), stride=2, groups=channels)


@cache
def _binomial(device: torch.device) -> Tensor:
    row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=device) / 16
    return torch.outer(row, row)


def _smoothed(even: Tensor, odd: Tensor, axis: int) -> Tensor:
    size = even.shape[axis] - 2
    middle = even.narrow(axis, 1, size) * 6
    beside = odd.narrow(axis, 0, size) + odd.narrow(axis, 1, size)
    outer = even.narrow(axis, 0, size) + even.narrow(axis, 2, size)
    return middle.add_(beside, alpha=4).add_(outer).div_(16)


def _blur(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    out = torch.zeros_like(gradient)
    for sigma, weight in zip(_BLURS, weights or (1.0,) * len(_BLURS), strict=False):
        out += weight * smooth(gradient, sigma)
    return out
