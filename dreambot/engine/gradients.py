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

# InceptionV3's deepest blocks need an input of at least 75 pixels.
_MIN_SIDE = 80


def compute_gradient(network: Network, image: Tensor, objective: ObjectiveFunction) -> tuple[Tensor, float]:
    """Computes the gradient of an objective with respect to the image.

    Args:
        network: Network that computes the activations.
        image: `[1, 3, height, width]` in [-1, 1].
        objective: Objective to differentiate.

    Returns:
        The gradient, float32 with the shape of `image` and with NaN and infinity replaced by 0, and the value
        of the objective.
    """
    if min(image.shape[-2:]) >= _MIN_SIDE and (manual_pass := manual_pass_for(network, objective.layers)):
        gradient, value = manual_pass.gradient(image.detach(), objective)
        return torch.nan_to_num_(gradient, 0.0, 0.0, 0.0), value
    image = image.detach().requires_grad_()
    features = network.forward_to(pad_to_minimum(image), objective.layers)
    total = objective(features).sum()
    (gradient,) = torch.autograd.grad(total, image)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), float(total.detach())


def pad_to_minimum(image: Tensor) -> Tensor:
    """Pads an image to the smallest size that networks accept, by repeating its last row and column.

    Args:
        image: `[1, 3, height, width]`.

    Returns:
        An image of at least 80 × 80 pixels; `image` itself if it is large enough.
    """
    height, width = image.shape[-2:]
    right, bottom = max(0, _MIN_SIDE - width), max(0, _MIN_SIDE - height)
    return F.pad(image, (0, right, 0, bottom), mode="replicate") if right or bottom else image


_EPS = 1e-12
_BLUR_SIGMAS = (0.35, 0.7, 1.4)


def normalize_gradient(
    gradient: Tensor,
    kind: Gradient,
    bands: Sequence[float],
    chroma: float,
    colours: Tensor | None = None,
) -> Tensor:
    """Normalises a gradient to RMS 1 per image (kind `mean_abs`: to a mean absolute value of 1).

    Args:
        gradient: `[batch, 3, height, width]` float32.
        kind: `laplacian` equalises the bands of a Laplacian pyramid and weights them with `bands` (after
            google/deepdream's notebook). `blur` adds up Gaussian blurs with sigmas of 0.35, 0.7 and 1.4
            pixels, weighted with `bands`. `mean_abs` only scales, as the first deep dreams did.
        bands: Weights of the spatial bands, finest first.
        chroma: Factor of the difference between the channels and their mean; 0 gives a grey gradient.
        colours: `[3, 3]`, mixes the channels in place of `chroma`; see `colour_matrix`.

    Returns:
        The normalised gradient, of the same shape.
    """
    if kind == "mean_abs":
        if colours is not None:
            gradient = _mix_colours(gradient, colours)
        return gradient / (gradient.abs().mean(dim=(1, 2, 3), keepdim=True) + _EPS)
    # Normalised first: raw gradients can be so small that their squares underflow in float32.
    gradient = normalize_rms(gradient)
    gradient = (
        _equalize_laplacian_bands(gradient, bands) if kind == "laplacian" else _sum_of_blurs(gradient, bands)
    )
    if colours is not None:
        gradient = _mix_colours(gradient, colours)
    elif chroma != 1:
        gradient = torch.lerp(gradient.mean(dim=1, keepdim=True), gradient, chroma)
    return gradient.div_(_rms(gradient) + _EPS)


def _mix_colours(gradient: Tensor, colours: Tensor) -> Tensor:
    return (colours @ gradient.flatten(2)).view_as(gradient)


def normalize_rms(x: Tensor) -> Tensor:
    """Scales each image to RMS 1.

    Args:
        x: `[batch, channels, height, width]`.
    """
    return x / (_rms(x) + _EPS)


def _rms(x: Tensor) -> Tensor:
    return x.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()


