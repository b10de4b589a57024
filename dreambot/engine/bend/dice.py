"""Random numbers that are the same on every device, and whenever they are asked for again."""

import random

import torch
from torch import Tensor


class Dice:
    """The chance of one bend. The same seed and place among the bends give the same numbers, whatever the
    amount: a dial turned further bends the same channels further."""

    def __init__(self, seed: int, place: int) -> None:
        self._seed = random.Random(f"bend {place} of {seed}").getrandbits(32)
        self._thrown: dict[tuple[object, ...], Tensor] = {}

    def order(self, count: int, device: torch.device) -> Tensor:
        """The numbers from 0 to count − 1, shuffled: (count,) int64."""
        key = (count, device)
        if key not in self._thrown:
            self._thrown[key] = torch.randperm(count, generator=self._generator()).to(device)
        return self._thrown[key]

    def normal(self, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Normally distributed numbers of that shape, of `like`'s type and on its device."""
        key = (shape, like.device, like.dtype)
        if key not in self._thrown:
            self._thrown[key] = torch.randn(shape, generator=self._generator()).to(like)
        return self._thrown[key]

    def _generator(self) -> torch.Generator:
        # Always the CPU's: every kind of device has a generator of its own, each with other numbers.
        return torch.Generator().manual_seed(self._seed)
