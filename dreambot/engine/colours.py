"""The colours of what is added to an image: a matrix that mixes the colour channels of the gradient.

The gradient of a network varies between green and magenta more than half as much as in luminance, natural
images a seventh as much. A dream that follows the gradient looks as if it were lit by a neon sign.
"""

import torch
from torch import Tensor

from dreambot.recipe.recipe import Palette

# Natural colours vary most in luminance, then between blue and yellow, least between green and magenta
# (Ruderman, Cronin, Chiao, "Statistics of cone responses to natural images", JOSA A 1998).
LUMINANCE_AXIS = (3**-0.5, 3**-0.5, 3**-0.5)
BLUE_YELLOW_AXIS = (2**-0.5, 0.0, -(2**-0.5))
GREEN_MAGENTA_AXIS = (-(6**-0.5), 2 * 6**-0.5, -(6**-0.5))

_NATURAL_WEIGHTS = (1.0, 0.9, 0.3)
"""Weights of the three axes; those of the last two are multiplied by the recipe's `chroma`."""

_MIN_VARIANCE = 0.12
"""Of a source's colours relative to their largest variance, so that a picture of one colour gets others."""


def colour_matrix(palette: Palette, chroma: float, source: Tensor) -> Tensor | None:
    """Returns the matrix that a palette multiplies the colours of a gradient with.

    Args:
        palette: See `Recipe`.
        chroma: See `Recipe`.
        source: Image whose colours `source` takes, `[1, 3, height, width]`; the matrix is on its device.

    Returns:
        `[3, 3]` float32, symmetric; None for `acid`, which has none.
    """
    match palette:
        case "natural":
            return natural_colours(chroma, source.device)
        case "source":
            return _source_colours(source)
        case "acid":
            return None


def natural_colours(chroma: float, device: torch.device) -> Tensor:
    """Returns the matrix of the palette `natural`: luminance, blue–yellow and green–magenta are weighted.

    Args:
        chroma: Scales the weights of the two axes that are not luminance.
        device: Device of the matrix.

    Returns:
        `[3, 3]` float32, symmetric.
    """
    axes = torch.tensor((LUMINANCE_AXIS, BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS), dtype=torch.float64)
    luminance, *colours = _NATURAL_WEIGHTS
    weights = torch.tensor([luminance, *(chroma * weight for weight in colours)], dtype=torch.float64)
    return (axes.mT @ (weights[:, None] * axes)).float().to(device)


def _source_colours(source: Tensor) -> Tensor:
    """Returns the square root of the covariance of an image's colours, scaled to a largest weight of 1."""
    pixels = source[0].flatten(1).double().cpu()
    variances, axes = torch.linalg.eigh(pixels.cov())
    most = variances.max().clamp(min=1e-12)
    weights = (variances / most).clamp(min=_MIN_VARIANCE).sqrt()
    matrix: Tensor = axes @ (weights[:, None] * axes.mT)
    return matrix.float().to(source.device)
