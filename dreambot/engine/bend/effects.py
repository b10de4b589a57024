"""The bends: perturbations of a layer's activations or weights, and their random numbers.

Functions on activations take and return (N, C, H, W). Their random numbers are the same on every device.

`Feedback` and `Delay` remember the previous step, and reset when the size of the image changes. The
image is rolled between steps (jitter), so what is remembered is applied at another place: that is the
look. An image dreamed in tiles remembers the previous tile.
"""

import copy
import random

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class BendRandom:
    """The chance of one bend. The same seed and place among the bends give the same numbers, whatever the
    amount: a dial turned further bends the same channels further."""

    def __init__(self, seed: int, place: int) -> None:
        self._seed = random.Random(f"bend {place} of {seed}").getrandbits(32)
        self._drawn: dict[tuple[object, ...], Tensor] = {}

    def order(self, count: int, device: torch.device) -> Tensor:
        """The numbers from 0 to count − 1, shuffled: (count,) int64."""
        key = (count, device)
        if key not in self._drawn:
            self._drawn[key] = torch.randperm(count, generator=self._generator()).to(device)
        return self._drawn[key]

    def normal(self, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Normally distributed numbers of that shape, of `like`'s type and on its device."""
        key = (shape, like.device, like.dtype)
        if key not in self._drawn:
            self._drawn[key] = torch.randn(shape, generator=self._generator()).to(like)
        return self._drawn[key]

    def _generator(self) -> torch.Generator:
        # Always the CPU's: every kind of device has a generator of its own, each with other numbers.
        return torch.Generator().manual_seed(self._seed)


def cut(f: Tensor, amount: float, dice: BendRandom) -> Tensor:
    """Silences that share of the channels, but never the last one."""
    channels = f.shape[1]
    heard = max(1, round((1 - amount) * channels))
    return f * _channel_mask(f, dice.order(channels, f.device)[:heard])


def solo(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """At every spot only that share of its channels is heard: the loudest ones there."""
    heard = max(1, round(amount * f.shape[1]))
    faintest = f.detach().topk(heard, dim=1).values[:, -1:]
    return f * (f >= faintest)


def swap(f: Tensor, amount: float, dice: BendRandom) -> Tensor:
    """That share of the channels goes round in a ring: each comes out where another did."""
    channels = f.shape[1]
    chosen = dice.order(channels, f.device)[: round(amount * channels)]
    source = torch.arange(channels, device=f.device)
    source[chosen] = chosen.roll(1)
    return f.index_select(1, source)


def shift(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """Every channel comes out `amount` places further on."""
    return f.roll(round(amount), dims=1)


def gain(f: Tensor, amount: float, dice: BendRandom) -> Tensor:
    """Every channel's volume is changed at random, with that standard deviation; below 0 it is reversed."""
    return f * (1 + amount * dice.normal((1, f.shape[1], 1, 1), f))


def invert(f: Tensor, amount: float, dice: BendRandom) -> Tensor:
    """That share of the channels is mirrored at its own mean."""
    channels = f.shape[1]
    mask = _channel_mask(f, dice.order(channels, f.device)[: round(amount * channels)])
    return f + 2 * mask * (f.mean(dim=(2, 3), keepdim=True) - f)


def _channel_mask(f: Tensor, channels: Tensor) -> Tensor:
    mask = f.new_zeros(1, f.shape[1], 1, 1)
    mask[:, channels] = 1
    return mask


_EPS = 1e-6


def power(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """The signal to the power of `amount`, measured against its channel's RMS: peaks grow, the rest sinks
    (below 1, the other way round)."""
    rms = _channel_rms(f)
    # Roots rise endlessly steep from nothing: a floor keeps the gradient a number.
    size = (f.abs() / rms).clamp_min(1e-3)
    return f.sign() * rms * size.pow(amount)


def gate(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """A noise gate: only what is `amount` standard deviations over its channel's mean gets through."""
    std, mean = _channel_std_and_mean(f)
    return f * (f >= mean + amount * std)


def fold(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """A wave folder: what is louder than its channel's peak / (1 + amount) comes down again, and up again
    from below."""
    peak = f.detach().abs().amax(dim=(2, 3), keepdim=True).clamp_min(_EPS) / (1 + amount)
    return peak * (((f / peak - 1) % 4 - 2).abs() - 1)


def _channel_rms(f: Tensor) -> Tensor:
    return f.detach().float().square().mean(dim=(2, 3), keepdim=True).sqrt().clamp_min(_EPS).to(f.dtype)


def _channel_std_and_mean(f: Tensor) -> tuple[Tensor, Tensor]:
    values = f.detach().float()
    mean = values.mean(dim=(2, 3), keepdim=True)
    std = (values - mean).square().mean(dim=(2, 3), keepdim=True).sqrt()
    return std.to(f.dtype), mean.to(f.dtype)


def matrix(f: Tensor, amount: float, dice: BendRandom) -> Tensor:
    """Every channel is wired to every other with random strength: adds `amount` times as loud a mixture."""
    channels = f.shape[1]
    wires = dice.normal((channels, channels, 1, 1), f) / channels**0.5
    return f + amount * F.conv2d(f, wires)


def crosstalk(f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
    """Every channel gives way, by that share, to what its two neighbours say."""
    return f + amount * ((f.roll(1, dims=1) + f.roll(-1, dims=1)) / 2 - f)


class Feedback:
    """What came out of the layer last time leaks back into it, `amount` of it against the rest of now."""

    def __init__(self) -> None:
        self._last: Tensor | None = None

    def __call__(self, f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
        last = self._last
        if last is not None and last.shape == f.shape:
            f = (1 - amount) * f + amount * last
        self._last = f.detach()
        return f


class Delay:
    """Where the layer was loud last time it is louder now: `amount` times its RMS then."""

    def __init__(self) -> None:
        self._last: Tensor | None = None

    def __call__(self, f: Tensor, amount: float, _dice: BendRandom) -> Tensor:
        last, self._last = self._last, f.detach()
        if last is None or last.shape != f.shape:
            return f
        rms = last.float().square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(1e-6)
        return f * (1 + amount * last / rms.to(f.dtype))


def with_weight_noise(stage: nn.Module, amount: float, dice: BendRandom) -> nn.Module:
    """A copy of a stage whose kernels are noisy; the noise of each output channel's weights is `amount` times
    their spread. Biases are left as they are."""
    noisy = copy.deepcopy(stage)
    for kernel in noisy.parameters():
        if kernel.ndim > 1:
            values = kernel.detach().float()
            spread = values.flatten(1).std(dim=1, correction=0).view(-1, *[1] * (kernel.ndim - 1))
            kernel.copy_(values + amount * spread * dice.normal(tuple(kernel.shape), values))
    return noisy
