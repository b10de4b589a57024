"""Copyright-free photos from scikit-image's data folder, and the SSIM of two pictures."""

from pathlib import Path

import numpy as np
import skimage
from PIL import Image
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from dreambot.media.picture import Pixels

CALIBRATION = ("chelsea.png", "motorcycle_left.png", "retina.jpg")
"""The photos for calibration: a cat, a cluttered room, and something dark and smooth."""

HELD_OUT = ("astronaut.png", "coffee.png", "rocket.jpg")
"""The photos for the test of the calibration."""


def load_photo(name: str, long_side: int = 512) -> Pixels:
    """Loads a photo.

    Args:
        name: File name in scikit-image's data folder.
        long_side: Maximum long side in pixels.

    Returns:
        `[height, width, 3]` uint8.
    """
    with Image.open(Path(skimage.__file__).parent / "data" / name) as image:
        rgb = image.convert("RGB")
        rgb.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        return np.asarray(rgb)


def mean_ssim(a: Pixels, b: Pixels) -> float:
    """Returns the mean SSIM of two images in grey, with a Gaussian window of σ 1.5 (Wang et al., 2004).

    Args:
        a: `[height, width, 3]` uint8.
        b: Image of the same shape.
    """
    return float(
        structural_similarity(
            rgb2gray(a),
            rgb2gray(b),
            data_range=1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )
