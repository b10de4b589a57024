"""Films to try things on."""

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from dreambot.media.encode import Encoded
from dreambot.media.film import Film
from dreambot.media.film_plan import FilmFormat, FilmPlan
from dreambot.media.picture import Pixels
from tests.media.samples import CAT


def pan(frames: int = 6, width: int = 64, height: int = 48) -> list[Pixels]:
    """A window that moves over a photo, two pixels a frame."""
    with Image.open(CAT) as image:
        photo = np.asarray(image.convert("RGB"))
    return [photo[60 : 60 + height, 100 + 2 * n : 100 + 2 * n + width] for n in range(frames)]


def filmed(
    frames: Sequence[Pixels],
    format: FilmFormat,
    *,
    durations: Sequence[float] = (),
    limit: int | None = None,
    recipe_json: str | None = None,
    plays: int = 0,
) -> Encoded:
    """The frames as a file of ours, ten a second where no durations are given."""
    height, width, _ = frames[0].shape
    film = Film(FilmPlan(format, width, height, 10, plays, recipe_json), limit)
    for index, rgb in enumerate(frames):
        film.add(rgb, durations[index] if durations else 100)
    finishing = film.finish()
    while True:
        try:
            next(finishing)
        except StopIteration as end:
            file: Encoded = end.value
            return file


def video(
    path: Path,
    frames: Sequence[Pixels],
    *,
    codec: str = "libx264",
    rotation: int = 0,
    fps: int = 10,
    with_sound: bool = False,
    pixels: str = "yuv420p",
) -> Path:
    """A video as others make it, in the format that the path's suffix names."""
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
    """A GIF of 2×2 pixels, each frame another grey, with just those delays."""
    grey = b"".join(bytes([40 * n] * 3) for n in range(4))
    file = io.BytesIO(b"")
    file.write(b"GIF89a\2\0\2\0\x91\0\0" + grey + b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0")
    for n, delay in enumerate(hundredths):
        file.write(b"!\xf9\4\0" + delay.to_bytes(2, "little") + b"\0\0")
        # Each pixel after a code that clears the table, so that codes stay three bits wide
        codes = [4, n % 4] * 4 + [5]
        data = sum(code << 3 * at for at, code in enumerate(codes)).to_bytes(4, "little")
        file.write(b",\0\0\0\0\2\0\2\0\0\2" + bytes([len(data)]) + data + b"\0")
    return file.getvalue() + b";"
