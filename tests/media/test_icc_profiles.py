"""Pictures with colour profiles look as intended."""

import io
import os

import numpy as np
import pytest
from PIL import Image, ImageCms

from dreambot.media.decode import decode
from tests.media.samples import cat, psnr, save_image


def matrix_profile(gamma: float) -> bytes:
    """An RGB profile with sRGB's colours and another gamma, made by patching sRGB's tone curves."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    for entry in range(count):
        start = 132 + 12 * entry
        if data[start : start + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            offset = int.from_bytes(data[start + 4 : start + 8], "big")
            curve = b"para\0\0\0\0\0\0\0\0" + round(gamma * 65536).to_bytes(4, "big")
            data[offset : offset + len(curve)] = curve
    return bytes(data)


def test_a_linear_profile_brightens(tmp_path):
    path = save_image(
        Image.new("RGB", (8, 8), (55, 55, 55)), tmp_path / "linear.png", icc_profile=matrix_profile(1.0)
    )
    assert decode(path, max_pixels=10**6).rgb[0, 0, 0] == pytest.approx(128, abs=3)


def test_srgb_by_any_name_changes_no_pixel(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = save_image(cat(), tmp_path / "srgb.png", icc_profile=profile)
    assert np.array_equal(decode(path, max_pixels=10**6).rgb, np.asarray(cat()))


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "webp", "avif"])
@pytest.mark.parametrize("profile", [b"x", b"\0" * 128, os.urandom(500), matrix_profile(1.0)[:200]])
def test_broken_profiles_are_ignored(tmp_path, suffix, profile):
    path = save_image(cat(), tmp_path / f"broken.{suffix}", icc_profile=profile)
    assert psnr(decode(path, max_pixels=10**6).rgb, np.asarray(cat())) > 25


def test_a_profile_for_another_kind_of_picture_is_ignored(tmp_path):
    path = save_image(cat().convert("L"), tmp_path / "grey.png", icc_profile=matrix_profile(1.0))
    assert np.array_equal(decode(path, max_pixels=10**6).rgb[..., 0], np.asarray(cat().convert("L")))


def test_profile_with_alpha_keeps_both(tmp_path):
    image = Image.new("RGBA", (8, 8), (55, 55, 55, 100))
    picture = decode(save_image(image, tmp_path / "a.png", icc_profile=matrix_profile(1.0)), max_pixels=10**6)
    assert picture.rgb[0, 0, 0] == pytest.approx(128, abs=3)
    assert picture.alpha is not None
    assert (picture.alpha == 100).all()


@pytest.mark.parametrize("profile", [None, b"broken" * 50, matrix_profile(1.0)])
@pytest.mark.parametrize("suffix", ["jpg", "tiff"])
def test_cmyk_without_a_profile_of_its_own(tmp_path, profile, suffix):
    options = {"icc_profile": profile} if profile else {}
    path = save_image(cat().convert("CMYK"), tmp_path / f"cmyk.{suffix}", **options)
    assert psnr(decode(path, max_pixels=10**6).rgb, np.asarray(cat())) > 20


def test_cmyk_with_a_profile(tmp_path):
    path = save_image(
        Image.new("CMYK", (8, 8), (0, 0, 0, 0)), tmp_path / "c.tiff", icc_profile=cmyk_profile()
    )
    # This profile inverts ink: no ink is black.
    assert decode(path, max_pixels=10**6).rgb.max() < 60


def cmyk_profile() -> bytes:
    """The smallest CMYK profile: two grid points an ink, no ink L*=0, any ink at all brighter."""
    table = bytearray()
    for index in range(16):
        ink = index.bit_count()
        table += bytes([min(255, 64 * ink), 128, 128])
    identity = bytes(range(256))
    matrix = b"".join(v.to_bytes(4, "big") for v in (65536, 0, 0, 0, 65536, 0, 0, 0, 65536))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + identity * 4 + bytes(table) + identity * 3
    white = b"XYZ \0\0\0\0" + b"".join(round(v * 65536).to_bytes(4, "big") for v in (0.9642, 1.0, 0.8249))
    tags = {b"A2B0": lut, b"wtpt": white}
    offset, entries, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        entries += name + (offset + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += padded
    size = (offset + len(body)).to_bytes(4, "big")
    header = io.BytesIO(bytes(128))
    for position, value in [
        (0, size),
        (8, b"\x02\x10\0\0"),
        (12, b"prtrCMYKLab "),
        (36, b"acsp"),
        (68, white[8:]),
    ]:
        header.seek(position)
        header.write(value)
    return header.getvalue() + len(tags).to_bytes(4, "big") + entries + body
