"""Several dreams in one batch.

The first octaves of an image are too small to fill a fast device, and even the last one leaves it
waiting for memory. Images whose recipes have the same batch key go through the network together; each
keeps its own jitter and step lengths.
"""

import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import SupportsFloat

import torch
from torch import Tensor

from dreambot.engine.cuda.graphs import graph_cache_for
from dreambot.engine.cuda.step import step_config_for
from dreambot.engine.dream import Stopped, never_stop
from dreambot.engine.images import add_clouds, render_preview, resize, to_rgb
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Progress
from dreambot.engine.source import source_image
from dreambot.engine.transforms import random_transform
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.fast_paths import batch_key
from dreambot.zoo.network import StagedNetwork

BatchProgress = dict[int, Progress]
"""Progress by the number of the dream."""


def dream_batch(
    network: StagedNetwork,
    inputs: Sequence[DreamInputs],
    recipes: Sequence[Recipe],
    stop: Callable[[], bool] = never_stop,
) -> Generator[BatchProgress, None, list[Pixels]]:
    """Dreams on several images at once.

    Args:
        network: Network whose activations are maximised.
        inputs: Source of each dream.
        recipes: Recipe of each dream; all have the same `batch_key`.
        stop: Stop predicate, called before every step.

    Yields:
        The progress of all dreams after every step.

    Returns:
        The dreams in the order of the recipes, `[height, width, 3]` uint8.

    Raises:
        Stopped: The stop predicate returned True.
        ValueError: The dreams cannot share a batch, or a source is missing.
    """
    batch = Batch(network)
    numbers = [batch.join(one, recipe) for one, recipe in zip(inputs, recipes, strict=True)]
    done: dict[int, Pixels] = {}
    while batch.dreams:
        done |= yield from batch.octave(stop)
    return [done[number] for number in numbers]


class Batch:
    """Dreams with one `batch_key` that run together, and that others can join between octaves.

    Only images of the same octave have the same size. Dreams that join later catch up: the first octaves
    are a small part of the work, so dreams that have done them wait for the others.
    """

    def __init__(self, network: StagedNetwork) -> None:
        """Creates an empty batch.

        Args:
            network: Network whose activations are maximised.
        """
        self._network = network
        self._dreams: dict[int, _BatchedDream] = {}
        self._last_number = 0

    @property
    def dreams(self) -> int:
        """Number of unfinished dreams."""
        return len(self._dreams)

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """Adds a dream, which starts with the next octave.

        Args:
            inputs: Source of the dream.
            recipe: Recipe of the dream.

        Returns:
            The number of the dream in this batch.

        Raises:
            ValueError: The dream has another batch key or none, or lacks its source.
        """
        key = batch_key(recipe)
        if key is None or any(batch_key(dream.recipe) != key for dream in self._dreams.values()):
            raise ValueError("the dream cannot be part of this batch")
        source = source_image(inputs.source, recipe, self._network.device)
        empty = torch.zeros_like(source[..., :1, :1])
        self._last_number += 1
        self._dreams[self._last_number] = _BatchedDream(
            recipe, source, random.Random(recipe.seed), 0, empty, empty
        )
        return self._last_number

    def leave(self, number: int) -> None:
        """Removes an unfinished dream, between two octaves.

        Args:
            number: Number of the dream.

        Raises:
            KeyError: The dream is finished or was removed.
        """
        del self._dreams[number]

    def octave(
        self, stop: Callable[[], bool] = never_stop
    ) -> Generator[BatchProgress, None, dict[int, Pixels]]:
        """Runs one octave of the dreams that have done the fewest octaves.

        Args:
            stop: Stop predicate, called before every step.

        Yields:
            The progress of these dreams after every step.

        Returns:
            The dreams that this octave finished, by number.

        Raises:
            Stopped: The stop predicate returned True.
        """
        lowest = min(dream.octave for dream in self._dreams.values())
        active = {number: dream for number, dream in self._dreams.items() if dream.octave == lowest}
        for dream in active.values():
            dream.begin_octave()
        # The same for all: it follows from what dreams of a batch have in common.
        steps = next(iter(active.values())).steps
        for step in range(1, steps + 1):
            if stop():
                raise Stopped("the dreams were stopped")
            values = self._step(list(active.values()), step, steps)
            yield {
                number: dream.progress(step, value)
                for (number, dream), value in zip(active.items(), values, strict=True)
            }
        done = {number: dream.result() for number, dream in active.items() if dream.is_finished()}
        for number in done:
            del self._dreams[number]
        return done

    def _step(self, dreams: Sequence["_BatchedDream"], step: int, steps: int) -> Sequence[SupportsFloat]:
        recipe = dreams[0].recipe
        config = step_config_for(recipe, recipe.layers)
        assert config is not None
        images = torch.cat([dream.image for dream in dreams])
        height, width = images.shape[-2:]
        offsets = [
            random_transform(dream.recipe, width, height, dream.rng).offset(dream.image) for dream in dreams
        ]
        lengths = [dream.recipe.step_at(step - 1, steps) for dream in dreams]
        stepped, values = graph_cache_for(self._network).run(self._network, config, images, offsets, lengths)
        for dream, image in zip(dreams, stepped.split_with_sizes([1] * len(dreams)), strict=True):
            dream.image = image
        return values


@dataclass
class _BatchedDream:
    """An unfinished dream.

    Attributes:
        octave: Number of octaves that were started.
        image: Image after the last step.
        base: Source at the size of the last octave.
        work_done: Pixels × steps so far.
    """

    recipe: Recipe
    source: Tensor
    rng: random.Random
    octave: int
    image: Tensor
    base: Tensor
    work_done: int = 0

    def begin_octave(self) -> None:
        width, height = self.recipe.sizes[self.octave]
        detail = self.image - self.base
        self.base = resize(self.source, width, height)
        self.image = (self.base + resize(detail, width, height)).clamp_(-1, 1)
        if self.octave == 0 and self.recipe.clouds:
            self.image = add_clouds(self.image, self.recipe.clouds, self.recipe.seed)
        self.octave += 1

    @property
    def steps(self) -> int:
        """The steps of the octave that was started last."""
        return self.recipe.steps_by_octave[self.octave - 1]

    def is_finished(self) -> bool:
        return self.octave == len(self.recipe.sizes)

    def result(self) -> Pixels:
        image = self.image
        if image.shape != self.source.shape:
            height, width = self.source.shape[-2:]
            image = (self.source + resize(image - self.base, width, height)).clamp_(-1, 1)
        return to_rgb(postprocess(image, self.source, self.recipe))

    def progress(self, step: int, objective_value: SupportsFloat) -> Progress:
        """Counts a step and returns the progress after it."""
        recipe = self.recipe
        width, height = recipe.sizes[self.octave - 1]
        self.work_done += width * height
        return Progress(
            self.work_done / recipe.pixel_steps,
            self.octave,
            len(recipe.sizes),
            step,
            self.steps,
            objective_value,
            render_preview=partial(render_preview, self.image),
        )
