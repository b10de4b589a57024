"""Pasted recipes, and the guide images that they do not contain."""

import pytest

from dreambot.bot.requests.messages import parse_message, parse_pasted, require_guide
from dreambot.errors import UserError
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import format_recipe
from tests.support.recipes import make_recipe

GUIDED = make_recipe(guide={"sha256": "0" * 64})


@pytest.mark.parametrize("wrapping", ["{}", "`{}`", "```\n{}\n```", "```json\n{}```", "  {}\n"])
@pytest.mark.parametrize(
    "text", [make_recipe().to_json(), format_recipe(make_recipe())], ids=["json", "line"]
)
def test_copies_of_recipes(text: str, wrapping: str) -> None:
    assert parse_pasted(wrapping.replace("{}", text)) == RepeatRequest(recipe=make_recipe())


@pytest.mark.parametrize("text", ["", "hello", "{", '{"version":1,"owner":"Ada"}', "dream1.2 x", "[" * 9000])
def test_texts_that_are_no_recipe_are_reported(text: str) -> None:
    with pytest.raises(UserError):
        parse_pasted(text)


def test_a_guide_must_be_given_again() -> None:
    with pytest.raises(UserError, match="guide"):
        require_guide(GUIDED, guide=False)
    require_guide(GUIDED, guide=True)


def test_an_unused_guide_is_refused() -> None:
    with pytest.raises(UserError, match="second picture"):
        require_guide(make_recipe(), guide=True)
    require_guide(make_recipe(), guide=False)


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
def test_the_text_below_a_result(text: str, meant: Request, around: str) -> None:
    pasted = around.replace("{}", text.strip("`"))
    assert parse_pasted(pasted) == parse_message(pasted) == meant


@pytest.mark.parametrize("recipe", [make_recipe().to_json(), format_recipe(make_recipe())])
@pytest.mark.parametrize(
    "around",
    ["<@1> {}", "Paste this after `/dream recipe:` to dream so.\n```\n{}\n```", "here: `{}` enjoy"],
)
def test_a_recipe_with_surrounding_text(recipe: str, around: str) -> None:
    assert parse_message(around.replace("{}", recipe)) == RepeatRequest(recipe=make_recipe())


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
    assert parse_message(f"<@1> {text}") == parse_pasted(text) == meant


def test_texts_with_a_guide_option() -> None:
    assert parse_pasted("layer:mixed4 guide:match seed:1", guide=True) == DreamRequest(layer="mixed4", seed=1)
    styled = parse_pasted("model:vgg16 layer:conv4_1 guide:style seed:1", guide=True)
    assert isinstance(styled, DreamRequest)
    assert styled.guide_as == "style"
    with pytest.raises(UserError, match="second picture"):
        parse_pasted("layer:mixed4 guide:match seed:1")
