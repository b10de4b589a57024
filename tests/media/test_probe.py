"""What a probe says about real pictures."""

import hashlib

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.color import rgb2gray

from dreambot.media.contrast import contrast, local_variance
from dreambot.media.probe import probe
from tests.media.samples import CAT, PHOTOS, ROCKET, cat, half_transparent, saved


def test_a_photo():
    seen = probe(ROCKET)
    assert (seen.format, seen.width, seen.height, seen.frames) == ("JPEG", 640, 427, 1)
    assert not seen.has_alpha
    assert seen.size == ROCKET.stat().st_size
    assert seen.sha256 == hashlib.sha256(ROCKET.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("suffix", "format"), [("jpg", "JPEG"), ("webp", "WEBP"), ("avif", "AVIF"), ("bmp", "BMP")]
)
def test_format_names(tmp_path, suffix, format):
    assert probe(saved(cat(), tmp_path / f"cat.{suffix}")).format == format


def test_alpha_means_that_something_is_see_through(tmp_path):
    assert probe(saved(half_transparent(), tmp_path / "half.png")).has_alpha
    assert not probe(saved(cat().convert("RGBA"), tmp_path / "opaque.png")).has_alpha


def test_local_variance_is_what_scikit_image_would_say():
    with Image.open(CAT) as image:
        luma = rgb2gray(np.asarray(image.convert("RGB"))) * 2
    blur = {"sigma": 1.5, "truncate": 3.5, "mode": "reflect"}
    expected = gaussian_filter(luma * luma, **blur) - gaussian_filter(luma, **blur) ** 2
    assert np.abs(local_variance(luma) - expected).max() < 1e-9
    assert np.allclose(contrast(np.asarray(Image.open(CAT))), np.quantile(expected, np.linspace(0, 1, 33)))


def test_contrast_rises_from_clear_sky_to_gravel():
    sky, gravel = (probe(PHOTOS / name).contrast[16] for name in ("rocket.jpg", "gravel.png"))
    assert sky < gravel / 20


def test_contrast_is_sorted_and_bounded(tmp_path):
    rng = np.random.default_rng(1)
    noise = Image.fromarray(rng.choice([0, 255], (70, 50, 3)).astype(np.uint8))
    values = probe(saved(noise, tmp_path / "noise.png")).contrast
    assert list(values) == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


def test_contrast_of_a_large_photo_is_that_of_its_small_copy(tmp_path):
    with Image.open(PHOTOS / "retina.jpg") as image:
        large = saved(image.convert("RGB").resize((3000, 3000)), tmp_path / "large.jpg", quality=95)
        small = saved(
            image.convert("RGB").resize((512, 512), Image.Resampling.LANCZOS), tmp_path / "small.png"
        )
    one, other = (np.array(probe(path).contrast) for path in (large, small))
    assert np.allclose(one[8:-1], other[8:-1], rtol=0.15, atol=1e-5)
