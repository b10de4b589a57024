"""Every kind of recipe runs with its own function."""

from typing import Any

import numpy as np
import pytest

from dreambot.engine.progress import Frame
from dreambot.engine.run import run_recipe
from dreambot.media.picture import DreamInputs
from dreambot.recipe.clip import CLIP
from tests.engine.tiny import tiny_network, tiny_recipe

NETWORK = tiny_network()
STILL = np.full((60, 64, 3), 120, np.uint8)


@pytest.mark.parametrize(
    ("changes", "source", "frames"),
    [
        ({}, STILL, 0),
        ({"parametrisation": "fourier"}, None, 0),
        ({"format": "gif"}, STILL, len(CLIP)),
        ({"parametrisation": "fourier", "format": "mp4"}, None, len(CLIP)),
        ({"moving": {"frames": 3}}, np.stack([STILL] * 3), 3),
        ({"hellscape": {"frames": 4, "first_steps": 1}}, None, 4),
    ],
)
def test_each_kind_of_recipe_runs(changes: dict[str, Any], source: Any, frames: int) -> None:
    running = run_recipe(
        NETWORK, DreamInputs(source), tiny_recipe(width=64, height=60, octaves=1, steps=1, **changes)
    )
    made, last = [], None
    while last is None:
        try:
            event = next(running)
        except StopIteration as end:
            last = end.value
            continue
        if isinstance(event, Frame):
            made.append(event.index)
    assert last.shape == (60, 64, 3)
    assert made == list(range(frames))
