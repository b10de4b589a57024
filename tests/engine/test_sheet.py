"""Sheets of four small dreams."""

import numpy as np
import pytest

from dreambot.engine.dream import Stopped
from dreambot.engine.run import run_recipe
from dreambot.media.picture import DreamInputs
from dreambot.media.sheet import join_sheet
from dreambot.recipe import Recipe
from dreambot.recipe.recipe import SheetRecipe
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

NETWORK = tiny_network()
PHOTO = np.random.default_rng(0).integers(0, 255, (85, 100, 3), np.uint8)


def tiny_sheet() -> SheetRecipe:
    looks = [
        tiny_recipe(seed=seed, octaves=octaves).model_dump() for seed, octaves in enumerate((3, 3, 4, 2))
    ]
    sheet = {"others": looks[1:], "width": 100, "height": 85, "steps": 1.0, "step": 1.4}
    recipe = Recipe.checked(looks[0] | {"sheet": sheet})
    assert isinstance(recipe, SheetRecipe)
    return recipe


def test_a_sheet_shows_the_four_dreams_with_one_progress() -> None:
    recipe = tiny_sheet()
    running = run_recipe(NETWORK, DreamInputs(PHOTO), recipe)
    steps, preview = [], None
    while True:
        try:
            steps.append(next(running))
            preview = steps[-1].render_preview() if preview is None else preview
        except StopIteration as end:
            sheet = end.value
            break
    assert np.array_equal(
        sheet, join_sheet([dreamed(NETWORK, DreamInputs(PHOTO), look) for look in recipe.small])
    )
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(set(fractions))
    assert fractions[-1] == 1
    assert len(fractions) == sum(recipe.steps_by_octave)
    assert (steps[-1].octave, steps[-1].octaves) == (len(recipe.sizes), len(recipe.sizes))
    assert preview.shape == (2 * 85 + 4, 2 * 100 + 4, 3)
    # The last one had not begun.
    assert np.array_equal(preview[-85:, -100:], PHOTO)
    assert not np.array_equal(preview[:85, :100], PHOTO)


def test_a_sheet_can_be_stopped_in_any_of_its_dreams() -> None:
    calls = iter([False] * 10 + [True])
    running = run_recipe(NETWORK, DreamInputs(PHOTO), tiny_sheet(), lambda: next(calls))
    with pytest.raises(Stopped):
        list(running)
