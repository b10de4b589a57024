"""One step of a batch of images, in a form that a CUDA graph can capture.

Everything that changes from step to step is passed in tensors; nothing is read from the device during a
step, and no memory is copied to it. The arithmetic is that of `AscentStep.step`.

Graphs are captured for one size. So that images of similar sizes share a graph, each lies in the corner
of a canvas whose sides are multiples of 32 (of 64 above 256) and is reflected beyond its edges. The jitter
must not be part of the graph either: an index tensor says for each row and column of the canvas which row or
column of the image to read. Nor is each number of images captured, only 1, 2, 4, 8 and so on.

The gradient normalisation can be compiled by torch.compile: it is a chain of small sums and products over
the image, and the compiler makes a dozen kernels of forty. Compiling takes as much as a minute for each
canvas size, so it is opt-in; without a compiler, or if it fails, the plain function runs.
"""

import importlib.util
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dreambot.engine.colours import natural_colours
from dreambot.engine.cuda.memory import is_out_of_memory
from dreambot.engine.gradients import backpropagate, normalize_gradient
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.objectives import closed_form_gradient, evaluate_objective
from dreambot.recipe import LayerTerm, Recipe
from dreambot.recipe.fast_paths import can_be_captured
from dreambot.recipe.layers import Gradient, Objective
from dreambot.recipe.recipe import Palette
from dreambot.zoo.network import Network

log = logging.getLogger(__name__)

CANVAS_MULTIPLE = 32
_COARSE_ABOVE = 256
_MIN_CANVAS_SIDE = 96
"""InceptionV3's deepest blocks need an input of at least 75 pixels."""

IndexArray = NDArray[np.int64]
Size = tuple[int, int]


def canvas_for(size: Size) -> Size:
    """Returns the (height, width) of the canvas for an image.

    Args:
        size: Height and width of the image.
    """
    height, width = (max(_MIN_CANVAS_SIDE, _round_up(side)) for side in size)
    return height, width


