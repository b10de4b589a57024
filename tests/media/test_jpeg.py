"""JPEG files with odd segments, and truncated ones."""

import contextlib
import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from dreambot.media.decode import decode, probe
from dreambot.media.metadata import read_recipe, recipe_exif
from dreambot.media.picture import PictureError
from tests.media.samples import cat

WIDTH, HEIGHT = 160, 128


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    cat(WIDTH, HEIGHT).convert(mode).save(file, "JPEG", **{"quality": 90} | options)
    return file.getvalue()


PLAIN = jpeg()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def turned(value: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = value
    return segment(0xE1, exif.tobytes())


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize(
    "extra",
    [
        segment(0xFE, b"hello"),
        segment(0xFE, b""),
        b"\xff\xfe\0\1",
        b"\xff\xfe\0\0",
        segment(0xE0, b"JFIF\0"),
        segment(0xE0, b"JFXX\0\x10"),
        segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"),
        segment(0xE1, b"Exif\0\0garbage"),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x"),
        segment(0xE2, b"ICC_PROFILE\0"),
        segment(0xE2, b"ICC_PROFILE\0\1\1garbage"),
        segment(0xE2, b"ICC_PROFILE\0\1\3garbage"),
        segment(0xE2, b"MPF\0MM\0*junk"),
        segment(0xE2, b"MPF\0"),
        segment(0xE2, b"FPXR\0"),
        segment(0xED, b"Photoshop 3.0\x008BIM\3\xed"),
        segment(0xEE, b"Adobe"),
        segment(0xEF, b"x" * 60_000) * 20,
        b"\xff\xff\xff",
        b"\xff\0",
        b"\xff\xd0",
    ],
)
def test_invalid_or_unused_segments_are_ignored(tmp_path, extra):
    path = tmp_path / "odd.jpg"
    path.write_bytes(PLAIN[:2] + extra + PLAIN[2:])
    assert np.array_equal(decode(path).rgb, pixels(PLAIN))
    seen = probe(path)
    assert (seen.format, seen.width, seen.height, seen.frames) == ("JPEG", WIDTH, HEIGHT, 1)
    assert read_recipe(path) is None


@pytest.mark.parametrize("end", [b"junk" * 1000, bytes(5000), PLAIN, b"\xff\xd9\xff\xd8\xff"])
def test_bytes_after_the_end_do_not_matter(tmp_path, end):
    (tmp_path / "odd.jpg").write_bytes(PLAIN + end)
    assert np.array_equal(decode(tmp_path / "odd.jpg").rgb, pixels(PLAIN))


@pytest.mark.parametrize(
    ("extra", "turns"),
    [
        (turned(6), True),
        (turned(6) + turned(3), True),
        (turned(1) + turned(6), False),
        (segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x") + turned(6), True),
        (turned(9), False),
        (turned(0), False),
    ],
)
def test_the_first_exif_segment_turns_it(tmp_path, extra, turns):
    (tmp_path / "turned.jpg").write_bytes(PLAIN[:2] + extra + PLAIN[2:])
    expected = np.rot90(pixels(PLAIN), -1) if turns else pixels(PLAIN)
    assert np.array_equal(decode(tmp_path / "turned.jpg").rgb, expected)
    assert (probe(tmp_path / "turned.jpg").width == HEIGHT) == turns


def test_colours_and_our_recipe_are_kept(tmp_path):
    """Adobe's segment declares that the channels are not YCbCr; a profile may have several segments."""
    blue = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = jpeg(keep_rgb=True, icc_profile=blue, exif=recipe_exif("{}"))
    (tmp_path / "ours.jpg").write_bytes(data)
    assert np.array_equal(decode(tmp_path / "ours.jpg").rgb, pixels(data))
    assert read_recipe(tmp_path / "ours.jpg") == "{}"


KINDS = {
    "RGB": jpeg(),
    "RGB without subsampling": jpeg(subsampling=0),
    "grey": jpeg("L"),
    "CMYK": jpeg("CMYK"),
    "restart markers": jpeg(restart_marker_rows=1),
    "progressive": jpeg(progressive=True),
    "progressive grey": jpeg("L", progressive=True),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lost", [1, 2])
def test_a_file_without_end_marker_is_complete(tmp_path, kind, lost):
    path = tmp_path / "cut.jpg"
    path.write_bytes(KINDS[kind])
    whole = decode(path)
    path.write_bytes(KINDS[kind][:-lost])
    picture = decode(path)
    assert (picture.missing, picture.alpha) == (0, None)
    assert np.array_equal(picture.rgb, whole.rgb)
    assert probe(path).width == WIDTH


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("progressive")])
@pytest.mark.parametrize("kept", [0.95, 0.99])
def test_missing_pixels_are_transparent(tmp_path, kind, kept):
    path = tmp_path / "cut.jpg"
    path.write_bytes(KINDS[kind])
    whole = decode(path).rgb
    path.write_bytes(KINDS[kind][: int(len(KINDS[kind]) * kept)])
    picture = decode(path)
    assert picture.alpha is not None
    there = picture.alpha == 255
    assert there[: int(HEIGHT * 0.8)].all()
    assert 1 - there.mean() == pytest.approx(picture.missing)
    assert 0.01 <= picture.missing < 0.15
    # Chroma is smoothed across the edge of the missing pixels.
    inner = there.copy()
    for rows, columns in ((-2, 0), (0, -2), (-2, -2)):
        inner &= np.roll(there, (rows, columns), axis=(0, 1))
    assert np.array_equal(picture.rgb[inner], whole[inner])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("progressive")])
@pytest.mark.parametrize("kept", [0.92, 0.96, 0.99])
def test_a_truncated_progressive_picture_is_a_little_coarser(tmp_path, kind, kept):
    path = tmp_path / "cut.jpg"
    path.write_bytes(KINDS[kind])
    whole = decode(path).rgb
    path.write_bytes(KINDS[kind][: int(len(KINDS[kind]) * kept)])
    picture = decode(path)
    assert picture.alpha is None
    assert picture.missing == pytest.approx(1 - kept, abs=0.05)
    assert 0 < np.abs(picture.rgb.astype(int) - whole).mean() < 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.03, 0.3, 0.5, 0.8])
def test_too_many_missing_pixels(tmp_path, kind, kept):
    path = tmp_path / "cut.jpg"
    path.write_bytes(KINDS[kind][: int(len(KINDS[kind]) * kept)])
    for read in (probe, decode, lambda file: decode(file, size=(20, 16))):
        with pytest.raises(PictureError, match=r"cut off or damaged|is damaged"):
            read(path)


def test_truncation_anywhere_gives_a_picture_or_a_picture_error(tmp_path):
    data = jpeg(progressive=True)
    path = tmp_path / "cut.jpg"
    found = {}
    for kept in range(3, len(data), 97):
        path.write_bytes(data[:kept])
        with contextlib.suppress(PictureError):
            found[kept / len(data)] = decode(path).missing
    assert min(found) > 0.8
    assert max(found) > 0.98
    assert all(missing == pytest.approx(1 - kept, abs=0.05) for kept, missing in found.items())


def test_a_small_preview_of_a_truncated_picture(tmp_path):
    path = tmp_path / "cut.jpg"
    path.write_bytes(PLAIN[: len(PLAIN) * 96 // 100])
    picture = decode(path, size=(20, 16))
    assert picture.alpha is not None
    assert picture.alpha[:12].min() > 250
    assert picture.missing > 0
