"""Recipes that people paste, and the second pictures that they do not carry."""

import pytest

from dreambot.chat.asking.pasted import read_pasted, read_words, require_guide
from dreambot.errors import UserError
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import format_recipe
from dreambot.recipe.wishes import Request
from tests.support.recipes import some_recipe

GUIDED = some_recipe(guide={"sha256": "0" * 64})


@pytest.mark.parametrize("wrapping", ["{}", "`{}`", "```\n{}\n```", "```json\n{}```", "  {}\n"])
@pytest.mark.parametrize(
    "text", [some_recipe().to_json(), format_recipe(some_recipe())], ids=["json", "line"]
)
def test_however_it_was_copied(text: str, wrapping: str) -> None:
    assert read_pasted(wrapping.replace("{}", text)) == RepeatRequest(recipe=some_recipe())


@pytest.mark.parametrize("text", ["", "hello", "{", '{"version":1,"owner":"Ada"}', "dream1.2 x", "[" * 9000])
def test_what_is_none_is_said_in_words(text: str) -> None:
    with pytest.raises(UserError):
        read_pasted(text)


def test_a_guide_must_be_given_again() -> None:
    with pytest.raises(UserError, match="guide"):
        require_guide(GUIDED, guide=False)
    require_guide(GUIDED, guide=True)


def test_a_guide_that_nothing_looks_at() -> None:
    with pytest.raises(UserError, match="second picture"):
        require_guide(some_recipe(), guide=True)
    require_guide(some_recipe(), guide=False)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("layer:mixed4[68,47] intensity:9 seed:3", DreamRequest(layer="mixed4[68,47]", intensity=9, seed=3)),
        ("/dream preset:dogs seed:3", DreamRequest(preset="dogs", seed=3)),
        (
            "`/summon what:golden retriever*2 + goldfish intensity:6 seed:3`",
            SummonRequest(classes="golden retriever*2 + goldfish", intensity=6, seed=3),
        ),
        (
            "/hellscape layers:mixed3 > mixed5 intensity:5 seed:2 seconds:2",
            HellscapeRequest(layer="mixed3 > mixed5", intensity=5, seed=2, seconds=2),
        ),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<@1> {}",
        "The dogs have noticed you.\n-# {}",
        "T\u0301h\u0337e dogs\n-# The dogs have noticed you. · `{}`\n-# 🔊 Louder · <@12345678901234567>",
        "The dogs\nThe dogs have noticed you. · {}\nLouder · @ann",
        "```\n{}\n```",
    ],
)
def test_the_words_beneath_a_result(text: str, meant: Request, around: str) -> None:
    pasted = around.replace("{}", text.strip("`"))
    assert read_pasted(pasted) == read_words(pasted) == meant


@pytest.mark.parametrize("recipe", [some_recipe().to_json(), format_recipe(some_recipe())])
@pytest.mark.parametrize(
    "around",
    ["<@1> {}", "Paste this after `/dream recipe:` to dream so.\n```\n{}\n```", "here: `{}` enjoy"],
)
def test_a_recipe_with_words_around_it(recipe: str, around: str) -> None:
    assert read_words(around.replace("{}", recipe)) == RepeatRequest(recipe=some_recipe())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/dream mixed4 9", DreamRequest(layer="mixed4", intensity=9)),
        ("layer mixed4", DreamRequest(layer="mixed4")),
        ("summon jellyfish", SummonRequest(classes="jellyfish")),
        ("/summon jack-o'-lantern, intensity = 9", SummonRequest(classes="jack-o'-lantern", intensity=9)),
        ("/Hellscape mixed3 > mixed5 seconds 2", HellscapeRequest(layer="mixed3 > mixed5", seconds=2)),
        ("/hellscape layer:mixed3 > mixed5 seconds:2", HellscapeRequest(layer="mixed3 > mixed5", seconds=2)),
        ("/hellscape layers:mixed3 > mixed5 seconds:2", HellscapeRequest(layer="mixed3 > mixed5", seconds=2)),
        ("hellscape start:fog", HellscapeRequest(start="smooth")),
        ("hellscape start:smooth", HellscapeRequest(start="smooth")),
    ],
)
def test_commands_written_by_hand(text: str, meant: Request) -> None:
    assert read_words(f"<@1> {text}") == read_pasted(text) == meant


def test_words_that_name_a_guide() -> None:
    assert read_pasted("layer:mixed4 guide:match seed:1", guide=True) == DreamRequest(layer="mixed4", seed=1)
    with pytest.raises(UserError, match="second picture"):
        read_pasted("layer:mixed4 guide:match seed:1")