def _round_up(side: int) -> int:
    multiple = CANVAS_MULTIPLE if side <= _COARSE_ABOVE else 2 * CANVAS_MULTIPLE
    return -(-side // multiple) * multiple


def padded_count(count: int) -> int:
    """Returns how many places the graph for a number of images has: 1, 2, 4, 8 and so on.

    Args:
        count: Number of images, at least 1.
    """
    return 1 << (count - 1).bit_length()


def roll_indices(size: Size, canvas: Size, offsets: Sequence[Size]) -> IndexArray:
    """Computes the indices that roll images on their canvases, and roll the gradients back.

    Args:
        size: Height and width of the images.
        canvas: Height and width of the canvases.
        offsets: Roll of each image in pixels (down, right).

    Returns:
        `[batch, 2 · (canvas height + canvas width)]` int64: for each row of the canvas the row of the image
        to read there, then the same for columns; then the same two for the way back, where positions beyond
        the image read its reflection.
    """
    forwards, backwards = [], []
    for axis in (0, 1):
        offset = np.array([pair[axis] for pair in offsets])[:, None]
        reflected = _reflected_indices(size[axis], canvas[axis])
        forwards.append((reflected - offset) % size[axis])
        backwards.append((reflected + offset) % size[axis])
    return np.concatenate([*forwards, *backwards], axis=1)


@lru_cache(256)
def _reflected_indices(side: int, length: int) -> IndexArray:
    """Returns `length` indices: 0, 1, … side − 1, and back and forth again."""
    period = max(1, 2 * (side - 1))
    at = np.arange(length) % period
    return np.minimum(at, period - at)


_NONFINITE_STEP_SCALE = 0.25
"""See `AscentStep.step`: factor of a step whose objective is not finite."""


@dataclass(frozen=True)
class StepConfig:
    """The recipe fields that all steps of a graph share. All terms have explicit channels or none."""

    terms: tuple[LayerTerm, ...]
    objective: Objective
    gradient: Gradient
    bands: tuple[float, ...]
    chroma: float
    palette: Palette = "acid"


def step_config_for(recipe: Recipe, terms: tuple[LayerTerm, ...]) -> StepConfig | None:
    """Returns the configuration of a recipe's steps.

    Which recipe fields a graph supports is declared in `Recipe` (see `dreambot.recipe.recipe.FastPath`).

    Args:
        recipe: Recipe of the dream.
        terms: Terms of its objective.

    Returns:
        The configuration, or None if the steps do more than a graph can.
    """
    if not can_be_captured(recipe) or any(term.unresolved for term in terms):
        return None
    return StepConfig(terms, recipe.objective, recipe.gradient, recipe.bands, recipe.chroma, recipe.palette)


class BatchObjective:
    """The objective of a configuration, with the channel indices already on the device."""

    def __init__(self, config: StepConfig, device: torch.device) -> None:
        """Creates the objective.

        Args:
            config: Configuration of the steps.
            device: Device of the activations.
        """
        self.layers = frozenset(term.layer for term in config.terms)
        self._config = config
        self._channels = [
            torch.tensor(term.channels, device=device) if term.channels else None for term in config.terms
        ]
        # Each term reads the channels that were selected for it.
        self._terms = [
            term.model_copy(update={"layer": str(index), "channels": ()})
            for index, term in enumerate(config.terms)
        ]

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        selected = {new.layer: x for new, x in zip(self._terms, self._select(features), strict=True)}
        return evaluate_objective(selected, self._terms, self._config.objective)

    def closed_form(self, features: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]] | None:
        """See `ClosedFormObjective`.

        Args:
            features: See `ObjectiveFunction`.
        """
        terms, kind = self._config.terms, self._config.objective
        return closed_form_gradient(features, self._select(features), terms, self._channels, kind)

    def _select(self, features: Mapping[str, Tensor]) -> Iterator[Tensor]:
        for term, channels in zip(self._config.terms, self._channels, strict=True):
            activation = features[term.layer]
            yield activation if channels is None else activation.index_select(1, channels)


