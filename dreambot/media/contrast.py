"""How much local contrast a picture has: the dial uses it to predict how much a given change will hurt SSIM.

SSIM compares a picture with its changed copy window by window and divides by the window's variance: the same
change is invisible in gravel and glaring in a clear sky. The distribution of local variances therefore says,
before anything is dreamed, how far the dial may push this particular picture.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.picture import Pixels

QUANTILES = 33
LONG_SIDE = 512
SIGMA = 1.5
TRUNCATE = 3.5
# scikit-image's rgb2gray, times two: luma over [-1, 1] instead of [0, 1]
LUMA = 2 * np.array([0.2125, 0.7154, 0.0721]) / 255


def contrast(rgb: Pixels) -> tuple[float, ...]:
    """33 quantiles (0, 1/32 … 1) of the local variance of luma.

    rgb: (height, width, 3) uint8; scaled down, never up, to a long side of 512.
    Luma is in [-1, 1], the window a gaussian of σ 1.5, so each value lies in [0, 1] and they never fall.
    """
    variance = local_variance(_scaled_down(rgb) @ LUMA)
    return tuple(float(value) for value in np.quantile(variance, np.linspace(0, 1, QUANTILES)))


def local_variance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """E[x²] - E[x]² under a gaussian window, same shape as values (height, width)."""
    mean = _blurred(values)
    return np.maximum(_blurred(values * values) - mean * mean, 0.0)


def _scaled_down(rgb: Pixels) -> Pixels:
    height, width = rgb.shape[:2]
    scale = LONG_SIDE / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
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
