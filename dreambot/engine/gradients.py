"""The gradient of an objective with respect to the image, and its normalisation.

The gradient comes from a hand-written backward pass where there is one (see `cpu/`), otherwise from
autograd. A raw gradient is mostly fine-grained noise; stepping along it draws ropes and pimples.
Normalisation balances its scales and its colour, and fixes its length.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.cpu.backward import manual_pass_for
from dreambot.engine.images import gaussian_blur
from dreambot.engine.objectives import ObjectiveFunction
from dreambot.recipe.layers import Gradient
from dreambot.zoo.network import Network

# InceptionV3's deepest blocks need 75 pixels to have anything to look at.
_MIN_SIDE = 80


def compute_gradient(network: Network, picture: Tensor, score: ObjectiveFunction) -> tuple[Tensor, float]:
    """(the gradient of the score to the picture, the score).

    picture: (1, 3, H, W) in [-1, 1]; the gradient has its shape, is float32 and holds no NaN.
    """
    if min(picture.shape[-2:]) >= _MIN_SIDE and (by_hand := manual_pass_for(network, score.layers)):
        gradient, value = by_hand.gradient(picture.detach(), score)
        return torch.nan_to_num_(gradient, 0.0, 0.0, 0.0), value
    picture = picture.detach().requires_grad_()
    features = network.forward_to(pad_to_minimum(picture), score.layers)
    reached = score(features).sum()
    (gradient,) = torch.autograd.grad(reached, picture)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), float(reached.detach())


def pad_to_minimum(picture: Tensor) -> Tensor:
    """(1, 3, H, W), its last row and column repeated until a network has enough to look at."""
    height, width = picture.shape[-2:]
    right, below = max(0, _MIN_SIDE - width), max(0, _MIN_SIDE - height)
    return F.pad(picture, (0, right, 0, below), mode="replicate") if right or below else picture


_EPS = 1e-12
_BLUR_SIGMAS = (0.35, 0.7, 1.4)


def normalize_gradient(gradient: Tensor, kind: Gradient, bands: Sequence[float], chroma: float) -> Tensor:
    """(N, 3, H, W) float32 → the same shape, of RMS 1 (`mean_abs`: of mean absolute value 1).

    `laplacian` equalises the bands of a Laplacian pyramid, finest first, and weights them with `bands`
    (after google/deepdream's notebook). `blur` adds up Gaussians of σ 0.35, 0.7 and 1.4 pixels weighted with
    `bands`. `mean_abs` only scales, as the first deep dreams did. `chroma` scales what differs from grey.
    """
    if kind == "mean_abs":
        return gradient / (gradient.abs().mean(dim=(1, 2, 3), keepdim=True) + _EPS)
    # Brought to length 1 first: raw gradients can be so small that their squares vanish in float32.
    gradient = _normalize_rms(gradient)
    gradient = (
        _equalize_laplacian_bands(gradient, bands) if kind == "laplacian" else _sum_of_blurs(gradient, bands)
    )
    if chroma != 1:
        gradient = torch.lerp(gradient.mean(dim=1, keepdim=True), gradient, chroma)
    return gradient.div_(_rms(gradient) + _EPS)


def _normalize_rms(x: Tensor) -> Tensor:
    return x / (_rms(x) + _EPS)


def _rms(x: Tensor) -> Tensor:
    return x.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()


def _equalize_laplacian_bands(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    """Splits into len(weights) bands, the last one being what is left; each is scaled to RMS 1 · weight."""
    fine, differences = gradient, []
    for _ in weights[1:]:
        if min(fine.shape[-2:]) < 4:
            break
        coarse = _downsample(fine)
        differences.append(fine - upsample_2x(coarse, *fine.shape[-2:]))
        fine = coarse
    out = weights[len(differences)] * _normalize_rms(fine)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        loudness = weight / (_rms(band) + _EPS)
        out = band.mul_(loudness).add_(upsample_2x(out, *band.shape[-2:]))
    return out


def _downsample(x: Tensor) -> Tensor:
    """Halves height and width after smoothing with [1, 4, 6, 4, 1] / 16 both ways; the edges reflect."""
    # A compiler makes one kernel of sums, but not of a convolution.
    if x.is_cuda and not torch.compiler.is_compiling():
        return _downsample_by_convolution(x)
    # First by whole rows, then by columns, which are parted into those of even and of odd number before.
    x = F.pad(x, (0, 0, 2, 2), mode="reflect")
    x = _binomial_smooth(x[:, :, ::2], x[:, :, 1::2], axis=2)
    x = F.pad(x, (2, 2, 0, 0), mode="reflect")
    return _binomial_smooth(x[..., ::2].contiguous(), x[..., 1::2].contiguous(), axis=3)


def _downsample_by_convolution(x: Tensor) -> Tensor:
    """The same in two kernels instead of fourteen, for devices to which starting one is what costs."""
    channels = x.shape[1]
    padded = F.pad(x, (2, 2, 2, 2), mode="reflect")
    return F.conv2d(padded, _binomial_kernel(x.device).expand(channels, 1, 5, 5), stride=2, groups=channels)


@cache
def _binomial_kernel(device: torch.device) -> Tensor:
    row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=device) / 16
    return torch.outer(row, row)


def _binomial_smooth(even: Tensor, odd: Tensor, axis: int) -> Tensor:
    size = even.shape[axis] - 2
    middle = even.narrow(axis, 1, size) * 6
    beside = odd.narrow(axis, 0, size) + odd.narrow(axis, 1, size)
    outer = even.narrow(axis, 0, size) + even.narrow(axis, 2, size)
    return middle.add_(beside, alpha=4).add_(outer).div_(16)


def _sum_of_blurs(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    out = torch.zeros_like(gradient)
    for sigma, weight in zip(_BLUR_SIGMAS, weights or (1.0,) * len(_BLUR_SIGMAS), strict=False):
        out += weight * gaussian_blur(gradient, sigma)
    return out


_Run = tuple[int, int, int, Tensor]


def upsample_2x(x: Tensor, height: int, width: int) -> Tensor:
    """(N, C, h, w) float32 → (N, C, height, width), each 2h or 2h − 1, 2w or 2w − 1.

    What `interpolate` gives. On a CPU it takes a fifth of the time: places of even number and of odd number
    each read from neighbours in a row, so that they are mixed by whole rows and never gathered one by one.
    """
    if x.device.type != "cpu":
        return F.interpolate(x, (height, width), mode="bilinear", align_corners=False)
    n, c, h, w = x.shape
    x = F.pad(x, (1, 1, 1, 1), mode="replicate")
    rows = x.new_empty(n, c, 2 * h, w + 2)
    for phase in (0, 1):
        _lerp_runs(x, 2, _interpolation_runs(h, height, phase), rows[:, :, phase::2])
    even, odd = x.new_empty(n, c, 2 * h, w), x.new_empty(n, c, 2 * h, w)
    _lerp_runs(rows, 3, _interpolation_runs(w, width, 0), even)
    _lerp_runs(rows, 3, _interpolation_runs(w, width, 1), odd)
    # Complex numbers lie in memory as real and imaginary parts in turn, and are put together fast.
    woven = torch.view_as_real(torch.complex(even, odd)).view(n, c, 2 * h, 2 * w)
    return woven[:, :, :height, :width]


def _lerp_runs(x: Tensor, axis: int, runs: tuple[_Run, ...], out: Tensor) -> None:
    for start, first, length, share in runs:
        torch.lerp(
            x.narrow(axis, first, length),
            x.narrow(axis, first + 1, length),
            share if axis == 3 else share[:, None],
            out=out.narrow(axis, start, length),
        )


@lru_cache(64)
def _interpolation_runs(coarse: int, fine: int, phase: int) -> tuple[_Run, ...]:
    """For the places phase, phase + 2 … of `fine`: runs of (where it starts, the first place read of a row
    that was made one longer at either end, how many, the share of the place after each one read)."""
    # In single precision, as `interpolate` has it.
    scale = float(torch.tensor(coarse / fine))
    at = ((torch.arange(phase, 2 * coarse, 2).double() + 0.5) * scale - 0.5).float().clamp_(max=coarse - 0.5)
    first = at.floor()
    share = at - first
    shift = (first.long() + 1 - torch.arange(coarse)).tolist()
    runs, start = [], 0
    for ahead, group in groupby(shift):
        length = len(list(group))
        runs.append((start, start + ahead, length, share[start : start + length]))
        start += length
    return tuple(runs)
