"""Files that are not a picture are refused by their content, not by their name."""

import io
import wave
import zipfile

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from dreambot.i18n import LOCALES, translator_for
from dreambot.media import signatures
from dreambot.media.decode import decode, probe
from dreambot.media.frames import read_frames
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import PictureError
from tests.media.samples import cat

EVERYTHING = "I can read PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, MP4, MOV, WebM."


def made(format: str, **options: object) -> bytes:
    file = io.BytesIO()
    cat().save(file, format, **options)
    return file.getvalue()


def box(kind: bytes, *brands: bytes) -> bytes:
    content = kind + b"\0\0\0\0" + b"".join(brands)
    return (8 + len(content)).to_bytes(4, "big") + b"ftyp" + content + bytes(2000)


def raw(make: str, *, big: bool = False, **tags: int | tuple[int, ...] | bytes) -> bytes:
    """A TIFF with a small picture, as at the beginning of cameras' raw files."""
    info = ImageFileDirectory_v2(prefix=b"MM" if big else b"II")
    info[271] = make
    for name, value in tags.items():
        info[int(name.removeprefix("tag"))] = value
    return made("TIFF", tiffinfo=info)


def sound(codec: str, container: str) -> bytes:
    """A one-second tone."""
    av = pytest.importorskip("av")
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=48_000)
        stream.layout = "mono"
        samples = np.sin(np.arange(48_000) / 20).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray((samples * 9000).astype(np.int16), "s16", "mono")
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(stream.format, stream.layout, stream.rate, frame_size=stream.frame_size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


def waves() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setparams((1, 2, 8000, 0, "NONE", ""))
        output.writeframes(bytes(8000))
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as output:
        output.writestr("cat.png", made("PNG"))
    return file.getvalue()


def avi() -> bytes:
    av = pytest.importorskip("av")
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width, stream.height = 96, 64
        output.mux(stream.encode(av.VideoFrame.from_image(cat())))
        output.mux(stream.encode(None))
    return file.getvalue()


FILES = {
    "jxl": (lambda: b"\xff\x0a\xfa\x1f\1\x90" + bytes(200), "I cannot read JPEG XL files."),
    "jxl in boxes": (lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(200), "I cannot read JPEG XL files."),
    "jp2": (lambda: made("JPEG2000"), "I cannot read JPEG 2000 files."),
    "ico": (lambda: made("ICO"), "I cannot read ICO files."),
    "psd": (lambda: b"8BPS\0\1" + bytes(200), "I cannot read PSD files."),
    "dds": (lambda: made("DDS"), "I cannot read DDS files."),
    "eps": (lambda: made("EPS"), "I cannot read PostScript files."),
    "pdf": (lambda: made("PDF"), "I cannot read PDF files."),
    "avi": (avi, "I cannot read AVI files."),
    "heic": (lambda: box(b"heic", b"mif1", b"heic"), "I cannot read HEIC files."),
    "heix": (lambda: box(b"heix", b"mif1"), "I cannot read HEIC files."),
    "heif": (lambda: box(b"mif1", b"mif1", b"heic"), "I cannot read HEIF files."),
    "zip": (archive, "I cannot read ZIP files."),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(200), "I cannot read gzip files."),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "I cannot read SVG files."),
    "svg after a comment": (
        lambda: b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>",
        "I cannot read SVG files.",
    ),
    "mp3": (
        lambda: sound("libmp3lame", "mp3"),
        "That is a sound file (MP3), and I dream pictures.",
    ),
    "mp3 without tags": (lambda: b"\xff\xfb\x90\0" + bytes(2000), "That is a sound file (MP3)"),
    "ogg": (lambda: sound("libopus", "ogg"), "That is a sound file (Ogg), and I dream pictures."),
    "flac": (lambda: sound("flac", "flac"), "That is a sound file (FLAC), and I dream pictures."),
    "m4a": (lambda: sound("aac", "ipod"), "That is a sound file (M4A), and I dream pictures."),
    "aac": (lambda: sound("aac", "adts"), "That is a sound file (AAC), and I dream pictures."),
    "wav": (waves, "That is a sound file (WAV), and I dream pictures."),
    "dng": (lambda: raw("Google", tag50706=b"\1\4\0\0"), "That is a camera's raw file (DNG)"),
    "big-endian dng": (
        lambda: raw("LEICA", big=True, tag50706=b"\1\4\0\0"),
        "That is a camera's raw file (DNG)",
    ),
    "nef": (lambda: raw("NIKON CORPORATION", tag254=1, tag330=(9, 9)), "That is a camera's raw file (NEF)"),
    "arw": (lambda: raw("SONY", tag254=1, tag330=9), "That is a camera's raw file (ARW)"),
    "another camera's": (lambda: raw("Kodak", tag254=1, tag330=9), "That is a camera's raw file (RAW)"),
    "cr2": (lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(2000), "That is a camera's raw file (CR2)"),
    "cr3": (lambda: box(b"crx ", b"crx ", b"isom"), "That is a camera's raw file (CR3)"),
    "raf": (lambda: b"FUJIFILMCCD-RAW 0201" + bytes(2000), "That is a camera's raw file (RAF)"),
    "text": (lambda: "Grüße".encode() * 9, "That file is text, not a picture."),
    "text in 16 bits": (lambda: "Grüße\n".encode("utf-16") * 9, "That file is text, not a picture."),
    "page": (lambda: b"\n<!DOCTYPE html><html></html>", "That file is a web page, not a picture."),
    "unknown": (lambda: bytes(range(256)) * 9, "That file is not a picture I can read."),
}


