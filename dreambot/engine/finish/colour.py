"""The dream's light with the source's colours."""

import torch
from torch import Tensor

_LUMA = (0.299, 0.587, 0.114)
_TINY = 1e-6


def keep_colours(dream: Tensor, source: Tensor) -> Tensor:
    """The dream's luma (ITU-R BT.601) with the source's chroma; (N, 3, H, W) in [-1, 1], all of them.

    Where that would be brighter than white or darker than black, the colour pales instead of changing hue.
    """
    weights = dream.new_tensor(_LUMA)[:, None, None]
    luma = (dream * weights).sum(dim=1, keepdim=True)
    chroma = source - (source * weights).sum(dim=1, keepdim=True)
    room = torch.where(chroma > 0, 1 - luma, 1 + luma) / (chroma.abs() + _TINY)
    return (luma + chroma * room.amin(dim=1, keepdim=True).clamp(0, 1)).clamp_(-1, 1)
