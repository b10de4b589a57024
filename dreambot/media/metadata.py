"""The recipe that a dreamed picture carries along."""

import zlib
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from dreambot.media.boxes import mp4_comment
from dreambot.media.chunks import png_chunks
from dreambot.media.gif import GifFile
from dreambot.media.jpeg import JpegFile
from dreambot.media.opening import PillowFile, check_file, opened, understandable
from dreambot.media.picture import PictureError
from dreambot.media.png import PngFile
from dreambot.media.video import video_kind

KEYWORD = "dreambot"
MAX_RECIPE_BYTES = 16 * 1024
# keyword, flags, language and translated keyword before the text, and zlib's header and checksum
MAX_CHUNK_BYTES = MAX_RECIPE_BYTES + 1024


def png_text(recipe_json: str | None) -> PngInfo:
    """PNG metadata holding the recipe, as an iTXt chunk."""
    info = PngInfo()
    if recipe_json is not None:
        info.add_itxt(KEYWORD, recipe_json)
    return info


def exif_text(recipe_json: str | None) -> bytes:
    """EXIF bytes with the recipe as the description; empty when there is none or EXIF cannot spell it."""
    if recipe_json is None or not recipe_json.isascii():
        return b""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = f"{KEYWORD} {recipe_json}"
    return exif.tobytes()


def read_recipe(path: Path) -> str | None:
    """The recipe's JSON text in a picture or film of ours; None when it carries none.

    Raises PictureError when the file is no picture, or its recipe is over 16 kB or unreadable.
    """
    raw = _film_recipe(path) if video_kind(path) else _picture_recipe(path)
    if raw is None:
        return None
    if len(raw) > MAX_RECIPE_BYTES:
        raise _too_long()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _film_recipe(path: Path) -> bytes | None:
    check_file(path)
    with path.open("rb") as file:
        return _after_keyword(mp4_comment(file, MAX_CHUNK_BYTES) or b"")


def _picture_recipe(path: Path) -> bytes | None:
    with opened(path) as picture:
        if isinstance(picture, PngFile):
            with path.open("rb") as file:
                return _png_recipe(file)
        if isinstance(picture, GifFile):
            return _after_keyword(picture.comment)
        if isinstance(picture, (JpegFile, PillowFile)):
            with understandable(path):
                description = picture.exif().get(ExifTags.Base.ImageDescription, "")
            return _after_keyword(description.encode() if isinstance(description, str) else b"")
    return None


def _after_keyword(text: bytes) -> bytes | None:
    """What follows our name; None when the text is somebody else's."""
    prefix, _, rest = text.partition(b" ")
    return rest if prefix == KEYWORD.encode() else None


def _png_recipe(file: BinaryIO) -> bytes | None:
    for kind, length in png_chunks(file):
        if kind not in (b"iTXt", b"tEXt", b"zTXt"):
            continue
        start = file.read(min(length, len(KEYWORD) + 1))
        if start != KEYWORD.encode() + b"\0":
            continue
        if length > MAX_CHUNK_BYTES:
            raise _too_long()
        return _text(kind, file.read(length - len(start)))
    return None


def _text(kind: bytes, data: bytes) -> bytes:
    """The text of a chunk whose keyword was already read."""
    if kind == b"tEXt":
        return data
    if kind == b"zTXt":
        return _inflated(data[1:])
    compressed, rest = data[:1] == b"\1", data[2:].split(b"\0", 2)
    if len(rest) != 3:
        raise _unreadable()
    return _inflated(rest[2]) if compressed else rest[2]


def _inflated(data: bytes) -> bytes:
    """Never unpacks more than one byte beyond what is allowed."""
    try:
        return zlib.decompressobj().decompress(data, MAX_RECIPE_BYTES + 1)
    except zlib.error as error:
        raise _unreadable() from error


def _too_long() -> PictureError:
    return PictureError("The recipe in that picture is over 16 kB, so it is not one of mine.")


def _unreadable() -> PictureError:
    return PictureError("The recipe in that picture is damaged. Use the original file, not an edited copy.")
