"""One step of a batch of images, in a form that a CUDA graph can capture.

Everything that changes from step to step is passed in tensors; nothing is read from the device during a
step, and no memory is copied to it. The arithmetic is that of `AscentStep.step`.

Graphs are captured for one size. So that images of similar sizes share a graph, each lies in the corner
of a canvas whose sides are multiples of 32 and is reflected beyond its edges. The jitter must not be
part of the graph either: an index tensor says for each row and column of the canvas which row or column
of the image to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dreambot.engine.cuda.compilation import compiled_normalization
from dreambot.engine.objectives import evaluate_objective
from dreambot.recipe import LayerTerm, Recipe
from dreambot.recipe.layers import Gradient, Objective
from dreambot.recipe.recipe import can_be_captured
from dreambot.zoo.network import Network

CANVAS_MULTIPLE = 32
_MIN_CANVAS_SIDE = 96
"""InceptionV3's deepest blocks need 75 pixels to have anything to look at."""

IndexArray = NDArray[np.int64]
Size = tuple[int, int]


def canvas_for(size: Size) -> Size:
    """The (height, width) of the canvas for a picture of that height and width."""
    height, width = (max(_MIN_CANVAS_SIDE, -(-side // CANVAS_MULTIPLE) * CANVAS_MULTIPLE) for side in size)
    return height, width


def roll_indices(size: Size, canvas: Size, offsets: Sequence[Size]) -> IndexArray:
    """Where to look when N pictures of one size are rolled by `offsets` (down, right) and back again.

    (N, 2 · (H + W)) for a canvas of H × W: for each row of it, the row of the picture that is seen there, for
    each column the column; then, for each row and column of the picture, where it went, and beyond the
    picture what mirrors it.
    """
    there, back = [], []
    for axis in (0, 1):
        offset = np.array([pair[axis] for pair in offsets])[:, None]
        mirrored = _reflected_indices(size[axis], canvas[axis])
        there.append((mirrored - offset) % size[axis])
        back.append((mirrored + offset) % size[axis])
    return np.concatenate([*there, *back], axis=1)


@lru_cache(256)
def _reflected_indices(side: int, length: int) -> IndexArray:
    """0, 1, … side − 1, and back and forth again, `length` numbers."""
    period = max(1, 2 * (side - 1))
    at = np.arange(length) % period
    return np.minimum(at, period - at)


_NONFINITE_STEP_SCALE = 0.25
"""See `Climb.step`: of a step whose score is no finite number."""


@dataclass(frozen=True)
class StepConfig:
    """What is the same for all steps of a graph, as recipes have it. No term is to look for its channels."""

    terms: tuple[LayerTerm, ...]
    objective: Objective
    gradient: Gradient
    bands: tuple[float, ...]
    chroma: float


class BatchObjective:
    """The score of a kind, whose channels are looked up by tensors that are on the device already."""

    def __init__(self, kind: StepConfig, device: torch.device) -> None:
        self.layers = frozenset(term.layer for term in kind.terms)
        self._kind = kind
        self._channels = [
            torch.tensor(term.channels, device=device) if term.channels else None for term in kind.terms
        ]
        # Each term looks at what was chosen for it.
        self._terms = [
            term.model_copy(update={"layer": str(place), "channels": ()})
            for place, term in enumerate(kind.terms)
        ]

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        chosen = {}
        for new, term, channels in zip(self._terms, self._kind.terms, self._channels, strict=True):
            activation = features[term.layer]
            chosen[new.layer] = activation if channels is None else activation.index_select(1, channels)
        return evaluate_objective(chosen, self._terms, self._kind.objective)


@dataclass(frozen=True)
class StepBuffers:
    """What a step reads. pictures: (N, 3, H, W) canvases. places: see `canvas.places`. lengths: (N,)."""

    pictures: Tensor
    places: Tensor
    lengths: Tensor

    @property
    def nbytes(self) -> int:
        """The memory they take."""
        return self.pictures.nbytes + self.places.nbytes + self.lengths.nbytes

    @classmethod
    def empty(cls, count: int, canvas: Size, device: torch.device) -> "StepBuffers":
        """For `count` pictures on canvases of that size."""
        return cls(
            torch.zeros(count, 3, *canvas, device=device),
            torch.zeros(count, 2 * sum(canvas), dtype=torch.int64, device=device),
            torch.zeros(count, device=device),
        )


def batch_step(
    network: Network, aim: BatchObjective, kind: StepConfig, buffers: StepBuffers
) -> tuple[Tensor, Tensor]:
    """(the canvases after a step, (N, 3, H, W); the scores before it, (N,))."""
    pictures, lengths = buffers.pictures, buffers.lengths
    height, width = pictures.shape[-2:]
    rows, columns, rows_back, columns_back = buffers.places.split_with_sizes(
        [height, width, height, width], dim=1
    )
    gradient, scores = _gradient(network, _gather(pictures, rows, columns), aim)
    step = compiled_normalization(kind.gradient, kind.bands, kind.chroma)(
        _gather(gradient, rows_back, columns_back)
    )
    lengths = torch.where(scores.isfinite(), lengths, lengths * _NONFINITE_STEP_SCALE)
    return torch.addcmul(pictures, step, lengths.view(-1, 1, 1, 1)).clamp_(-1, 1), scores


def _gather(pictures: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    count, channels = pictures.shape[:2]
    which = torch.arange(count, device=pictures.device).view(-1, 1, 1, 1)
    channel = torch.arange(channels, device=pictures.device).view(1, -1, 1, 1)
    return pictures[which, channel, rows[:, None, :, None], columns[:, None, None, :]]


def _gradient(network: Network, pictures: Tensor, aim: BatchObjective) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        pictures = pictures.detach().requires_grad_()
        scores = aim(network.forward_to(pictures, aim.layers))
        (gradient,) = torch.autograd.grad(scores.sum(), pictures)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), scores.detach()


def step_config_for(recipe: Recipe, terms: tuple[LayerTerm, ...]) -> StepConfig | None:
    """The kind of a recipe's steps that climb these terms; None if they do more than the fast path can.

    Guides and masks are not asked for here: a score and a climb tell of them.
    """
    if not can_be_captured(recipe) or any(term.unresolved for term in terms):
        return None
    return StepConfig(terms, recipe.objective, recipe.gradient, recipe.bands, recipe.chroma)
