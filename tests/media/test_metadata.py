"""The recipe is stored in the picture."""

import json
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dreambot.media.encode import encode
from dreambot.media.metadata import MAX_RECIPE_BYTES, read_recipe
from dreambot.media.picture import Picture, PictureError
from tests.media.samples import CAT, ROCKET, cat, chunk, png, save_image

PICTURE = Picture(np.asarray(cat()))
PIXELS = (b"\0" + b"\7" * 8) * 8


def written(tmp_path, recipe, **wishes):
    file = encode(PICTURE, recipe_json=recipe, **wishes)
    path = tmp_path / f"out.{file.extension}"
    path.write_bytes(file.data)
    return path


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recipe=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4000))
def test_png_stores_any_text(tmp_path, recipe):
    assert read_recipe(written(tmp_path, recipe)) == recipe


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
@pytest.mark.parametrize("words", ["", "él llega", "彼は来る", "𝔥𝔢 👁"])
def test_other_formats_store_it_too(tmp_path, format, words):
    recipe = {"layer": "mixed5", "text": words}
    path = written(tmp_path, json.dumps(recipe, ensure_ascii=False), format=format)
    assert json.loads(read_recipe(path) or "") == recipe


def test_pictures_without_one(tmp_path):
    assert read_recipe(CAT) is None
    assert read_recipe(ROCKET) is None
    assert read_recipe(written(tmp_path, None)) is None
    exif = {0x010E: "a nice cat"}
    path = tmp_path / "described.jpg"
    image = cat()
    data = image.getexif()
    data.update(exif)
    assert read_recipe(save_image(image, path, exif=data)) is None
    assert read_recipe(save_image(cat(), tmp_path / "cat.gif")) is None


def test_a_file_that_is_not_a_picture(tmp_path):
    (tmp_path / "x.png").write_bytes(b"dreambot {}")
    with pytest.raises(PictureError, match="is text"):
        read_recipe(tmp_path / "x.png")


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"packed iTXt"])
@pytest.mark.parametrize("size", [MAX_RECIPE_BYTES, MAX_RECIPE_BYTES + 1, 10 * 2**20])
@pytest.mark.parametrize("late", [False, True])
def test_at_most_sixteen_kilobytes(tmp_path, kind, size, late):
    text = b"x" * size
    data = {
        b"tEXt": b"dreambot\0" + text,
        b"zTXt": b"dreambot\0\0" + zlib.compress(text),
        b"iTXt": b"dreambot\0\0\0\0\0" + text,
        b"packed iTXt": b"dreambot\0\1\0\0\0" + zlib.compress(text),
    }[kind]
    content = bytearray(png(8, 8, pixels=PIXELS))
    at = len(content) - 12 if late else 33
    content[at:at] = chunk(kind[-4:], data)
    (tmp_path / "x.png").write_bytes(content)
    if size <= MAX_RECIPE_BYTES:
        assert read_recipe(tmp_path / "x.png") == text.decode()
    else:
        with pytest.raises(PictureError, match=r"over 16 kB|damaged"):
            read_recipe(tmp_path / "x.png")


@pytest.mark.parametrize(
    "data", [b"dreambot\0\0\0\0\0\xff\xfe", b"dreambot\0\1\0\0\0not zlib", b"dreambot\0", b"dreambot\0\0\0\0"]
)
def test_damaged_recipes(tmp_path, data):
    (tmp_path / "x.png").write_bytes(png(8, 8, chunk(b"iTXt", data), pixels=PIXELS))
    with pytest.raises(PictureError, match="damaged"):
        read_recipe(tmp_path / "x.png")


def test_other_keywords_are_not_recipes(tmp_path):
    other = chunk(b"tEXt", b"dreambots\0{}"), chunk(b"tEXt", b"Comment\0dreambot")
    (tmp_path / "x.png").write_bytes(png(8, 8, *other, pixels=PIXELS))
    assert read_recipe(tmp_path / "x.png") is None