@dataclass(frozen=True)
class StepBuffers:
    """The inputs of a step, at fixed addresses.

    Attributes:
        images: Canvases `[batch, 3, height, width]` float32.
        indices: `[batch, 2 · (height + width)]` int64; see `roll_indices`.
        lengths: Step length of each image, `[batch]` float32.
        colours: `[3, 3]` colour matrix of the palette `natural`; None for `acid`.
        places: The numbers of the images, `[batch, 1, 1, 1]` int64.
        channels: The numbers of their channels, `[1, 3, 1, 1]` int64.
    """

    images: Tensor
    indices: Tensor
    lengths: Tensor
    colours: Tensor | None
    places: Tensor
    channels: Tensor

    @property
    def nbytes(self) -> int:
        """Size of the buffers in bytes."""
        return self.images.nbytes + self.indices.nbytes + self.lengths.nbytes

    @classmethod
    def empty(cls, config: StepConfig, count: int, canvas: Size, device: torch.device) -> "StepBuffers":
        """Allocates buffers.

        Args:
            config: Configuration of the step.
            count: Number of images.
            canvas: Height and width of their canvases.
            device: Device of the buffers.
        """
        return cls(
            torch.zeros(count, 3, *canvas, device=device),
            torch.zeros(count, 2 * sum(canvas), dtype=torch.int64, device=device),
            torch.zeros(count, device=device),
            natural_colours(config.chroma, device) if config.palette == "natural" else None,
            torch.arange(count, device=device).view(-1, 1, 1, 1),
            torch.arange(3, device=device).view(1, -1, 1, 1),
        )

    def gather(self, images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """Rearranges the rows and columns of each image.

        Args:
            images: `[batch, 3, height, width]`.
            rows: The rows to read, `[batch, height]` int64.
            columns: The columns to read, `[batch, width]` int64.
        """
        return images[self.places, self.channels, rows[:, None, :, None], columns[:, None, None, :]]


def batch_step(
    network: Network, objective: BatchObjective, config: StepConfig, buffers: StepBuffers
) -> tuple[Tensor, Tensor]:
    """Takes one step of a batch.

    Args:
        network: Network whose activations are maximised.
        objective: Objective of the configuration.
        config: Configuration of the step.
        buffers: Inputs of the step; they are not changed.

    Returns:
        The new canvases, `[batch, 3, height, width]` in [-1, 1], and the values of the objective before the
        step, `[batch]`.
    """
    images, lengths = buffers.images, buffers.lengths
    height, width = images.shape[-2:]
    rows, columns, rows_back, columns_back = buffers.indices.split_with_sizes(
        [height, width, height, width], dim=1
    )
    gradient, values = _gradient(network, buffers.gather(images, rows, columns), objective)
    step = compiled_normalization(config.gradient, config.bands, config.chroma)(
        buffers.gather(gradient, rows_back, columns_back), buffers.colours
    )
    # 0 times a finite value is 0, and NaN otherwise: three kernels, where `where` and `isfinite` are six.
    change = (values * 0).nan_to_num_(_NONFINITE_STEP_SCALE - 1)
    lengths = torch.addcmul(lengths, lengths, change)
    return torch.addcmul(images, step, lengths.view(-1, 1, 1, 1)).clamp_(-1, 1), values


def _gradient(network: Network, images: Tensor, objective: BatchObjective) -> tuple[Tensor, Tensor]:
    if manual_pass := manual_pass_for(network, objective.layers):
        gradient, values = manual_pass.gradient(images, objective)
        return torch.nan_to_num_(gradient, 0.0, 0.0, 0.0), values
    with torch.enable_grad():
        images = images.detach().requires_grad_()
        gradient, values = backpropagate(objective, network.forward_to(images, objective.layers), images)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), values.detach()


Normalization = Callable[[Tensor, Tensor | None], Tensor]
"""Takes a gradient and the colour matrix of the palette."""

_compilation_enabled = False


def enable_compilation() -> None:
    """Makes this process compile normalisations at their first use on a CUDA device.

    It pays where many images of the same size are dreamed.
    """
    global _compilation_enabled
    _compilation_enabled = True


@lru_cache(32)
def compiled_normalization(kind: Gradient, bands: tuple[float, ...], chroma: float) -> Normalization:
    """Returns `normalize_gradient` with fixed parameters, compiled on CUDA if compilation is enabled.

    Args:
        kind: See `normalize_gradient`.
        bands: See `normalize_gradient`.
        chroma: See `normalize_gradient`.
    """

    def normalize(gradient: Tensor, colours: Tensor | None) -> Tensor:
        return normalize_gradient(gradient, kind, bands, chroma, colours)

    return _CompiledNormalization(normalize)


class _CompiledNormalization:
    def __init__(self, plain: Normalization) -> None:
        self._plain = plain
        self._compiled: Normalization | None = None
        self._has_triton = importlib.util.find_spec("triton") is not None
        self._failed: set[torch.Size] = set()

    def __call__(self, gradient: Tensor, colours: Tensor | None) -> Tensor:
        compiles = _compilation_enabled and self._has_triton and gradient.is_cuda
        if not compiles or gradient.shape in self._failed:
            return self._plain(gradient, colours)
        if self._compiled is None:
            # For each size separately: dynamic shapes take the compiler longer than a few sizes.
            self._compiled = torch.compile(self._plain, dynamic=False, fullgraph=True)
        try:
            return self._compiled(gradient, colours)
        # A compiler can fail in many ways (no C compiler, an old driver …), and a dream works without it.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            log.warning("Compiling the gradient normalisation failed; it runs uncompiled: %s", error)
            self._failed.add(gradient.shape)
            return self._plain(gradient, colours)
