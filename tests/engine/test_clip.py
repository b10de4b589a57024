"""Clips of how a still comes about, on a tiny network."""

import numpy as np
import pytest
from skimage import data

from dreambot.engine.clip import dream_clip
from dreambot.engine.dream import Stopped
from dreambot.engine.images import resize, to_rgb, to_tensor
from dreambot.engine.progress import Frame, Progress
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.clip import CLIP, MAX_CLIP_SIDE
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

NETWORK = tiny_network()
PHOTO = data.astronaut()[::3, ::3]
SIZE = {"width": 160, "height": 150}
DREAM_INDEX = next(index for index, frame in enumerate(CLIP) if frame.progress == 1)


def run(recipe: Recipe) -> tuple[list[Progress], list[Pixels], Pixels]:
    steps: list[Progress] = []
    frames: list[Pixels] = []
    running = dream_clip(NETWORK, DreamInputs(PHOTO), recipe)
    while True:
        try:
            event = next(running)
        except StopIteration as end:
            return steps, frames, end.value
        if isinstance(event, Frame):
            assert (event.index, event.frames) == (len(frames), len(CLIP))
            frames.append(event.rgb)
        else:
            assert not frames
            steps.append(event)


def difference(a: Pixels, b: Pixels) -> float:
    return float(np.abs(a.astype(float) - b).mean())


@pytest.mark.parametrize("look", [{}, {"tone": "bone", "light": 1.0}, {"octaves_above": 1}, {"text": "HI"}])
def test_a_clip_grows_from_the_source_to_the_dream_and_back(look: dict[str, object]) -> None:
    recipe = tiny_recipe(format="gif", **SIZE, **look)
    steps, frames, last = run(recipe)
    still = dreamed(NETWORK, DreamInputs(PHOTO), tiny_recipe(**SIZE, **look))
    assert np.array_equal(last, still)
    assert np.array_equal(frames[DREAM_INDEX], still)
    source = to_rgb(resize(to_tensor(PHOTO, NETWORK.device), recipe.width, recipe.height))
    assert np.array_equal(frames[0], source)
    whole = difference(source, still)
    # No jump anywhere, the end of the loop included.
    changes = [difference(frame, frames[index - 1]) for index, frame in enumerate(frames)]
    assert max(changes) < 0.35 * whole
    distances = [difference(frame, still) for frame in frames[: DREAM_INDEX + 1]]
    assert distances == sorted(distances, reverse=True)
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
    assert steps[-1].fraction < 1


def test_a_clip_shows_the_steps_and_not_a_cross_fade() -> None:
    recipe = tiny_recipe(format="gif", steps=16, **SIZE)
    _, frames, still = run(recipe)
    middle = frames[DREAM_INDEX // 2].astype(float)
    source, dream = frames[0].astype(float), still.astype(float)
    span = dream - source
    share = float((span * (middle - source)).sum() / np.square(span).sum())
    faded = source + share * span
    assert np.abs(middle - faded).mean() > 0.1 * np.abs(span).mean()


def test_frames_are_small_enough_for_their_format() -> None:
    recipe = tiny_recipe(format="gif", octaves=1, steps=1, width=600, height=300)
    _, frames, last = run(recipe)
    assert {frame.shape for frame in frames} == {(240, MAX_CLIP_SIDE["gif"], 3)}
    assert last.shape == (300, 600, 3)


def test_a_clip_can_be_stopped_between_frames() -> None:
    recipe = tiny_recipe(format="mp4", octaves=1, steps=1, **SIZE)
    shown: list[Frame] = []
    running = dream_clip(NETWORK, DreamInputs(PHOTO), recipe, lambda: len(shown) == 2)
    with pytest.raises(Stopped):
        shown += (event for event in running if isinstance(event, Frame))


def test_a_loop_lasts_three_to_four_seconds() -> None:
    assert 3000 <= sum(frame.ms for frame in CLIP) <= 4000
    assert max(frame.ms for frame in CLIP) == CLIP[DREAM_INDEX].ms
    # Units of GIF.
    assert all(frame.ms % 10 == 0 for frame in CLIP)
