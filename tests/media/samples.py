"""Real photos, and pictures made to cause trouble."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import skimage
from numpy.typing import NDArray
from PIL import Image

PHOTOS = Path(skimage.data_dir)
CAT = PHOTOS / "chelsea.png"
ROCKET = PHOTOS / "rocket.jpg"


def cat(width: int = 96, height: int = 64) -> Image.Image:
    """A small photo of a cat, RGB."""
    with Image.open(CAT) as image:
        return image.convert("RGB").resize((width, height))


def save_image(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.square(one.astype(float) - other.astype(float)).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *extra: bytes, pixels: bytes | None = None, depth: int = 8, kind: int = 0
) -> bytes:
    """A PNG with any header, any extra chunks and any (uncompressed) pixel bytes."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000 if pixels is None else pixels)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif(frames: list[Image.Image], **options: object) -> bytes:
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], **options)
    return file.getvalue()


def half_transparent(size: int = 32) -> Image.Image:
    """An opaque cat on the left; on the right invisible pixels in bright green."""
    image = cat(size, size).convert("RGBA")
    pixels = np.array(image)
    pixels[:, size // 2 :] = (0, 255, 0, 0)
    return Image.fromarray(pixels)
