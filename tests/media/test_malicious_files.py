"""Malicious files are refused quickly, with a sentence, or read as what they really are."""

import io
import resource
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dreambot.media.decode import decode, probe
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import PictureError
from tests.media.samples import CAT, ROCKET, cat, chunk, gif, png, save_image


@pytest.fixture(autouse=True)
def _quick_and_small():
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    assert time.process_time() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000, "KiB"


def refused(path: Path, match: str) -> None:
    for read in (probe, lambda file: decode(file, max_pixels=10**6)):
        with pytest.raises(PictureError, match=match) as caught:
            read(path)
        sentence = str(caught.value)
        assert sentence.endswith(".")
        assert "Error" not in sentence
        assert str(path.parent) not in sentence


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "empty"),
        (b"hello, this is only text\n" * 9, "is text, not a picture"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"%PDF-1.7\n" + b"\0" * 99, "PDF"),
        (b"PK\3\4" + b"\0" * 99, "ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 99, "video"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot read PostScript files"),
        (bytes(range(256)) * 4, "not a picture I can read"),
        (b"\x89PNG\r\n\x1a\n", "not a picture I can read|damaged"),
        (b"GIF89a", "not a picture I can read|damaged"),
        (b"\xff\xd8\xff", "not a picture I can read|damaged"),
    ],
)
def test_other_content_under_a_picture_name(tmp_path, content, match):
    (tmp_path / "picture.png").write_bytes(content)
    refused(tmp_path / "picture.png", match)


def test_a_folder_is_not_a_picture(tmp_path):
    refused(tmp_path, "no file")


def test_a_device_is_not_a_picture():
    refused(Path("/dev/zero"), "no file")


@pytest.mark.parametrize("suffix", ["ppm", "ico", "tga", "pcx", "eps", "jp2", "dds", "sgi"])
def test_formats_beyond_the_seven_are_refused_under_any_name(tmp_path, suffix):
    path = save_image(cat(), tmp_path / f"cat.{suffix}")
    refused(path.rename(tmp_path / "cat.png"), "not a picture I can read|cannot read .* files")


def test_the_name_does_not_matter(tmp_path):
    path = save_image(cat(), tmp_path / "cat.jpg").rename(tmp_path / "cat.png")
    assert probe(path).format == "JPEG"


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp", "tiff", "avif"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.8])
def test_truncated(tmp_path, suffix, kept):
    path = save_image(cat(200, 150), tmp_path / f"cut.{suffix}")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    refused(path, "damaged|cut off")


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (2**31, 1), (40_000, 2_000)])
def test_false_png_headers(tmp_path, size):
    (tmp_path / "bomb.png").write_bytes(png(*size))
    refused(tmp_path / "bomb.png", "too large|too thin|damaged")


def test_empty_png_canvas(tmp_path):
    (tmp_path / "nothing.png").write_bytes(png(0, 0))
    refused(tmp_path / "nothing.png", "damaged|not a picture")


def test_png_that_decompresses_to_gigabytes(tmp_path):
    packer = zlib.compressobj(1)
    zeros = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(data)
    assert decode(tmp_path / "bomb.png", max_pixels=10**6).rgb.shape == (64, 64, 3)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_compressed_text_bombs(tmp_path, kind):
    bomb = zlib.compress(bytes(200 * 2**20), 9)
    head = b"Comment\0\1\0\0\0" if kind == b"iTXt" else b"Comment\0\0"
    (tmp_path / "bomb.png").write_bytes(png(8, 8, chunk(kind, head + bomb), pixels=(b"\0" + b"\7" * 8) * 8))
    assert (decode(tmp_path / "bomb.png", max_pixels=999).rgb == 7).all()
    assert probe(tmp_path / "bomb.png").format == "PNG"
    assert read_recipe(tmp_path / "bomb.png") is None


def test_recipe_bomb(tmp_path):
    bomb = chunk(b"zTXt", b"dreambot\0\0" + zlib.compress(bytes(2**20), 9))
    (tmp_path / "bomb.png").write_bytes(png(8, 8, bomb, pixels=(b"\0" + b"\7" * 8) * 8))
    with pytest.raises(PictureError):
        read_recipe(tmp_path / "bomb.png")


def false_gif(width: int, height: int) -> bytes:
    data = bytearray(gif([cat(8, 8)]))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def test_gif_with_a_huge_canvas_and_a_small_frame(tmp_path):
    (tmp_path / "canvas.gif").write_bytes(false_gif(65_535, 65_535))
    refused(tmp_path / "canvas.gif", "too large")


def test_gif_with_an_allowed_canvas_and_a_small_frame(tmp_path):
    (tmp_path / "canvas.gif").write_bytes(false_gif(640, 480))
    assert decode(tmp_path / "canvas.gif", max_pixels=10**6).rgb.shape == (480, 640, 3)


