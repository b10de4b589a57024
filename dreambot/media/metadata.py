"""Reads and writes the recipe in the metadata of a dreamed picture or video."""

import json
import re
import zlib
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from dreambot.media.containers import iter_png_chunks, read_mp4_comment
from dreambot.media.gif import GifFile
from dreambot.media.jpeg import JpegFile
from dreambot.media.picture import PictureError
from dreambot.media.picture_file import PillowFile, check_file, open_picture, translate_decoder_errors
from dreambot.media.png import PngFile
from dreambot.media.video_decode import detect_video_format

KEYWORD = "dreambot"
MAX_RECIPE_BYTES = 16 * 1024
# Keyword, flags, language and translated keyword before the text, and zlib's header and checksum.
MAX_CHUNK_BYTES = MAX_RECIPE_BYTES + 1024


def recipe_png_info(recipe_json: str | None) -> PngInfo:
    """Returns PNG metadata with the recipe in an iTXt chunk.

    Args:
        recipe_json: The recipe; None for empty metadata.
    """
    info = PngInfo()
    if recipe_json is not None:
        info.add_itxt(KEYWORD, recipe_json)
    return info


def recipe_exif(recipe_json: str | None) -> bytes:
    """Returns EXIF bytes with the recipe as the description.

    Args:
        recipe_json: The recipe.

    Returns:
        Empty if there is no recipe.
    """
    if recipe_json is None:
        return b""
    exif = Image.Exif()
    # EXIF takes only ASCII. Other letters occur only in strings, where JSON has escapes for them.
    escaped = re.sub(r"[^\x00-\x7f]", lambda letter: json.dumps(letter[0])[1:-1], recipe_json)
    exif[ExifTags.Base.ImageDescription] = f"{KEYWORD} {escaped}"
    return exif.tobytes()


def read_recipe(path: Path) -> str | None:
    """Reads the recipe's JSON text from a picture or video that dreambot made.

    Args:
        path: The file.

    Returns:
        None if it contains none.

    Raises:
        PictureError: The file is not a picture, or its recipe is over 16 kB or unreadable.
    """
    raw = _video_recipe(path) if detect_video_format(path) else _picture_recipe(path)
    if raw is None:
        return None
    if len(raw) > MAX_RECIPE_BYTES:
        raise _too_long_error()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise _unreadable_error() from error


def _video_recipe(path: Path) -> bytes | None:
    check_file(path)
    with path.open("rb") as file:
        return _after_keyword(read_mp4_comment(file, MAX_CHUNK_BYTES) or b"")


def _picture_recipe(path: Path) -> bytes | None:
    with open_picture(path) as picture:
        if isinstance(picture, PngFile):
            with path.open("rb") as file:
                return _png_recipe(file)
        if isinstance(picture, GifFile):
            return _after_keyword(picture.comment)
        if isinstance(picture, (JpegFile, PillowFile)):
            with translate_decoder_errors(path):
                description = picture.exif().get(ExifTags.Base.ImageDescription, "")
            return _after_keyword(description.encode() if isinstance(description, str) else b"")
    return None


def _after_keyword(text: bytes) -> bytes | None:
    """Returns the text after our keyword; None if the text is not from dreambot."""
    prefix, _, rest = text.partition(b" ")
    return rest if prefix == KEYWORD.encode() else None


def _png_recipe(file: BinaryIO) -> bytes | None:
    for kind, length in iter_png_chunks(file):
        if kind not in (b"iTXt", b"tEXt", b"zTXt"):
            continue
        start = file.read(min(length, len(KEYWORD) + 1))
        if start != KEYWORD.encode() + b"\0":
            continue
        if length > MAX_CHUNK_BYTES:
            raise _too_long_error()
        return _chunk_text(kind, file.read(length - len(start)))
    return None


def _chunk_text(kind: bytes, data: bytes) -> bytes:
    """Returns the text of a chunk whose keyword was already read."""
    if kind == b"tEXt":
        return data
    if kind == b"zTXt":
        return _decompress(data[1:])
    compressed, rest = data[:1] == b"\1", data[2:].split(b"\0", 2)
    if len(rest) != 3:
        raise _unreadable_error()
    return _decompress(rest[2]) if compressed else rest[2]


def _decompress(data: bytes) -> bytes:
    """Decompresses at most one byte more than is allowed."""
    try:
        return zlib.decompressobj().decompress(data, MAX_RECIPE_BYTES + 1)
    except zlib.error as error:
        raise _unreadable_error() from error


def _too_long_error() -> PictureError:
    return PictureError("errors-recipe-in-picture-long")


def _unreadable_error() -> PictureError:
    return PictureError("errors-recipe-damaged")
