"""Bends of which channels are heard, where, and how loud. All take and give (N, C, H, W)."""

import torch
from torch import Tensor

from dreambot.engine.bend.dice import Dice


def cut(f: Tensor, amount: float, dice: Dice) -> Tensor:
    """Silences that share of the channels, but never the last one."""
    channels = f.shape[1]
    heard = max(1, round((1 - amount) * channels))
    return f * _mask(f, dice.order(channels, f.device)[:heard])


def solo(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """At every spot only that share of its channels is heard: the loudest ones there."""
    heard = max(1, round(amount * f.shape[1]))
    faintest = f.detach().topk(heard, dim=1).values[:, -1:]
    return f * (f >= faintest)


def swap(f: Tensor, amount: float, dice: Dice) -> Tensor:
    """That share of the channels goes round in a ring: each comes out where another did."""
    channels = f.shape[1]
    chosen = dice.order(channels, f.device)[: round(amount * channels)]
    source = torch.arange(channels, device=f.device)
    source[chosen] = chosen.roll(1)
    return f.index_select(1, source)


def shift(f: Tensor, amount: float, _dice: Dice) -> Tensor:
    """Every channel comes out `amount` places further on."""
    return f.roll(round(amount), dims=1)


def gain(f: Tensor, amount: float, dice: Dice) -> Tensor:
    """Every channel's volume is changed at random, with that standard deviation; below 0 it is reversed."""
    return f * (1 + amount * dice.normal((1, f.shape[1], 1, 1), f))


def invert(f: Tensor, amount: float, dice: Dice) -> Tensor:
    """That share of the channels is mirrored at its own mean."""
    channels = f.shape[1]
    mask = _mask(f, dice.order(channels, f.device)[: round(amount * channels)])
    return f + 2 * mask * (f.mean(dim=(2, 3), keepdim=True) - f)


def _mask(f: Tensor, channels: Tensor) -> Tensor:
    mask = f.new_zeros(1, f.shape[1], 1, 1)
    mask[:, channels] = 1
    return mask
