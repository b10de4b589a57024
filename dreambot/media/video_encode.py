"""Encodes frames one by one to an animated GIF, an animated WebP or an MP4 of limited size.

Pillow needs all frames of an animation at once. To keep only encoded frames in memory, each frame is encoded
as a still picture, and its parts are written into the container: GIF89a (CompuServe, 1990), or WebP (Google's
"WebP Container Specification"). A GIF palette is reused while its error stays low, so that still areas keep
their colours. MP4 is in mp4_writer.py.
"""

import io
import struct
from collections.abc import Generator, Iterator

import numpy as np
from PIL import Image

from dreambot.media.encode import EncodedFile
from dreambot.media.frames import animation_frames
from dreambot.media.metadata import KEYWORD, recipe_exif
from dreambot.media.picture import LazyFrame, PictureError, Pixels
from dreambot.media.picture_file import MAX_PIXELS, read_picture_file
from dreambot.media.video_decode import decode_video_frames
from dreambot.media.video_settings import (
    MAX_VIDEO_SIDE,
    TickClock,
    VideoSettings,
    VideoWriter,
    reduce_settings,
)

_MAX_COLOURS, _MIN_COLOURS = 256, 128
# Browsers treat anything shorter as a mistake and display it for a tenth of a second.
_MIN_DELAY_CS = 2
_UINT16_MAX = 0xFFFF
_GIF_HEADER_BYTES = 13
# Long side, in pixels, of the sample that a palette is computed from.
_PALETTE_SAMPLE_SIDE = 192
# A palette is replaced when its error is this many times that of the frame it was computed from.
_MAX_PALETTE_ERROR_RATIO = 1.2


_WEBP_BEST_QUALITY, _WEBP_WORST_QUALITY = 82, 40
_HAS_EXIF, _IS_ANIMATED = 0x08, 0x02
# A frame replaces the previous one and is not blended with it.
_NO_BLENDING = 0x02
_WEBP_MAX_FRAME_MS = 2**24 - 1


class GifWriter:
    """Writes a GIF; see `VideoWriter`. Frames that are faster than GIF supports are dropped."""

    def __init__(self, settings: VideoSettings) -> None:
        """Starts with no frames.

        Args:
            settings: How to encode.
        """
        self._settings = settings
        self._colours = round(_MIN_COLOURS + (_MAX_COLOURS - _MIN_COLOURS) * settings.quality)
        self._clock = TickClock(100)
        self._shown = 0
        self._palette: Image.Image | None = None
        self._max_palette_error = 0.0
        self._frames: list[bytes] = []

    def add(self, rgb: Pixels, ms: float) -> None:
        """Encodes a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB, of the settings' size.
            ms: Milliseconds it is displayed.
        """
        wait = self._clock.advance(ms) - self._shown
        if wait < _MIN_DELAY_CS and self._frames:
            return
        wait = max(_MIN_DELAY_CS, wait)
        self._shown += wait
        control = b"!\xf9\x04\x00" + struct.pack("<H", min(wait, _UINT16_MAX)) + b"\0\0"
        self._frames.append(control + _gif_image_block(self._quantize(Image.fromarray(rgb))))

    def finish(self) -> bytes:
        """Returns the file. May be called once."""
        settings = self._settings
        parts = [b"GIF89a", struct.pack("<HHBBB", settings.width, settings.height, 0x70, 0, 0)]
        if settings.loops != 1:
            repeats = min(settings.loops - 1, _UINT16_MAX) if settings.loops else 0
            parts.append(b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", repeats) + b"\0")
        if settings.recipe_json is not None:
            parts.append(b"!\xfe" + _gif_sub_blocks(f"{KEYWORD} {settings.recipe_json}".encode()))
        return b"".join([*parts, *self._frames, b";"])

    def _quantize(self, image: Image.Image) -> Image.Image:
        """Returns the frame in its palette, dithered."""
        sample = image.copy()
        sample.thumbnail((_PALETTE_SAMPLE_SIDE, _PALETTE_SAMPLE_SIDE), Image.Resampling.NEAREST)
        if self._palette is None or _palette_error(sample, self._palette) > self._max_palette_error:
            self._palette = sample.quantize(self._colours, Image.Quantize.MEDIANCUT, kmeans=1)
            self._max_palette_error = _MAX_PALETTE_ERROR_RATIO * _palette_error(sample, self._palette)
        return image.quantize(palette=self._palette, dither=Image.Dither.FLOYDSTEINBERG)


def _palette_error(sample: Image.Image, palette: Image.Image) -> float:
    reduced = sample.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    difference = np.asarray(reduced, np.int16) - np.asarray(sample, np.int16)
    return float(np.square(difference, dtype=np.float32).mean())


def _gif_image_block(image: Image.Image) -> bytes:
    """Returns a picture as an image block with a palette of its own."""
    file = io.BytesIO()
    image.save(file, "GIF", optimize=False, interlace=False)
    data = file.getvalue()
    depth = data[10] & 7
    end = _GIF_HEADER_BYTES + (3 << (depth + 1))
    palette = data[_GIF_HEADER_BYTES:end]
    while data[end : end + 1] == b"!":
        end += 2
        while data[end]:
            end += 1 + data[end]
        end += 1
    descriptor = data[end : end + 9] + bytes([0x80 | depth])
    return descriptor + palette + data[end + 10 : -1]


def _gif_sub_blocks(data: bytes) -> bytes:
    pieces = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


class WebpWriter:
    """Writes an animated WebP; see `VideoWriter`."""

    def __init__(self, settings: VideoSettings) -> None:
        """Starts with no frames.

        Args:
            settings: How to encode.
        """
        self._settings = settings
        self._quality = round(
            _WEBP_WORST_QUALITY + (_WEBP_BEST_QUALITY - _WEBP_WORST_QUALITY) * settings.quality
        )
        self._clock = TickClock(1000)
        self._now = 0
        self._frames: list[bytes] = []

    def add(self, rgb: Pixels, ms: float) -> None:
        """Encodes a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB, of the settings' size.
            ms: Milliseconds it is displayed.
        """
        before, self._now = self._now, self._clock.advance(ms)
        still = io.BytesIO()
        Image.fromarray(rgb).save(still, "WEBP", quality=self._quality, method=4)
        data = b"".join(
            _riff_chunk(kind, data) for kind, data in _iter_riff_chunks(still.getvalue()) if kind == b"VP8 "
        )
        height, width = rgb.shape[:2]
        sides = _uint24(width - 1) + _uint24(height - 1)
        duration = _uint24(min(self._now - before, _WEBP_MAX_FRAME_MS))
        at = _uint24(0) * 2
        self._frames.append(_riff_chunk(b"ANMF", at + sides + duration + bytes([_NO_BLENDING]) + data))

    def finish(self) -> bytes:
        """Returns the file. May be called once."""
        settings = self._settings
        exif = recipe_exif(settings.recipe_json)
        flags = _IS_ANIMATED | (_HAS_EXIF if exif else 0)
        sides = _uint24(settings.width - 1) + _uint24(settings.height - 1)
        black, times = bytes(4), min(settings.loops, 0xFFFF)
        parts = [
            b"WEBP",
            _riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides),
            _riff_chunk(b"ANIM", black + struct.pack("<H", times)),
            *self._frames,
        ]
        if exif:
            parts.append(_riff_chunk(b"EXIF", exif))
        return _riff_chunk(b"RIFF", b"".join(parts))


