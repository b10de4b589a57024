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
from dreambot.engine.images import add_clouds, render_preview, resize, to_rgb
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Progress
from dreambot.engine.source import source_image
from dreambot.engine.step import AscentStep, build_step
from dreambot.errors import DreambotError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


class Stopped(DreambotError):
    """The stop predicate returned True."""


def never_stop() -> bool:
    """The stop predicate of a dream that cannot be stopped."""
    return False


def dream(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress, None, Pixels]:
    """Dreams on a still image.

    The same network, source and recipe give the same pixels on the same device with the same number of
    threads. Another number rounds differently: pictures that look the same, but about 30 dB apart.

    Args:
        network: Network whose activations are maximised.
        inputs: Source image, guide and mask, as far as the recipe needs them.
        recipe: Recipe of a still image.
        stop: Stop predicate, called before every step.

    Yields:
        The progress after every step.

    Returns:
        The dream, `[recipe.height, recipe.width, 3]` uint8.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide or mask.
        ValueError: The recipe needs a source and there is none.
    """
    source = source_image(inputs.source, recipe, network.device)
    ascent = build_step(bend_network(network, recipe.bends, recipe.seed), recipe, source, inputs)

    def render_picture(image: Tensor, finished: float, side: int) -> Pixels:
        return render_preview(
            torch.lerp(image, postprocess(image, source, recipe, ascent.mask), finished), side
        )

    # Python's generator gives the same numbers on every device, torch's does not.
    image = yield from dream_octaves(
        ascent, source, random.Random(recipe.seed), stop, render_picture=render_picture
    )
    return to_rgb(postprocess(image, source, recipe, ascent.mask))


def dream_octaves(
    ascent: AscentStep,
    source: Tensor,
    rng: random.Random,
    stop: Callable[[], bool],
    keep_close_to: Tensor | None = None,
    render_picture: Callable[[Tensor, float, int], Pixels] | None = None,
) -> Generator[Progress, None, Tensor]:
    """Runs all octaves of a recipe.

    If octaves are larger than the image, the detail they added is downsampled to the size of the image.

    Args:
        ascent: Ascent step with the recipe.
        source: Image to start from, `[1, 3, height, width]` in [-1, 1].
        rng: Source of the random transforms.
        stop: Stop predicate, called before every step.
        keep_close_to: Image that recipes with `closeness` stay close to, `[1, 3, h, w]`; the source by
            default.
        render_picture: Renders an image of the size of `source`, see `Progress.render_picture`.

    Yields:
        The progress after every step.

    Returns:
        The dreamed image, with the shape and range of `source`.

    Raises:
        Stopped: The stop predicate returned True.
    """
    recipe, sizes = ascent.recipe, ascent.recipe.sizes
    total_work = recipe.pixel_steps
    work_done = 0
    image = detail = torch.zeros_like(source[..., :1, :1])
    for octave, ((width, height), steps) in enumerate(
        zip(sizes, recipe.steps_by_octave, strict=True), start=1
    ):
        base = resize(source, width, height)
        image = (base + resize(detail, width, height)).clamp_(-1, 1)
        octave_ascent = ascent.with_base(
            base if keep_close_to is None else resize(keep_close_to, width, height)
        )
        if octave == 1 and recipe.clouds:
            image = add_clouds(image, recipe.clouds, recipe.seed, octave_ascent.mask)
        for step in range(1, steps + 1):
            if stop():
                raise Stopped("the dream was stopped")
            image, objective_value = octave_ascent.step(image, recipe.step_at(step - 1, steps), rng)
            work_done += width * height
            yield Progress(
                work_done / total_work,
                octave,
                len(sizes),
                step,
                steps,
                objective_value,
                render_preview=partial(render_preview, image),
                render_picture=render_picture
                and partial(_render_octave, render_picture, image, base, source),
            )
        detail = image - base
    return _at_source_size(image, base, source)


def _at_source_size(image: Tensor, base: Tensor, source: Tensor) -> Tensor:
    """Adds the detail of an octave to the source: `image` at the octave's size, `base` the source there."""
    if image.shape == source.shape:
        return image
    height, width = source.shape[-2:]
    return (source + resize(image - base, width, height)).clamp_(-1, 1)


def _render_octave(
    render_picture: Callable[[Tensor, float, int], Pixels],
    image: Tensor,
    base: Tensor,
    source: Tensor,
    finished: float,
    side: int,
) -> Pixels:
    return render_picture(_at_source_size(image, base, source), finished, side)


def rescale_progress(
    steps: Generator[Progress, None, Tensor], start: float, end: float
) -> Generator[Progress, None, Tensor]:
    """Maps the progress of a part of the work to the progress of the whole.

    Args:
        steps: Generator of the part.
        start: Fraction of the whole before the part, 0 to 1.
        end: Fraction of the whole after the part, 0 to 1.

    Yields:
        The progress of `steps`, with fractions from `start` to `end`.

    Returns:
        What `steps` returns.
    """
    while True:
        try:
            progress = next(steps)
        except StopIteration as finished:
            image: Tensor = finished.value
            return image
        yield replace(progress, fraction=start + progress.fraction * (end - start))
