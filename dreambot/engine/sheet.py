"""Dreams the four small images of a sheet, one after the other."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial

import torch

from dreambot.engine.dream import dream, never_stop
from dreambot.engine.images import resize, to_rgb, to_tensor
from dreambot.engine.progress import Progress
from dreambot.engine.source import source_image
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.media.sheet import join_sheet
from dreambot.recipe.recipe import SheetRecipe
from dreambot.zoo.network import Network


def dream_sheet(
    network: Network, inputs: DreamInputs, recipe: SheetRecipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress, None, Pixels]:
    """Dreams a sheet.

    Args:
        network: Network whose activations are maximised.
        inputs: Source image, guide and mask, as far as the recipe needs them.
        recipe: Recipe of a sheet.
        stop: Stop predicate, called before every step.

    Yields:
        The progress of the sheet after every step. Previews show the source where nothing is dreamed yet.

    Returns:
        The sheet, as of `join_sheet`.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide or mask.
        ValueError: The recipe needs a source and there is none.
    """
    looks = recipe.small
    images = [to_rgb(source_image(inputs.source, look, network.device)) for look in looks]
    total_work = sum(look.pixel_steps for look in looks)
    octaves = sum(len(look.sizes) for look in looks)
    work_done = octaves_done = 0
    for number, look in enumerate(looks):
        steps = dream(network, inputs, look, stop)
        while True:
            try:
                progress = next(steps)
            except StopIteration as finished:
                images[number] = finished.value
                break
            yield replace(
                progress,
                fraction=(work_done + progress.fraction * look.pixel_steps) / total_work,
                octave=octaves_done + progress.octave,
                octaves=octaves,
                render_preview=partial(_render_preview, images, number, progress.render_preview),
            )
        work_done += look.pixel_steps
        octaves_done += len(look.sizes)
    return join_sheet(images)


def _render_preview(
    images: Sequence[Pixels], current: int, render: Callable[..., Pixels] | None, side: int = 320
) -> Pixels:
    """A small sheet of these images, of which the current one is replaced by the state of its dream."""
    height, width = images[0].shape[:2]
    scale = min(1.0, side / 2 / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    states = [render(side) if render and number == current else image for number, image in enumerate(images)]
    return join_sheet([to_rgb(resize(to_tensor(state, torch.device("cpu")), *size)) for state in states])
