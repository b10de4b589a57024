"""Light falling on a dream as if it were carved: the embossing that dreams began with."""

from torch import Tensor
from torch.nn.functional import pad

from dreambot.engine.pictures import smooth

_SOURCE, _DREAM = 0.7, 0.15
_SOFT = 0.6


def carve(dream: Tensor, source: Tensor, light: float) -> Tensor:
    """The source, lit from the upper left where the dream's luminance rises like a relief.

    dream, source: (1, 3, H, W) in [-1, 1]; so is the result. light: the weight of the relief, up from 0.
    """
    height = pad(smooth(dream.mean(dim=1, keepdim=True), _SOFT), (1, 1, 1, 1), mode="replicate")
    relief = height[..., 2:, 2:] - height[..., :-2, :-2]
    return (_SOURCE * source + _DREAM * dream + light * relief).clamp(-1, 1)
