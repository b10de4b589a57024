"""Converts Pillow images of any mode and colour profile to 8-bit sRGB and a separate alpha channel."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from dreambot.media.colour import COLOUR_TAGS_KEY, ColourTags, converter_for

PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
MAX_PROFILE_BYTES = 4 * 2**20


GREY = 128


def apply_icc_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Converts a picture to RGB in sRGB.

    Args:
        image: In mode L, RGB or CMYK.
        profile: Its ICC profile. One that is invalid, or made for another mode, is ignored, as most viewers
            do.
    """
    if profile and len(profile) <= MAX_PROFILE_BYTES:
        try:
            return _transform_to_srgb(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image.convert("RGB")


def _transform_to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if source.profile.xcolor_space.strip() != PROFILE_SPACES[image.mode]:
        return image.convert("RGB")
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), image.mode, "RGB")
    if image.mode == "RGB" and _is_identity(transform):
        return image
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None
    return converted


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    """Returns whether a profile is sRGB under some name, as many are: the pixels then stay exact."""
    levels = np.linspace(0, 255, 9, dtype=np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    converted = ImageCms.applyTransform(Image.fromarray(grid), transform)
    return int(np.abs(np.asarray(converted, np.int16) - grid).max()) <= 2


def to_rgb(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Returns RGB (sRGB) and alpha (L) of a picture; alpha is None if every pixel is opaque.

    Args:
        image: A loaded picture of any mode.
    """
    profile, tags = image.info.get("icc_profile"), image.info.get(COLOUR_TAGS_KEY)
    colours, alpha = _split_alpha(image)
    if isinstance(tags, ColourTags):
        return _apply_colour_tags(colours.convert("RGB"), tags), alpha
    return apply_icc_profile(colours, profile), alpha


def fill_transparent(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns a copy of rgb with the mean visible colour where alpha is 0.

    The colours under full transparency are often garbage that is never seen, but a dream would see them.

    Args:
        rgb: (height, width, 3) uint8.
        alpha: (height, width) uint8. If it is 0 everywhere, the colour is mid-grey.
    """
    hidden = alpha == 0
    weight = int(alpha.sum(dtype=np.int64))
    mean: NDArray[np.float64] | int = GREY
    if weight:
        mean = np.rint(np.einsum("hwc,hw->c", rgb, alpha, dtype=np.float64, casting="safe") / weight)
    filled = rgb.copy()
    filled[hidden] = mean
    return filled


def _apply_colour_tags(image: Image.Image, tags: ColourTags) -> Image.Image:
    convert = converter_for(tags)
    return image if convert is None else Image.fromarray(convert(np.asarray(image)))


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Returns the picture in L, RGB or CMYK (8 bits a channel), and its alpha."""
    if image.mode.startswith("I") or image.mode == "F":
        return _scale_to_8_bits(image)
    if image.mode == "La":
        image = image.convert("LA")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        colours = rgba.convert("L" if image.mode in ("1", "L", "LA") else "RGB")
        return colours, None if alpha.getextrema() == (255, 255) else alpha
    if image.mode == "1":
        return image.convert("L"), None
    if image.mode in ("L", "RGB", "CMYK"):
        return image, None
    return image.convert("RGB"), None


def _scale_to_8_bits(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Scales deep grey pictures to 8 bits.

    Sixteen bits are divided, not clipped. Wider integers and floats do not define white: it is at 1, 255 or
    65535 if the values fit, otherwise at the brightest pixel, with black at the darkest.
    """
    values = np.asarray(image)
    alpha = None
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        alpha = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
    if image.mode.startswith("I;16"):
        low, white = 0.0, 65535.0
    else:
        values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        low, white = _value_range(
            values, whites=(1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        )
    scaled = (values.astype(np.float32) - low) * np.float32(255.0 / (white - low))
    return Image.fromarray(np.rint(scaled).clip(0, 255).astype(np.uint8)), alpha


def _value_range(values: NDArray[np.float32], whites: tuple[float, ...]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if low >= 0:
        for white in whites:
            if high <= white:
                return 0.0, white
    return low, max(high, low + 1e-6)
