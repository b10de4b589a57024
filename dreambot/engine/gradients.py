"""The gradient of an objective with respect to the image, and its normalisation.

The gradient comes from a hand-written backward pass where there is one (see `manual_pass/`), otherwise from
autograd; in fp16 it is scaled on the way, see `scale_for_half`. A raw gradient is mostly fine-grained noise;
stepping along it draws ropes and pimples. Normalisation balances its scales and its colour, and fixes its
length.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.images import gaussian_blur
from dreambot.engine.manual_pass.backward import manual_pass_for
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
        gradient, values = manual_pass.gradient(image.detach(), objective)
        return torch.nan_to_num_(gradient, 0.0, 0.0, 0.0), float(values.sum())
    image = image.detach().requires_grad_()
    features = network.forward_to(pad_to_minimum(image), objective.layers)
    gradient, values = backpropagate(objective, features, image)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), float(values.detach().sum())


def backpropagate(
    objective: ObjectiveFunction, features: Mapping[str, Tensor], images: Tensor
) -> tuple[Tensor, Tensor]:
    """Computes the gradient of an objective with autograd.

    Args:
        objective: Objective to differentiate.
        features: Activations of its layers.
        images: `[batch, 3, height, width]` float32, from which the activations were computed.

    Returns:
        The gradient, float32 with the shape of `images`, and the values of the objective, `[batch]`.
    """
    if all(activation.dtype is not torch.float16 for activation in features.values()):
        values = objective(features)
        (gradient,) = torch.autograd.grad(values.sum(), images)
        return gradient, values
    leaves = {name: leaf_of(activation) for name, activation in features.items()}
    values = objective(leaves)
    starts = torch.autograd.grad(values.sum(), list(leaves.values()), materialize_grads=True)
    scaled, scale = scale_for_half(starts)
    (gradient,) = torch.autograd.grad(
        list(features.values()),
        images,
        [start.to(activation.dtype) for start, activation in zip(scaled, features.values(), strict=True)],
    )
    return gradient * scale.view(-1, 1, 1, 1), values


def leaf_of(activation: Tensor) -> Tensor:
    """Returns a copy of an activation that gradients end at: float32 for fp16, which they would underflow in.

    Args:
        activation: Activation of any dtype.
    """
    leaf = activation.detach()
    return (leaf.float() if leaf.dtype is torch.float16 else leaf).requires_grad_()


_HALF_PEAK = 1 / 8
"""Largest gradient of an activation in fp16. From there to the image, of our networks, the largest gradients
grow at most 2,300 times, and the RMS shrinks at most to a 3,000th; fp16 has 65,504 down to 6e-8."""


def scale_for_half(starts: Sequence[Tensor]) -> tuple[list[Tensor], Tensor]:
    """Scales the gradients of activations into the range of fp16, each image by itself.

    They are means over all positions, often below 6e-8, which is 0 in fp16. Nothing is read from the device.

    Args:
        starts: Gradient of each layer's activation, `[batch, …]` float32.

    Returns:
        The scaled gradients, float32, and what to multiply the gradients of the images with, `[batch]`.
    """
    peaks = [
        # The last axis is for values of one number for each image.
        torch.linalg.vector_norm(start[..., None], math.inf, dim=tuple(range(1, start.dim() + 1)))
        for start in starts
    ]
    scale = torch.stack(peaks).amax(dim=0).clamp(min=1e-30) / _HALF_PEAK
    return [start / scale.view(-1, *[1] * (start.dim() - 1)) for start in starts], scale


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
    if kind == "laplacian" and gradient.is_cuda and not torch.compiler.is_compiling():
        gradient = _equalize_laplacian_bands_in_few_kernels(gradient, bands)
        gradient = _mix(gradient, chroma, colours)
        return gradient.div_(_length(gradient).mul_(gradient[0].numel() ** -0.5))
    # Normalised first: raw gradients can be so small that their squares underflow in float32.
    gradient = normalize_rms(gradient)
    gradient = (
        _equalize_laplacian_bands(gradient, bands) if kind == "laplacian" else _sum_of_blurs(gradient, bands)
    )
    gradient = _mix(gradient, chroma, colours)
    return gradient.div_(_rms(gradient) + _EPS)


def _mix(gradient: Tensor, chroma: float, colours: Tensor | None) -> Tensor:
    if colours is not None:
        return _mix_colours(gradient, colours)
    return gradient if chroma == 1 else torch.lerp(gradient.mean(dim=1, keepdim=True), gradient, chroma)


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
    fine, differences = _split_into_bands(gradient, len(weights))
    out = weights[len(differences)] * normalize_rms(fine)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        scale = weight / (_rms(band) + _EPS)
        out = band.mul_(scale).add_(upsample_2x(out, *band.shape[-2:]))
    return out


def _split_into_bands(gradient: Tensor, count: int) -> tuple[Tensor, list[Tensor]]:
    """Returns the remainder and the other bands, finest first; of small images fewer than `count` in all."""
    fine, differences = gradient, []
    for _ in range(count - 1):
        if min(fine.shape[-2:]) < 4:
            break
        coarse = _downsample(fine)
        differences.append(fine - upsample_2x(coarse, *fine.shape[-2:]))
        fine = coarse
    return fine, differences


def _equalize_laplacian_bands_in_few_kernels(gradient: Tensor, weights: Sequence[float]) -> Tensor:
    """Does the same for devices where kernel launches dominate, rounded differently.

    The length of a vector takes one kernel, its RMS three.
    """
    fine, differences = _split_into_bands(gradient / _length(gradient), len(weights))
    out = (fine / _length(fine)).mul_(weights[len(differences)] * fine[0].numel() ** 0.5)
    for band, weight in zip(reversed(differences), reversed(weights[: len(differences)]), strict=True):
        scale = weight * band[0].numel() ** 0.5
        out = torch.addcdiv(upsample_2x(out, *band.shape[-2:]), band, _length(band), value=scale)
    return out


def _length(x: Tensor) -> Tensor:
    """Returns the Euclidean length of each image, `[batch, 1, 1, 1]`, not 0."""
    length: Tensor = torch.linalg.vector_norm(x, dim=(1, 2, 3), keepdim=True)
    return length.clamp_min_(_EPS)


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