def _equalize_laplacian_bands(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    """Splits into len(weights) bands, the last one being the remainder, and scales each to RMS 1 · weight."""
    fine, differences = gradient, []
    for _ in weights[1:]:
        if min(fine.shape[-2:]) < 4:
            break
        coarse = _downsample(fine)
        differences.append(fine - upsample_2x(coarse, *fine.shape[-2:]))
        fine = coarse
    out = weights[len(differences)] * normalize_rms(fine)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        scale = weight / (_rms(band) + _EPS)
        out = band.mul_(scale).add_(upsample_2x(out, *band.shape[-2:]))
    return out


def _downsample(x: Tensor) -> Tensor:
    """Halves height and width after smoothing with [1, 4, 6, 4, 1] / 16 on both axes; the borders reflect."""
    # A compiler fuses sums into one kernel, but not a convolution.
    if x.is_cuda and not torch.compiler.is_compiling():
        return _downsample_by_convolution(x)
    # Whole rows first, then columns, which are split into even and odd ones before.
    x = F.pad(x, (0, 0, 2, 2), mode="reflect")
    x = _binomial_smooth(x[:, :, ::2], x[:, :, 1::2], axis=2)
    x = F.pad(x, (2, 2, 0, 0), mode="reflect")
    return _binomial_smooth(x[..., ::2].contiguous(), x[..., 1::2].contiguous(), axis=3)


def _downsample_by_convolution(x: Tensor) -> Tensor:
    """Does the same in two kernels instead of fourteen, for devices where kernel launches dominate."""
    channels = x.shape[1]
    padded = F.pad(x, (2, 2, 2, 2), mode="reflect")
    return F.conv2d(padded, _binomial_kernel(x.device).expand(channels, 1, 5, 5), stride=2, groups=channels)


@cache
def _binomial_kernel(device: torch.device) -> Tensor:
    row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=device) / 16
    return torch.outer(row, row)


def _binomial_smooth(even: Tensor, odd: Tensor, axis: int) -> Tensor:
    size = even.shape[axis] - 2
    centre = even.narrow(axis, 1, size) * 6
    inner = odd.narrow(axis, 0, size) + odd.narrow(axis, 1, size)
    outer = even.narrow(axis, 0, size) + even.narrow(axis, 2, size)
    return centre.add_(inner, alpha=4).add_(outer).div_(16)


def _sum_of_blurs(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    out = torch.zeros_like(gradient)
    for sigma, weight in zip(_BLUR_SIGMAS, weights or (1.0,) * len(_BLUR_SIGMAS), strict=False):
        out += weight * gaussian_blur(gradient, sigma)
    return out


_Run = tuple[int, int, int, Tensor]
"""(start in the output, start in the padded input, length, weight of the input's next position for each)."""


def upsample_2x(x: Tensor, height: int, width: int) -> Tensor:
    """Upsamples by 2 with bilinear interpolation; the same result as `F.interpolate`.

    On a CPU it takes a fifth of the time of `F.interpolate`: even and odd positions each read consecutive
    neighbours, so whole rows are interpolated and no element is gathered.

    Args:
        x: `[batch, channels, h, w]` float32.
        height: New height, 2h or 2h − 1.
        width: New width, 2w or 2w − 1.

    Returns:
        `[batch, channels, height, width]`.
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
    # Complex numbers alternate real and imaginary parts in memory, which is a fast way to interleave.
    interleaved = torch.view_as_real(torch.complex(even, odd)).view(n, c, 2 * h, 2 * w)
    return interleaved[:, :, :height, :width]


def _lerp_runs(x: Tensor, axis: int, runs: tuple[_Run, ...], out: Tensor) -> None:
    for start, first, length, weight in runs:
        torch.lerp(
            x.narrow(axis, first, length),
            x.narrow(axis, first + 1, length),
            weight if axis == 3 else weight[:, None],
            out=out.narrow(axis, start, length),
        )


@lru_cache(64)
def _interpolation_runs(coarse: int, fine: int, phase: int) -> tuple[_Run, ...]:
    """Returns the runs of consecutive reads for the output positions phase, phase + 2 and so on.

    The input is padded by one position at either end.
    """
    # In single precision, as in `F.interpolate`.
    scale = float(torch.tensor(coarse / fine))
    at = ((torch.arange(phase, 2 * coarse, 2).double() + 0.5) * scale - 0.5).float().clamp_(max=coarse - 0.5)
    first = at.floor()
    weight = at - first
    shift = (first.long() + 1 - torch.arange(coarse)).tolist()
    runs, start = [], 0
    for offset, group in groupby(shift):
        length = len(list(group))
        runs.append((start, start + offset, length, weight[start : start + length]))
        start += length
    return tuple(runs)
