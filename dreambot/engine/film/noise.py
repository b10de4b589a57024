"""Pictures made of nothing, for a dream to begin with."""

import torch
from torch import Tensor

from dreambot.engine.pictures import resize

_SPREAD = 0.3
_COLOUR = 0.35


def static(width: int, height: int, seed: int) -> Tensor:
    """Television without a station: every pixel for itself, mostly grey. (1, 3, height, width) on the CPU,
    mean 0, standard deviation 0.3, the same for the same seed."""
    rng = torch.Generator().manual_seed(seed)
    grey = torch.randn(1, 1, height, width, generator=rng)
    return _levelled(grey + _COLOUR * torch.randn(1, 3, height, width, generator=rng))


def clouds(width: int, height: int, seed: int) -> Tensor:
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
    return _levelled(out)


def _levelled(picture: Tensor) -> Tensor:
    spread = picture.std(correction=0).clamp_min(1e-6)
    return ((picture - picture.mean()) * (_SPREAD / spread)).clamp_(-1, 1)
