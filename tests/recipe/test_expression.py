"""Layer expressions as users type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.recipe import LayerTerm, RecipeError, format_journey, format_layers, parse_journey, parse_layers
from tests.recipe.strategies import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mixed5", [("mixed5", 1, ())]),
        ("mixed3+mixed5", [("mixed3", 1, ()), ("mixed5", 1, ())]),
        (" mixed4 * 1 + mixed5*0.5 ", [("mixed4", 1, ()), ("mixed5", 0.5, ())]),
        ("mixed4[68,47, 728]", [("mixed4", 1, (68, 47, 728))]),
        ("-mixed4", [("mixed4", -1, ())]),
        ("mixed5-mixed3*.25", [("mixed5", 1, ()), ("mixed3", -0.25, ())]),
        ("-mixed4-mixed5", [("mixed4", -1, ()), ("mixed5", -1, ())]),
        ("Mixed_6c+CONV4", [("mixed5", 1, ()), ("conv4", 1, ())]),
        ("Faces:S64_1[20] + mixed5*2", [("faces:s64_1", 1, (20,)), ("mixed5", 2, ())]),
        ("-vgg16:conv4_2+inception_v3:mixed5", [("vgg16:conv4_2", -1, ()), ("mixed5", 1, ())]),
    ],
)
def test_reads_what_people_type(text: str, expected: list[tuple[str, float, tuple[int, ...]]]) -> None:
    assert [(t.layer, t.weight, t.channels) for t in parse_layers(text)] == expected


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("", 0, "layer name"),
        ("mixd5", 0, "mixed5"),
        ("mixed5+", 7, "layer name"),
        ("mixed5++mixed4", 7, "layer name"),
        ("mixed5*", 7, "weight"),
        ("mixed5*0", 7, "weight"),
        ("mixed5*99", 7, "weight"),
        ("mixed4[68", 9, "]"),
        ("mixed4[]", 7, "channel number"),
        ("mixed4[9999]", 7, "0 to 767"),
        ("mixed5 mixed4", 7, "+"),
        ("mixed5 😀", 7, "+"),
        ("mixed5+fases:s64_1", 7, "faces"),
        ("mixed5+faces:s64_9", 7, "s64_4"),
        ("mixed5+s64_1", 7, "faces:s64_1"),
        ("faces:s64_1[64]", 12, "0 to 63"),
        ("faces:", 0, "no layer called"),
        ("faces: s64_1", 0, "no layer called"),
        ("mixed4[top0]", 7, "strongest 1 to"),
        ("mixed4[top4", 11, "]"),
        ("mixed4 > mixed5", 7, "hellscape"),
        ("+".join(["mixed5"] * 9), 55, "At most 8"),
    ],
)
def test_errors_point_at_the_character(text: str, at: int, word: str) -> None:
    with pytest.raises(RecipeError) as caught:
        parse_layers(text)
    message, shown, caret = str(caught.value).split("\n")
    assert word in message
    assert shown.strip() == text.strip()
    assert caret.index("^") - 4 == at


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_kindly(text: str) -> None:
    with contextlib.suppress(RecipeError):
        assert parse_layers(text)


@given(st.lists(terms, min_size=1, max_size=8).map(tuple))
def test_canonical_text_reads_back_the_same(mix: tuple[LayerTerm, ...]) -> None:
    assert parse_layers(format_layers(mix)) == mix


def test_endless_text_is_not_read() -> None:
    with pytest.raises(RecipeError, match="at most 400"):
        parse_layers("mixed5+" * 100_000)


def test_the_strongest_channels_are_asked_for() -> None:
    assert [term.strongest for term in parse_layers("mixed4[top4]+mixed5[Top16]*0.5")] == [4, 16]


def test_a_journey_goes_from_sum_to_sum() -> None:
    legs = parse_journey("mixed4[68,47] > mixed5+mixed6*.5>mixed4")
    assert [[term.layer for term in leg] for leg in legs] == [["mixed4"], ["mixed5", "mixed6"], ["mixed4"]]
    assert parse_journey(format_journey(legs)) == legs
    with pytest.raises(RecipeError, match="24 stations"):
        parse_journey(">".join(["mixed4"] * 25))
