"""Dreams on one image, octave by octave and step by step.

The method is that of google/deepdream (Mordvintsev, Olah, Tyka, "Inceptionism", 2015): gradient ascent on the
activations of a layer at a small size first; the detail added there is upsampled and added to the next size,
where the ascent continues.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.images import render_preview, resize, to_rgb, to_tensor
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Progress
from dreambot.engine.step import AscentStep, build_step
from dreambot.errors import DreambotError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


class Stopped(DreambotError):
    """The stop predicate said so."""


def never_stop() -> bool:
    """The stop predicate of a dream that nobody stops."""
    return False


def dream(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress, None, Pixels]:
    """Dreams on a picture; yields after every step and returns the dream.

    The result is (recipe.height, recipe.width, 3) uint8. `stop` is asked between steps; when it says True,
    `Stopped` is raised. The same network, picture and recipe give the same pixels on the same device and
    thread count.
    """
    if inputs.source is None:
        raise ValueError("there is no picture to dream on")
    source = resize(to_tensor(inputs.source, network.device), recipe.width, recipe.height).clamp_(-1, 1)
    climb = build_step(bend_network(network, recipe.bends, recipe.seed), recipe, source, inputs)
    # Python's generator gives the same numbers on every device, torch's does not.
    picture = yield from dream_octaves(climb, source, random.Random(recipe.seed), stop)
    return to_rgb(postprocess(picture, source, recipe, climb.mask))


def dream_octaves(
    climb: AscentStep,
    source: Tensor,
    rng: random.Random,
    stop: Callable[[], bool],
    close_to: Tensor | None = None,
) -> Generator[Progress, None, Tensor]:
    """The source, (1, 3, H, W) in [-1, 1], dreamed octave by octave; the same shape.

    Of octaves above the picture's size, what they added is brought back down to it. close_to: what recipes
    with closeness keep close to, where that is not the source.
    """
    recipe, sizes = climb.recipe, climb.recipe.sizes
    work_in_all = sum(width * height for width, height in sizes) * recipe.steps
    done = 0
    picture = detail = torch.zeros_like(source[..., :1, :1])
    for octave, (width, height) in enumerate(sizes, start=1):
        base = resize(source, width, height)
        picture = (base + resize(detail, width, height)).clamp_(-1, 1)
        here = climb.over(base if close_to is None else resize(close_to, width, height))
        for step in range(1, recipe.steps + 1):
            if stop():
                raise Stopped("the dream was stopped")
            picture, reached = here.step(picture, recipe.step_at(step - 1), rng)
            done += width * height
            yield Progress(
                done / work_in_all,
                octave,
                len(sizes),
                step,
                recipe.steps,
                reached,
                render_preview=partial(render_preview, picture),
            )
        detail = picture - base
    if picture.shape == source.shape:
        return picture
    height, width = source.shape[-2:]
    return (source + resize(detail, width, height)).clamp_(-1, 1)


def rescale_progress(
    steps: Generator[Progress, None, Tensor], begin: float, end: float
) -> Generator[Progress, None, Tensor]:
    """The same steps and result, their fractions from `begin` to `end` of a larger whole."""
    while True:
        try:
            step = next(steps)
        except StopIteration as done:
            picture: Tensor = done.value
            return picture
        yield replace(step, fraction=begin + step.fraction * (end - begin))
