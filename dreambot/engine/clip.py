"""Shows how a still dream or a summon comes about: a looping clip, made of the pictures after its steps."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch

from dreambot.engine.dream import Stopped, dream, never_stop
from dreambot.engine.images import render_preview, to_tensor
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.source import source_image
from dreambot.engine.summon import summon
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.clip import CLIP, MAX_CLIP_SIDE
from dreambot.zoo.network import Network

_MAX_PICTURES = 48
"""Pictures that are kept, evenly spaced over the steps; they stay in memory until the dream is done."""
_DREAM_FRACTION = 0.95
"""Share of the progress before the first frame."""


def dream_clip(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
    """Dreams a still, and returns the frames of a clip from its source to the dream and back.

    The dream is pixel for pixel that of the same recipe without a format.

    Args:
        network: Network whose activations are maximised.
        inputs: Source image, guide and mask, as far as the recipe needs them.
        recipe: Recipe of a clip.
        stop: Stop predicate, called before every step and every frame.

    Yields:
        The progress after every step, then the frames of `CLIP`, with at most `MAX_CLIP_SIDE`.

    Returns:
        The dream, `[recipe.height, recipe.width, 3]` uint8.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide or mask.
        ValueError: The recipe needs a source and there is none.
    """
    side = MAX_CLIP_SIDE["mp4" if recipe.format == "mp4" else "gif"]
    emerges = recipe.parametrisation == "fourier"
    steps = (summon if emerges else dream)(network, inputs, recipe, stop)
    pictures: list[Pixels] = []
    if not emerges:
        # Words and the other postprocessing come with the steps.
        plain = recipe.model_copy(update={"text": None})
        pictures.append(render_preview(source_image(inputs.source, plain, network.device), side))
    number, count = 0, sum(recipe.steps_by_octave)
    kept = {round(count * n / _MAX_PICTURES) for n in range(1, _MAX_PICTURES)}
    while True:
        try:
            progress = next(steps)
        except StopIteration as finished:
            rgb: Pixels = finished.value
            break
        number += 1
        if number in kept and number < count and progress.render_picture:
            pictures.append(progress.render_picture(number / count, side))
        yield replace(progress, fraction=progress.fraction * _DREAM_FRACTION)
    pictures.append(render_preview(to_tensor(rgb, torch.device("cpu")), side))
    for index, frame in enumerate(_frames(pictures)):
        if stop():
            raise Stopped("the dream was stopped")
        yield Frame(index, len(CLIP), frame)
    return rgb


def _frames(pictures: Sequence[Pixels]) -> Iterator[Pixels]:
    """Yields the frames of `CLIP`, between the pictures, so that they change at an even pace.

    The steps change small octaves and the start of each octave most.
    """
    changes = [_visible_change(before, after) for before, after in pairwise(pictures)]
    reached = np.concatenate([[0.0], np.cumsum(changes)])
    for progress, _ in CLIP:
        at = float(np.interp(progress * reached[-1], reached, np.arange(len(reached))))
        if progress == 1:
            at = len(pictures) - 1.0
        before = min(int(at), len(pictures) - 1)
        after = min(before + 1, len(pictures) - 1)
        yield _blend(pictures[before], pictures[after], at - before)


def _visible_change(before: Pixels, after: Pixels) -> float:
    difference = after[::4, ::4].astype(np.int16) - before[::4, ::4]
    return float(np.sqrt(np.square(difference, dtype=np.float32).mean())) + 1e-3


def _blend(before: Pixels, after: Pixels, share: float) -> Pixels:
    if share <= 0:
        return before
    blended = before.astype(np.float32)
    blended += share * (after.astype(np.float32) - blended)
    return blended.round().astype(np.uint8)
