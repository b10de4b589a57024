"""The words of a dream, and dreams without a picture."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import DreamRequest, Recipe, RecipeError, SourceFacts
from dreambot.recipe.request import RepeatRequest, can_use_source, needs_source, resolve_request
from dreambot.recipe.text import format_recipe, parse_recipe
from dreambot.recipe.words import MAX_WORDS_LENGTH, clean_words
from tests.support.recipes import fake_trained, make_recipe

PICTURE = SourceFacts(640, 480, (0.5,) * 8)


def resolved(picture: SourceFacts | None = None, max_pixels: int = 786_432, **options: object) -> Recipe:
    return resolve_request(
        DreamRequest.of(**options),
        picture,
        seed=5,
        models=fake_trained,
        precision="fp32",
        max_pixels=max_pixels,
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("HE COMES", "HE COMES"),
        ("  he\n\tcomes \u3000again ", "he comes again"),
        ("ça va, süße Žluť?", "ça va, süße Žluť?"),
        ("cafe\u0301", "café"),
        ("Ктулху, Θάλασσα", "Ктулху, Θάλασσα"),
        ("夢を見る犬", "夢を見る犬"),
        # Invisible characters, and those that turn the direction.
        ("\u202eHE\u200b COM\u00adES\u2069\ufeff", "HE COMES"),
        # Stacked marks are what the dream is for.
        ("H" + "\u0336\u0300" * 1000 + "E", "HE"),
        ('say "no" `now', "say ”no” ’now"),
        ("@everyone 100 %", "@everyone 100 %"),
    ],
)
def test_a_text_is_cleaned(typed: str, written: str) -> None:
    assert clean_words(typed) == written


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no visible characters"),
        (" \u200b\u0301 \n", "no visible characters"),
        ("x" * 61, "at most 60 characters, but this one has 61"),
        ("x" * 100_000, "at most 60"),
        ("hello 🐕", "cannot write 🐕"),
        ("a\x00b\x1b", r"U\+0000 U\+001B"),
        ("\ud800", r"U\+D800"),
        ("שלום", "cannot write ש ל ו ם"),
        ("<@123> comes", "mentions, custom emoji or times"),
        ("<@&1>", "mentions"),
        ("<a:party:123456789012345678>", "mentions"),
        ("</dream:123456789>", "mentions"),
        ("<t:1700000000:R>", "mentions"),
    ],
)
def test_what_cannot_be_written_is_said(typed: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        clean_words(typed)
    with pytest.raises(RecipeError):
        Recipe.checked({**make_recipe().model_dump(), "text": typed})


@given(st.text(max_size=80))
def test_a_clean_text_stays_as_it_is(typed: str) -> None:
    try:
        words = clean_words(typed)
    except RecipeError:
        return
    assert clean_words(words) == words
    assert 0 < len(words) <= MAX_WORDS_LENGTH
    assert not {unicodedata.category(one)[0] for one in words} & {"C", "M"}
    assert not set(words) & set('"`\n')


def test_words_survive_the_text_of_a_recipe() -> None:
    recipe = make_recipe(text="100 % of 7 = é%20", source="dark")
    line = format_recipe(recipe)
    assert " source=dark text=100%20%25%20of%207%20=%20é%2520 " in f"{line} "
    assert parse_recipe(line) == recipe
    with pytest.raises(RecipeError, match="cannot write"):
        parse_recipe(line.replace("text=", "text=%00"))


def test_noise_has_defaults_of_its_own() -> None:
    recipe = resolved(source="noise")
    assert (recipe.source, recipe.width, recipe.height) == ("noise", 512, 512)
    assert recipe.in_words() == "layer:mixed4+mixed5*0.5+mixed6*0.5 source:noise intensity:9 seed:5"
    assert not recipe.needs_source


def test_noise_in_other_looks() -> None:
    assert resolved(source="noise", preset="giger").in_words() == (
        "preset:giger model:faces layer:s64_1 source:noise intensity:9 seed:5"
    )
    assert (
        resolved(source="noise", layer="mixed3", intensity=4).in_words()
        == "layer:mixed3 source:noise intensity:4 seed:5"
    )
    # A picture would be ignored.
    assert resolved(PICTURE, source="noise") == resolved(source="noise")
    small = resolved(source="noise", max_pixels=10_000)
    assert (small.width, small.height) == (100, 100)


def test_words_without_a_picture_come_out_of_the_dark() -> None:
    recipe = resolved(text="HE COMES")
    assert (recipe.source, recipe.width, recipe.height) == ("dark", 512, 384)
    assert recipe.in_words() == ('preset:giger model:faces layer:s64_1 text:"HE COMES" intensity:7 seed:5')
    assert not recipe.needs_source
    assert resolved(text="HE COMES", preset="watchers").preset == "watchers"


def test_words_on_a_picture() -> None:
    recipe = resolved(PICTURE, text="HE COMES", layer="mixed4")
    assert (recipe.source, recipe.text, recipe.width) == ("picture", "HE COMES", 640)
    assert recipe.needs_source
    assert resolved(PICTURE, text="HE COMES").preset == "eyes"
    moving = resolved(SourceFacts(640, 480, frames=5, fps=10.0), text="HE COMES")
    assert (moving.kind, moving.text) == ("video", "HE COMES")


@pytest.mark.parametrize(
    ("options", "needs", "can"),
    [
        ({}, True, True),
        ({"source": "picture"}, True, True),
        ({"source": "noise"}, False, False),
        ({"text": "HE COMES"}, False, True),
        ({"text": "HE COMES", "source": "picture"}, True, True),
        ({"text": "HE COMES", "source": "noise"}, False, False),
    ],
)
def test_which_requests_need_a_picture(options: dict[str, str], needs: bool, can: bool) -> None:
    request = DreamRequest.of(**options)
    assert (needs_source(request), can_use_source(request)) == (needs, can)
    if needs:
        with pytest.raises(RecipeError, match="needs a picture"):
            resolved(**options)
    else:
        repeat = RepeatRequest(recipe=resolved(**options))
        assert (needs_source(repeat), can_use_source(repeat)) == (False, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"hellscape": {"frames": 9}, "text": "A"},
        {"hellscape": {"frames": 9}, "source": "noise"},
        {"parametrisation": "fourier", "text": "A"},
        {"parametrisation": "fourier", "source": "noise"},
        {"moving": {"frames": 9}, "source": "noise"},
    ],
)
def test_only_stills_start_from_noise_and_only_dreams_have_words(changes: dict[str, object]) -> None:
    with pytest.raises(RecipeError):
        Recipe.checked({**make_recipe().model_dump(), **changes})
