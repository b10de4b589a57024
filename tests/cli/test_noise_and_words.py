"""`dreambot dream` without a picture, and with words."""

import json

import pytest
from PIL import Image

from dreambot.recipe import Recipe
from dreambot.recipe.recipe import SheetRecipe
from tests.cli.support import CommandLine


def recipe_in(dreambot: CommandLine, name: str) -> Recipe:
    """The recipe in a file."""
    with Image.open(dreambot.folder / name) as image:
        texts = [text for text in getattr(image, "text", {}).values() if text.startswith("{")]
    return Recipe.checked(json.loads(texts[0]))


@pytest.mark.parametrize(
    ("options", "made", "size"),
    [
        (("--source", "noise"), "source:noise intensity:9", (512, 512)),
        (("--text", "HE COMES"), 'preset:giger model:faces layer:s64_1 text:"HE COMES"', (512, 384)),
        (("--text", "夢", "--source", "noise", "--preset", "eyes"), 'source:noise text:"夢"', (512, 512)),
    ],
)
def test_a_dream_without_a_picture(
    dreambot: CommandLine, options: tuple[str, ...], made: str, size: tuple[int, int]
) -> None:
    ended = dreambot("dream", *options, "-o", "out.png")
    assert ended.status == 0, ended.err
    assert made in ended.err
    with Image.open(dreambot.folder / "out.png") as image:
        assert image.size == size
    # The recipe alone gives the dream again.
    again = dreambot("dream", "--recipe", "out.png", "-o", "again.png")
    assert again.status == 0, again.err
    assert recipe_in(dreambot, "again.png") == recipe_in(dreambot, "out.png")


def test_it_needs_no_name(dreambot: CommandLine) -> None:
    assert dreambot("dream", "--source=noise").status == 0
    assert (dreambot.folder / "dream.png").is_file()


def test_words_on_pictures_and_videos(dreambot: CommandLine) -> None:
    ended = dreambot("dream", "photo.png", "clip.gif", "--text", "HE COMES", "-o", "folder")
    assert ended.status == 0, ended.err
    recipe = recipe_in(dreambot, "folder/photo.dream.png")
    assert (recipe.source, recipe.text) == ("picture", "HE COMES")
    repeated = dreambot("dream", "photo.png", "--recipe", "folder/photo.dream.png", "-o", "b.png")
    assert repeated.status == 0, repeated.err


def test_a_sheet_of_four_in_the_precision_of_the_device(dreambot: CommandLine) -> None:
    ended = dreambot("dream", "photo.png", "--four", "-o", "four.png")
    assert ended.status == 0, ended.err
    recipe = recipe_in(dreambot, "four.png")
    assert isinstance(recipe, SheetRecipe)
    assert [look.precision for look in recipe.looks] == ["bf16"] * 4
    repeated = dreambot("dream", "photo.png", "--recipe", "four.png", "-o", "again.png")
    assert repeated.status == 0, repeated.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "out.png"), "needs a picture"),
        (("--source", "picture"), "needs a picture"),
        (("--source", "noise", "photo.png"), "uses no picture"),
        (("--source", "static"), "--source"),
        (("--source", "noise", "-o", "out.txt"), "should end in"),
        (("--source", "noise", "--caricature"), "needs a picture"),
        (("--text", "🐕"), "cannot write"),
        (("--text", "x" * 61), "at most 60"),
        (("--recipe", "recipe.json"), "needs a picture"),
    ],
)
def test_what_cannot_be_dreamed(dreambot: CommandLine, words: tuple[str, ...], said: str) -> None:
    ended = dreambot("dream", *words)
    assert ended.status != 0
    assert said in ended.err
    assert not (dreambot.folder / "out.png").exists()


def test_a_recipe_without_a_picture_takes_none(dreambot: CommandLine) -> None:
    assert dreambot("dream", "--source", "noise", "-o", "out.png").status == 0
    ended = dreambot("dream", "photo.png", "--recipe", "out.png", "-o", "again.png")
    assert ended.status != 0
    assert "uses no picture" in ended.err