def _uint24(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def _riff_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _iter_riff_chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields the chunks of a WebP file that Pillow wrote."""
    at = 12
    while at < len(file):
        (length,) = struct.unpack_from("<I", file, at + 4)
        yield file[at : at + 4], file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


class SizeLimitedVideoWriter:
    """Encodes a video within a size limit.

    Frames are encoded as they are added, and only their encoding is kept.
    """

    def __init__(self, settings: VideoSettings, limit: int | None, soundtrack: bytes | None = None) -> None:
        """Starts with no frames.

        Args:
            settings: How to encode at first. Videos above MAX_VIDEO_SIDE are scaled down.
            limit: Bytes that the file may have; None for any size.
            soundtrack: What `make_soundtrack` returned. Only MP4 has one.
        """
        self._settings = settings.scaled(
            min(1.0, MAX_VIDEO_SIDE[settings.format] / max(settings.width, settings.height))
        )
        self._limit = limit
        self._soundtrack = soundtrack if settings.format == "mp4" else None
        self._writer = _create_writer(self._settings, self._soundtrack)
        self._frames = 0

    def add(self, rgb: Pixels, ms: float) -> None:
        """Encodes a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB, of any size.
            ms: Milliseconds it is displayed.
        """
        self._writer.add(_fit_frame(rgb, self._settings), ms)
        self._frames += 1

    def finish(self) -> Generator[None, None, EncodedFile]:
        """Returns the file; yields after each frame that has to be encoded again.

        If the file is larger than the limit, its own frames are encoded again, smaller, until it fits.

        Raises:
            PictureError: There are no frames, or too many for the limit.
        """
        if not self._frames:
            raise PictureError("errors-no-frames")
        settings, sound = self._settings, len(self._soundtrack or b"")
        whole = file = self._writer.finish()
        while self._limit is not None and len(file) > self._limit:
            # The soundtrack stays as it is.
            settings = reduce_settings(settings, (len(file) - sound) / max(1, self._limit - sound))
            writer = _create_writer(settings, self._soundtrack)
            for get_frame, ms in _decode_frames(whole, settings.format):
                writer.add(get_frame((settings.width, settings.height)), ms)
                yield
            file = writer.finish()
        return EncodedFile(file, settings.format.upper(), settings.format, settings.width, settings.height)


def _create_writer(settings: VideoSettings, soundtrack: bytes | None) -> VideoWriter:
    if settings.format == "mp4":
        # PyAV is optional and slow to import.
        from dreambot.media.mp4_writer import Mp4Writer

        return Mp4Writer(settings, soundtrack)
    return WebpWriter(settings) if settings.format == "webp" else GifWriter(settings)


def _fit_frame(rgb: Pixels, settings: VideoSettings) -> Pixels:
    below, right = settings.height - rgb.shape[0], settings.width - rgb.shape[1]
    if {below, right} <= {0, 1}:  # made even by repeating a row or column, without blur
        return np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge")
    image = Image.fromarray(rgb).resize(
        (settings.width, settings.height), Image.Resampling.LANCZOS, reducing_gap=3.0
    )
    return np.asarray(image)


def _decode_frames(file: bytes, format: str) -> Iterator[tuple[LazyFrame, float]]:
    if format == "mp4":
        yield from decode_video_frames(io.BytesIO(file), "MP4", MAX_PIXELS)
    else:
        yield from animation_frames(read_picture_file(io.BytesIO(file)))
