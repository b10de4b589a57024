"""Completing a layer while it is typed."""

from hypothesis import given
from hypothesis import strategies as st

from dreambot.chat.completion import complete_layer


def test_nothing_typed_offers_layers_with_what_they_look_like() -> None:
    offered = {value: shown for shown, value in complete_layer("")}
    assert "mixed5" in offered
    assert "dogs" in offered["mixed5"]
    assert "conv0" not in offered


def test_the_last_term_of_a_mix_is_completed() -> None:
    values = [value for _, value in complete_layer("mixed3*0.5+mixed4")]
    assert values == ["mixed3*0.5+mixed4"]
    assert "mixed3" not in [value.partition("+")[2] for _, value in complete_layer("mixed3+")]


def test_looks_and_aliases_find_layers() -> None:
    assert "mixed5" in [value for _, value in complete_layer("dogs")]
    assert [value for _, value in complete_layer("Mixed_6c")] == ["mixed5"]


def test_weights_and_channels_are_left_as_typed() -> None:
    assert complete_layer("mixed4[68,47") == [("mixed4[68,47", "mixed4[68,47")]


@given(st.text(max_size=6000))
def test_always_what_discord_takes(typed: str) -> None:
    pairs = complete_layer(typed)
    assert len(pairs) <= 25
    assert all(1 <= len(shown) <= 100 and 1 <= len(value) <= 100 for shown, value in pairs)
