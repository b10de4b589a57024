"""Malicious animations: false canvases and frame counts, and cyclic chains of frames."""

import io
import struct

import pytest
from PIL import Image

from dreambot.media.decode import MAX_FRAMES, decode, probe
from dreambot.media.picture import PictureError
from tests.media.samples import cat, chunk


def frames(count: int, side: int = 8) -> list[Image.Image]:
    return [Image.new("RGB", (side, side), (n % 256, 97 * n % 256, 200 - n % 200)) for n in range(count)]


def saved(kind: str, count: int, **options: object) -> bytearray:
    first, *others = frames(count)
    file = io.BytesIO()
    if kind == "WEBP":
        options["lossless"] = True
    first.save(file, kind, save_all=True, append_images=others, **options)
    return bytearray(file.getvalue())


def refused(data: bytes, path, match: str) -> None:
    path.write_bytes(data)
    for read in (probe, lambda file: decode(file, max_pixels=10**6)):
        with pytest.raises(PictureError, match=match):
            read(path)


@pytest.mark.parametrize("side", [16_384, 8_000])
def test_an_animated_webp_with_a_false_canvas(tmp_path, side):
    data = saved("WEBP", 3, duration=50)
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = struct.pack("<I", side - 1)[:3] * 2
    refused(data, tmp_path / "a.webp", "too large|damaged|not a picture")


def test_an_animated_png_with_a_false_canvas(tmp_path):
    data = bytes(saved("PNG", 3, duration=50))
    lie = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    refused(data[:8] + lie + data[8 + len(lie) :], tmp_path / "a.png", "too large")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_too_many_frames(tmp_path, kind):
    (tmp_path / "long").write_bytes(saved(kind, MAX_FRAMES + 1, duration=20))
    with pytest.raises(PictureError, match=f"more than {MAX_FRAMES:,} frames"):
        probe(tmp_path / "long")


def test_a_tiff_with_a_cycle_of_pages(tmp_path):
    data = saved("TIFF", 2)
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    second = struct.unpack("<I", data[first + 2 + 12 * entries :][:4])[0]
    entries = struct.unpack("<H", data[second : second + 2])[0]
    end = second + 2 + 12 * entries
    data[end : end + 4] = struct.pack("<I", first)
    (tmp_path / "circle.tiff").write_bytes(data)
    assert probe(tmp_path / "circle.tiff").frames == 2


def test_an_avif_with_a_false_size(tmp_path):
    file = io.BytesIO()
    cat(64, 48).save(file, "AVIF")
    data = bytearray(file.getvalue())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 30_000, 30_000)
    refused(data, tmp_path / "a.avif", "too large|damaged|not a picture")


def test_frames_without_duration_get_one(tmp_path):
    for kind in ("GIF", "PNG", "WEBP"):
        (tmp_path / "quick").write_bytes(saved(kind, 3, duration=0))
        seen = probe(tmp_path / "quick")
        assert seen.moves
        assert 1 <= seen.fps <= 50