@pytest.mark.parametrize("name", ["picture.png", "video.mp4", "sound.mp3"])
@pytest.mark.parametrize("kind", FILES)
def test_refused_by_content(tmp_path, kind, name):
    make, sentence = FILES[kind]
    path = tmp_path / name
    path.write_bytes(make())
    for read in (probe, decode, read_recipe, lambda path: read_frames(path, size=(8, 8))):
        with pytest.raises(PictureError) as caught:
            read(path)
        assert str(caught.value).startswith(sentence)
        assert EVERYTHING in str(caught.value)


def test_the_list_has_videos_only_where_they_can_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(signatures, "has_video", lambda: False)
    (tmp_path / "x").write_bytes(b"text")
    with pytest.raises(PictureError, match=r"I can read PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF\.$"):
        probe(tmp_path / "x")


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_every_language_has_the_sentence(tmp_path, kind, locale):
    make, english = FILES[kind]
    (tmp_path / "x").write_bytes(make())
    with pytest.raises(PictureError) as caught:
        probe(tmp_path / "x")
    told = caught.value.text(translator_for(locale))
    assert "I can" not in told
    assert english.split("(")[0] not in told
    assert EVERYTHING.removeprefix("I can read ").removesuffix(".") in told


@pytest.mark.parametrize(
    "tiff",
    [
        {"compression": "tiff_lzw"},
        {"compression": "tiff_adobe_deflate"},
        {"compression": "jpeg"},
        {"tiffinfo": {271: "NIKON CORPORATION", 272: "COOLSCAN"}},
    ],
)
def test_a_tiff_is_not_a_raw_file(tmp_path, tiff):
    cat().save(tmp_path / "cat.tiff", **tiff)
    assert probe(tmp_path / "cat.tiff").format == "TIFF"


@pytest.mark.parametrize("depth", ["L", "P", "RGB", "RGBA"])
def test_a_targa_is_not_misidentified(tmp_path, depth):
    cat().convert(depth).save(tmp_path / "cat.tga")
    with pytest.raises(PictureError, match="not a picture I can read"):
        probe(tmp_path / "cat.tga")


def test_readable_formats_really_are(tmp_path):
    for name in ("PNG", "JPEG", "WebP", "GIF", "BMP", "TIFF", "AVIF"):
        assert name in signatures.readable_formats()
        Image.new("RGB", (9, 9), "red").save(tmp_path / "x", name.upper())
        assert probe(tmp_path / "x").format == name.upper()
