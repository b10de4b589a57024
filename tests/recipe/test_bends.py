"""Bend expressions as users type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dreambot.recipe import LAYERS, BendTerm, RecipeError
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import check_upstream, format_bends, parse_bends
from tests.recipe.strategies import bends
from tests.support.recipes import make_recipe

NAMES = [layer.name for layer in LAYERS["inception_v3"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("swap@mixed1=0.3+cut@mixed2=0.6", [("swap", "mixed1", 0.3), ("cut", "mixed2", 0.6)]),
        (" Swap @ Mixed_5c = .3 ", [("swap", "mixed1", 0.3)]),
        ("cut@conv4", [("cut", "conv4", 0.6)]),
        ("shift@conv4", [("shift", "conv4", 16)]),
        ("shift@mixed0=12", [("shift", "mixed0", 12)]),
        ("fold@mixed0=2.+fold@mixed0=1", [("fold", "mixed0", 2), ("fold", "mixed0", 1)]),
    ],
)
def test_reads_what_people_type(text: str, expected: list[tuple[str, str, float]]) -> None:
    assert [(bend.kind, bend.layer, bend.amount) for bend in parse_bends(text)] == expected


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("", 0, "such as swap@mixed1=0.3"),
        ("swop@mixed1", 0, "did you mean swap"),
        ("zzz@mixed1", 0, "choose cut, solo"),
        ("swap", 4, "@"),
        ("swap@", 5, "layer name"),
        ("swap@mixd1", 5, "mixed1"),
        ("swap@mixed1=", 12, "amount such as 0.57"),
        ("swap@mixed1=-1", 12, "amount"),
        ("swap@mixed1=1.5", 12, "0 to 1 (share of the channels)"),
        ("solo@mixed1=0", 12, "0.002 to 1"),
        ("shift@mixed1=2.5", 13, "whole number"),
        ("swap@mixed1=0.3 cut", 16, "+"),
        ("swap@mixed1=0.3+", 16, "Expected a bend"),
        ("+".join(["cut@conv4"] * 9), 79, "At most 8"),
    ],
)
def test_errors_point_at_the_character(text: str, at: int, word: str) -> None:
    with pytest.raises(RecipeError) as caught:
        parse_bends(text)
    message, shown, caret = str(caught.value).split("\n")
    assert word in message
    assert shown.strip() == text.strip()
    assert caret.index("^") - 4 == at


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_kindly(text: str) -> None:
    with contextlib.suppress(RecipeError):
        assert parse_bends(text)


@given(st.lists(bends(NAMES), min_size=1, max_size=8).map(tuple))
def test_canonical_text_reads_back_the_same(mix: tuple[BendTerm, ...]) -> None:
    assert parse_bends(format_bends(mix)) == mix


def test_endless_text_is_not_read() -> None:
    with pytest.raises(RecipeError, match="at most 400"):
        parse_bends("cut@conv4+" * 100_000)


@pytest.mark.parametrize("kind", BENDS)
def test_an_amount_left_out_lies_between_mild_and_wild(kind: str) -> None:
    (bend,) = parse_bends(f"{kind}@mixed0")
    known = BENDS[kind]
    assert min(known.mild, known.wild) < bend.amount < max(known.mild, known.wild)


def test_strangers_recipes_keep_to_the_same_amounts() -> None:
    with pytest.raises(ValidationError, match=r"cut takes 0 to 0\.99"):
        BendTerm(kind="cut", layer="mixed1", amount=3)


def test_a_bend_behind_the_dream_is_refused() -> None:
    bend = parse_bends("cut@mixed6")
    check_upstream(bend, ["mixed4", "mixed6"], "inception_v3")
    with pytest.raises(RecipeError, match="Bend an earlier layer, or dream a deeper one"):
        check_upstream(bend, ["mixed4", "mixed5"], "inception_v3")
    with pytest.raises(ValidationError, match="Bend an earlier layer"):
        make_recipe(bends=bend)


def test_what_leads_nowhere_is_not_bent() -> None:
    with pytest.raises(RecipeError, match="a bend there changes nothing"):
        parse_bends("cut@classes", "mobilenet_v2")
    term = BendTerm(kind="cut", layer="conv4_1_pre", amount=0.5)
    with pytest.raises(RecipeError, match="a bend there changes nothing"):
        check_upstream([term], ["conv4_3"], "vgg16")
