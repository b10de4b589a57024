"""The presets' data file."""

import pytest
from pydantic import ValidationError

from dreambot.recipe import RecipeError
from dreambot.recipe.presets import PRESETS, current_name, find_preset, load_presets

PRESET = {"shows": "eyes", "layers": "mixed4", "steps": 12, "step": 0.03}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": 0}, "step"),
        ({"chrome": 1.0}, "chrome"),
        ({"gradient": "sobel"}, "gradient"),
        ({"name": "Eyes"}, "name"),
        ({"shows": None}, "shows"),
    ],
)
def test_a_wrong_field_in_the_data_file_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        load_presets({"eyes": {**PRESET, **change}})


def test_a_layer_that_the_network_does_not_have_is_refused() -> None:
    with pytest.raises(RecipeError, match="mixed99"):
        load_presets({"eyes": {**PRESET, "layers": "mixed99"}})


def test_the_name_comes_from_the_table() -> None:
    assert load_presets({"eyes": PRESET})["eyes"].name == "eyes"


@pytest.mark.parametrize(("former", "name"), [("plumage", "wool"), ("Glass ", "tartan"), ("dogs", "dogs")])
def test_presets_are_found_by_their_former_names(former: str, name: str) -> None:
    assert current_name(former) == name
    assert find_preset(former) is PRESETS[name]
