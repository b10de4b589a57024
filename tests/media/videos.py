"""Sample videos."""

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dreambot.media.encode import EncodedFile
from dreambot.media.picture import Pixels
from dreambot.media.video_encode import SizeLimitedVideoWriter
from dreambot.media.video_settings import VideoFormat, VideoSettings
from tests.media.samples import CAT


def panning_frames(frames: int = 6, width: int = 64, height: int = 48) -> list[Pixels]:
    """A window that moves over a photo, two pixels a frame."""
    with Image.open(CAT) as image:
        photo = np.asarray(image.convert("RGB"))
    return [photo[60 : 60 + height, 100 + 2 * n : 100 + 2 * n + width] for n in range(frames)]


def noise_frames(frames: int, width: int, height: int) -> list[Pixels]:
    """Frames that no codec makes small."""
    rng = np.random.default_rng(0)
    return [rng.integers(0, 255, (height, width, 3), dtype=np.uint8) for _ in range(frames)]


def encode_video(
    frames: Sequence[Pixels],
    format: VideoFormat,
    *,
    durations: Sequence[float] = (),
    limit: int | None = None,
    recipe_json: str | None = None,
    loops: int = 0,
) -> EncodedFile:
    """Encodes frames with dreambot's own encoder, ten a second if there are no durations."""
    height, width, _ = frames[0].shape
    writer = SizeLimitedVideoWriter(VideoSettings(format, width, height, 10, loops, recipe_json), limit)
    for index, rgb in enumerate(frames):
        writer.add(rgb, durations[index] if durations else 100)
    finishing = writer.finish()
    while True:
        try:
            next(finishing)
        except StopIteration as end:
            file: EncodedFile = end.value
            return file


def write_video(
    path: Path,
    frames: Sequence[Pixels],
    *,
    codec: str = "libx264",
    rotation: int = 0,
    fps: int = 10,
    with_sound: bool = False,
    pixels: str = "yuv420p",
) -> Path:
    """Writes a video as other programs do, in the format of the path's suffix."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=Fraction(fps))
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels
        if rotation:
            stream.set_display_rotation(rotation)
        sound = container.add_stream("aac", rate=44100, layout="mono") if with_sound else None
        for rgb in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            noise = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            noise.sample_rate = 44100
            container.mux([*sound.encode(noise), *sound.encode(None)])
    return path


def gif_with_delays(*hundredths: int) -> bytes:
    """A GIF of 2×2 pixels, each frame in another grey, with these delays."""
    grey = b"".join(bytes([40 * n] * 3) for n in range(4))
    file = io.BytesIO(b"")
    file.write(b"GIF89a\2\0\2\0\x91\0\0" + grey + b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0")
    for n, delay in enumerate(hundredths):
        file.write(b"!\xf9\4\0" + delay.to_bytes(2, "little") + b"\0\0")
        # A clear code before each pixel, so that codes stay three bits wide.
        codes = [4, n % 4] * 4 + [5]
        data = sum(code << 3 * at for at, code in enumerate(codes)).to_bytes(4, "little")
        file.write(b",\0\0\0\0\2\0\2\0\0\2" + bytes([len(data)]) + data + b"\0")
    return file.getvalue() + b";"


_LUMA = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 7: (0.212, 0.087), 9: (0.2627, 0.0593)}
_OPTIONS = {
    "libx264": {"crf": "2"},
    "libx265": {"crf": "2", "x265-params": "log-level=none"},
    "libvpx-vp9": {"crf": "4", "b": "2M"},
    "libvpx": {"crf": "4", "b": "2M"},
    "libsvtav1": {"crf": "8", "preset": "10"},
}


def write_tagged_video(
    path: Path,
    swatches: NDArray[np.float64],
    *,
    codec: str,
    tags: tuple[int, int, int],
    is_full: bool = False,
    coded_as: int | None = None,
    says_range: bool = True,
    depth: int = 8,
    frames: int = 3,
    options: dict[str, str] | None = None,
) -> Path:
    """Writes a video of swatches side by side, 32 pixels each, (n, 3) values of R'G'B' from 0 to 1.

    Args:
        path: The file to write.
        swatches: The colours.
        codec: The encoder.
        tags: Primaries, transfer and matrix, numbered as in H.273.
        is_full: Whether the values use the full range.
        coded_as: The matrix that is really used, if it differs from the tags.
        says_range: Whether the range is tagged.
        depth: Bits a channel.
        frames: Number of frames.
        options: Of the encoder.
    """
    matrix = coded_as or tags[2]
    red, blue = _LUMA.get(matrix, _LUMA[6])
    rgb = np.repeat(np.repeat(swatches[None], 32, axis=1), 32, axis=0)
    luma = rgb @ np.array([red, 1 - red - blue, blue])
    chroma = [(rgb[..., n] - luma) / (2 * (1 - share)) for n, share in ((2, blue), (0, red))]
    top, unit = 2**depth - 1, 2 ** (depth - 8)
    planes = [luma * top if is_full else (16 + 219 * luma) * unit]
    for plane in chroma:
        small = plane[::2, ::2]
        planes.append(small * top + 128 * unit if is_full else (128 + 224 * small) * unit)
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width = luma.shape
        stream.pix_fmt = "yuv420p10le" if depth == 10 else "yuv420p"
        stream.options = _OPTIONS[codec] | (options or {})
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = tags
        context.color_range = (2 if is_full else 1) if says_range else 0
        for _ in range(frames):
            frame = av.VideoFrame(stream.width, stream.height, stream.pix_fmt)
            frame.colorspace, frame.color_range = tags[2], context.color_range
            for plane, values in zip(frame.planes, planes, strict=True):
                padded = np.zeros((plane.height, plane.line_size * 8 // (8 if depth == 8 else 16)), np.uint16)
                padded[:, : values.shape[1]] = np.rint(values).clip(0, top)
                plane.update(padded.astype(np.uint8 if depth == 8 else "<u2").tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
