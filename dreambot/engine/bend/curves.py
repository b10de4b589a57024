"""Bends of how loud a signal comes out for how loud it goes in. All take and give (N, C, H, W)."""

from torch import Tensor

from dreambot.engine.bend.dice import Dice

_TINY = 1e-6


def power(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """The signal to the power of `amount`, measured against its channel's RMS: peaks grow, the rest sinks
    (below 1, the other way round)."""
    rms = _rms(f)
    # Roots rise endlessly steep from nothing: a floor keeps the gradient a number.
    size = (f.abs() / rms).clamp_min(1e-3)
    return f.sign() * rms * size.pow(amount)


def gate(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """A noise gate: only what is `amount` standard deviations over its channel's mean gets through."""
    std, mean = _spread(f)
    return f * (f >= mean + amount * std)


def fold(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """A wave folder: what is louder than its channel's peak / (1 + amount) comes down again, and up again
    from below."""
    peak = f.detach().abs().amax(dim=(2, 3), keepdim=True).clamp_min(_TINY) / (1 + amount)
    return peak * (((f / peak - 1) % 4 - 2).abs() - 1)


def _rms(f: Tensor) -> Tensor:
    return f.detach().float().square().mean(dim=(2, 3), keepdim=True).sqrt().clamp_min(_TINY).to(f.dtype)


def _spread(f: Tensor) -> tuple[Tensor, Tensor]:
    values = f.detach().float()
    mean = values.mean(dim=(2, 3), keepdim=True)
    std = (values - mean).square().mean(dim=(2, 3), keepdim=True).sqrt()
    return std.to(f.dtype), mean.to(f.dtype)