def test_gif_frame_outside_its_canvas(tmp_path):
    (tmp_path / "canvas.gif").write_bytes(false_gif(2, 2))
    assert probe(tmp_path / "canvas.gif").width == 8


@pytest.mark.parametrize("suffix", ["tiff", "bmp"])
def test_other_huge_canvases(tmp_path, suffix):
    with Image.new("L", (12_000, 12_000)) as image:
        small = image.convert("1") if suffix == "bmp" else image
        path = save_image(
            small,
            tmp_path / f"huge.{suffix}",
            **({"compression": "tiff_deflate"} if suffix == "tiff" else {}),
        )
    refused(path, "too large")


def test_webp_with_a_false_canvas(tmp_path):
    path = save_image(cat(), tmp_path / "huge.webp", lossless=True)
    data = bytearray(path.read_bytes())
    data[21:25] = struct.pack("<I", 16_383 | 16_383 << 14)
    path.write_bytes(data)
    refused(path, "too large|damaged|not a picture")


def test_tiff_with_false_dimensions(tmp_path):
    path = save_image(cat(), tmp_path / "t.tiff")
    data = path.read_bytes()
    for tag in (256, 257):
        at = data.index(struct.pack("<HHI", tag, 4, 1)) if struct.pack("<HHI", tag, 4, 1) in data else None
        if at is None:
            at = data.index(struct.pack("<HHI", tag, 3, 1))
        data = data[:at] + struct.pack("<HHII", tag, 4, 1, 6_000) + data[at + 12 :]
    path.write_bytes(data)
    refused(path, "damaged")


@pytest.mark.parametrize(
    ("size", "fine"), [((1, 1), True), ((1, 100), True), ((1, 20_000), False), ((200, 20_000), True)]
)
def test_thin_pictures(tmp_path, size, fine):
    path = save_image(Image.new("L", size), tmp_path / "thin.png")
    if fine:
        assert (probe(path).width, probe(path).height) == size
    else:
        refused(path, "too thin")


def test_all_black(tmp_path):
    seen = probe(save_image(Image.new("RGB", (64, 64)), tmp_path / "black.png"))
    assert 0 < min(seen.masking) == max(seen.masking) < 0.002


def test_a_truncated_avif_is_a_damaged_picture(tmp_path):
    path = save_image(cat(), tmp_path / "cat.avif")
    path.write_bytes(path.read_bytes()[:60])
    refused(path, "picture is damaged")


def test_a_polyglot_is_identified_by_its_beginning(tmp_path):
    path = save_image(cat(), tmp_path / "cat.gif")
    path.write_bytes(path.read_bytes() + b"PK\3\4<script>alert(1)</script>" + CAT.read_bytes())
    assert (probe(path).format, probe(path).frames, probe(path).width) == ("GIF", 1, 96)


def test_frames_are_counted(tmp_path):
    lie = chunk(b"acTL", struct.pack(">II", 1_000_000, 0))
    (tmp_path / "lie.png").write_bytes(png(8, 8, lie, pixels=(b"\0" + b"\7" * 8) * 8))
    assert probe(tmp_path / "lie.png").frames == 1


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tiff", "avif"])
@pytest.mark.parametrize("count", [1, 3])
def test_frames(tmp_path, suffix, count):
    frames = [Image.new("RGB", (16, 16), (80 * n, 9, 9)) for n in range(count)]
    path = tmp_path / f"a.{suffix}"
    timing = {} if suffix == "tiff" else {"duration": 0}
    frames[0].save(path, save_all=True, append_images=frames[1:], **timing)
    assert probe(path).frames == count
    assert (decode(path, max_pixels=999).rgb[..., 1:] < 30).all()


def test_endless_animation(tmp_path):
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2L\1\0"
    header = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
    (tmp_path / "endless.gif").write_bytes(header + frame * 1_000_000 + b";")
    with pytest.raises(PictureError, match="more than 2,000 frames"):
        probe(tmp_path / "endless.gif")


@pytest.fixture(scope="module")
def originals() -> list[bytes]:
    files = []
    for suffix in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"):
        file = io.BytesIO()
        cat(24, 16).save(file, suffix)
        files.append(file.getvalue())
    return [*files, ROCKET.read_bytes()[:4000]]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_gives_a_picture_or_a_picture_error(tmp_path, originals, data):
    content = bytearray(data.draw(st.sampled_from(originals)))
    places = st.lists(
        st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
    for place, value in data.draw(places):
        content[place] = value
    (tmp_path / "damaged").write_bytes(content)
    try:
        seen = probe(tmp_path / "damaged")
        picture = decode(tmp_path / "damaged", max_pixels=1000)
    except PictureError:
        return
    assert picture.rgb.dtype == np.uint8
    assert picture.width * picture.height <= 1000
    assert len(seen.masking) == 33
    read_recipe(tmp_path / "damaged")
