"""Measures how much change each part of a picture hides; intensity uses it to predict a dream's SSIM.

The same change is invisible in gravel and obvious in a clear dark sky. The distribution of this measure over
the picture shows, before any dreaming, how far the intensity can change this picture.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.picture import Pixels

QUANTILES = 33
LONG_SIDE = 512
SIGMA = 1.5
TRUNCATE = 3.5
# scikit-image's rgb2gray
LUMA = np.array([0.2125, 0.7154, 0.0721]) / 255

# SSIM's constants for a luma in [0, 1]: (0.01)² and (0.03)².
C1, C2 = 1e-4, 9e-4

# Share of a dream's power that changes a window's mean rather than its texture. Fitted: with 0.3, six photos
# dreamed on mixed2, mixed4, mixed8 and conv4 tolerate the same, in this measure, within 10 %.
MEAN_SHIFT_SHARE = 0.3


def masking_quantiles(rgb: Pixels) -> tuple[float, ...]:
    """Returns 33 rising quantiles (0, 1/32 … 1) of the power of change that each spot hides.

    The power is in luma² over [-1, 1]. A change of power p leaves a spot that hides m an SSIM of about m / (m
    + p): both of SSIM's factors (Wang et al., 2004, equation 13, windows of σ 1.5) to first order, 1/m =
    1/(2·variance + C2) + MEAN_SHIFT_SHARE/(2·mean² + C1).

    Args:
        rgb: (height, width, 3) uint8; scaled down, never up, to a long side of 512.
    """
    luma = _downscale(rgb) @ LUMA
    mean = _gaussian_blur(luma)
    variance = np.maximum(_gaussian_blur(luma * luma) - mean * mean, 0.0)
    hidden = 4 / (1 / (2 * variance + C2) + MEAN_SHIFT_SHARE / (2 * mean * mean + C1))
    return tuple(float(value) for value in np.quantile(hidden, np.linspace(0, 1, QUANTILES)))


def _downscale(rgb: Pixels) -> Pixels:
    height, width = rgb.shape[:2]
    scale = LONG_SIDE / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _gaussian_blur(values: NDArray[np.float64]) -> NDArray[np.float64]:
    radius = int(TRUNCATE * SIGMA + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / SIGMA) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        size = values.shape[axis]
        padding = [(radius, radius) if axis == other else (0, 0) for other in (0, 1)]
        padded = np.pad(values, padding, mode="symmetric")
        values = np.zeros_like(values)
        for offset, weight in enumerate(kernel):
            values += weight * padded.take(range(offset, offset + size), axis)
    return values
