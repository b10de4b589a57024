"""Several dreams in one batch.

The first octaves of an image are too small to fill a fast device, and even the last one leaves it
waiting for memory. Images whose recipes have the same batch key go through the network together; each
keeps its own jitter and step lengths.
"""

import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from dreambot.engine.cuda.graphs import graph_cache_for
from dreambot.engine.cuda.step import step_config_for
from dreambot.engine.dream import Stopped, never_stop
from dreambot.engine.images import render_preview, resize, to_rgb, to_tensor
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Progress
from dreambot.engine.transforms import random_transform
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.recipe import batch_key
from dreambot.zoo.network import StagedNetwork

BatchProgress = dict[int, Progress]
"""By the dreams' numbers."""


def dream_batch(
    network: StagedNetwork,
    inputs: Sequence[DreamInputs],
    recipes: Sequence[Recipe],
    stop: Callable[[], bool] = never_stop,
) -> Generator[BatchProgress, None, list[Pixels]]:
    """Dreams on several pictures at once, whose recipes have the same `batch_key`; yields the steps of all
    after each, and returns the dreams. As `dream` otherwise."""
    batch = Batch(network)
    numbers = [batch.join(one, recipe) for one, recipe in zip(inputs, recipes, strict=True)]
    done: dict[int, Pixels] = {}
    while batch.dreams:
        done |= yield from batch.octave(stop)
    return [done[number] for number in numbers]


@dataclass
class _BatchedDream:
    """A dream under way. octave: how many are done. picture, base: as the last octave left them."""

    recipe: Recipe
    source: Tensor
    rng: random.Random
    octave: int
    picture: Tensor
    base: Tensor
    done: int = 0

    def begin_octave(self) -> None:
        width, height = self.recipe.sizes[self.octave]
        detail = self.picture - self.base
        self.base = resize(self.source, width, height)
        self.picture = (self.base + resize(detail, width, height)).clamp_(-1, 1)
        self.octave += 1

    def over(self) -> bool:
        return self.octave == len(self.recipe.sizes)

    def result(self) -> Pixels:
        picture = self.picture
        if picture.shape != self.source.shape:
            height, width = self.source.shape[-2:]
            picture = (self.source + resize(picture - self.base, width, height)).clamp_(-1, 1)
        return to_rgb(postprocess(picture, self.source, self.recipe))

    def told(self, step: int, reached: float) -> Progress:
        recipe = self.recipe
        width, height = recipe.sizes[self.octave - 1]
        self.done += width * height
        work = recipe.steps * sum(w * h for w, h in recipe.sizes)
        fraction = self.done / work
        return Progress(
            fraction,
            self.octave,
            len(recipe.sizes),
            step,
            recipe.steps,
            reached,
            render_preview=partial(render_preview, self.picture),
        )


class Batch:
    """Dreams of one `batch_key` that go on together, and that others may join.

    Only pictures of the same octave have the same size. Those that come later catch up: the first octaves
    are a small part of the work, so whoever has done them waits for the others.
    """

    def __init__(self, network: StagedNetwork) -> None:
        self._network = network
        self._dreams: dict[int, _BatchedDream] = {}
        self._joined = 0

    @property
    def dreams(self) -> int:
        """How many are under way."""
        return len(self._dreams)

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """Lets a dream join in at the next octave; its number. ValueError if it cannot."""
        key = batch_key(recipe)
        if key is None or any(batch_key(dream.recipe) != key for dream in self._dreams.values()):
            raise ValueError("the dream cannot be part of this batch")
        if inputs.source is None:
            raise ValueError("there is no picture to dream on")
        source = to_tensor(inputs.source, self._network.device)
        source = resize(source, recipe.width, recipe.height).clamp_(-1, 1)
        nothing = torch.zeros_like(source[..., :1, :1])
        self._joined += 1
        self._dreams[self._joined] = _BatchedDream(
            recipe, source, random.Random(recipe.seed), 0, nothing, nothing
        )
        return self._joined

    def leave(self, number: int) -> None:
        """Ends a dream before its time, between two octaves. KeyError if it is over already."""
        del self._dreams[number]

    def octave(
        self, stop: Callable[[], bool] = never_stop
    ) -> Generator[BatchProgress, None, dict[int, Pixels]]:
        """Dreams an octave of those that are least far; yields their steps, and returns, by their numbers,
        what dreams are done with it. `Stopped` when `stop` says so."""
        least = min(dream.octave for dream in self._dreams.values())
        here = {number: dream for number, dream in self._dreams.items() if dream.octave == least}
        for dream in here.values():
            dream.begin_octave()
        steps = next(iter(here.values())).recipe.steps
        for step in range(1, steps + 1):
            if stop():
                raise Stopped("the dreams were stopped")
            reached = self._step(list(here.values()), step)
            yield {
                number: dream.told(step, score)
                for (number, dream), score in zip(here.items(), reached, strict=True)
            }
        done = {number: dream.result() for number, dream in here.items() if dream.over()}
        for number in done:
            del self._dreams[number]
        return done

    def _step(self, dreams: Sequence[_BatchedDream], step: int) -> list[float]:
        recipe = dreams[0].recipe
        kind = step_config_for(recipe, recipe.layers)
        assert kind is not None
        pictures = torch.cat([dream.picture for dream in dreams])
        height, width = pictures.shape[-2:]
        offsets = [
            random_transform(dream.recipe, width, height, dream.rng).offset(dream.picture) for dream in dreams
        ]
        lengths = [dream.recipe.step_at(step - 1) for dream in dreams]
        stepped, reached = graph_cache_for(self._network).run(self._network, kind, pictures, offsets, lengths)
        for dream, picture in zip(dreams, stepped.split_with_sizes([1] * len(dreams)), strict=True):
            dream.picture = picture
        return reached
