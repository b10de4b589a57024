"""The probe of real pictures."""

import hashlib

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from dreambot.media.decode import probe
from dreambot.media.visual_masking import masking_quantiles
from tests.media.samples import CAT, PHOTOS, ROCKET, cat, half_transparent, save_image


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
    assert probe(save_image(cat(), tmp_path / f"cat.{suffix}")).format == format


def test_has_alpha_means_some_transparency(tmp_path):
    assert probe(save_image(half_transparent(), tmp_path / "half.png")).has_alpha
    assert not probe(save_image(cat().convert("RGBA"), tmp_path / "opaque.png")).has_alpha


def test_masking_predicts_what_noise_does_to_the_likeness_of_a_photo():
    """The same noise on a clear sky and on a busy photo: SSIM falls as the probe predicts."""
    rng = np.random.default_rng(5)
    for path, share in ((ROCKET, 0.1), (CAT, 0.1)):
        with Image.open(path) as image:
            image.thumbnail((512, 512))
            rgb = np.asarray(image.convert("RGB"))
        grey = rgb2gray(rgb)
        noise = rng.normal(0, 0.03, grey.shape)
        likeness = structural_similarity(
            grey, grey + noise, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        power = (2 * 0.03) ** 2
        predicted = np.mean([hidden / (hidden + power) for hidden in masking_quantiles(rgb)])
        assert abs(predicted - likeness) < share


def test_masking_rises_from_clear_sky_to_gravel():
    sky, gravel = (probe(PHOTOS / name).masking[16] for name in ("rocket.jpg", "gravel.png"))
    assert sky < gravel / 10


def test_masking_is_sorted_and_bounded(tmp_path):
    rng = np.random.default_rng(1)
    noise = Image.fromarray(rng.choice([0, 255], (70, 50, 3)).astype(np.uint8))
    values = probe(save_image(noise, tmp_path / "noise.png")).masking
    assert list(values) == sorted(values)
    assert 0 <= values[0] < values[-1] < 8


def test_masking_of_a_large_photo_is_that_of_its_small_copy(tmp_path):
    with Image.open(PHOTOS / "retina.jpg") as image:
        large = save_image(image.convert("RGB").resize((3000, 3000)), tmp_path / "large.jpg", quality=95)
        small = save_image(
            image.convert("RGB").resize((512, 512), Image.Resampling.LANCZOS), tmp_path / "small.png"
        )
    one, other = (np.array(probe(path).masking) for path in (large, small))
    assert np.allclose(one[8:-1], other[8:-1], rtol=0.15, atol=1e-5)
