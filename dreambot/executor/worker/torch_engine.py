"""The real engine in a worker: torch on one device, with its networks resident."""

from collections.abc import Callable, Generator

import numpy as np
import torch

from dreambot.engine.cuda.batch import Batch, Steps
from dreambot.engine.dream import Step, never
from dreambot.engine.film.frames import Frame
from dreambot.engine.passes.convolution import SIZES_KEPT
from dreambot.engine.passes.walk import pass_of
from dreambot.engine.perform import perform
from dreambot.errors import UserError
from dreambot.executor.protocol import Ready
from dreambot.executor.types import Pixels
from dreambot.executor.worker.devices import (
    best_precision,
    device_name,
    find_device,
    how_many,
    share_processor,
)
from dreambot.executor.worker.engine import EngineSettings, OutOfMemory
from dreambot.executor.worker.resident import Resident
from dreambot.media.inputs import Inputs
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve
from dreambot.zoo import network
from dreambot.zoo.known import trained
from dreambot.zoo.loading import load

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_STAMP = 96
_TILE = 512
_BATCH = {"cuda": 8}
"""Dreams at once that a kind of device gains by."""


class TorchEngine:
    """Each network is loaded once per precision and kept whole: it is run no further than a recipe's
    deepest layer anyway. See `Engine` and `BatchEngine`."""

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the default model and dreams one step on a stamp, so that the first person waits no longer
        than the second. Raises UserError when the device or the weights are not to be had."""
        self._settings = settings
        self._device = find_device(settings.device)
        share_processor(self._device, settings.workers)
        self._networks: Resident[network.StagedNetwork] = Resident(
            settings.memory_gigabytes * 1e9, memory_of, self._let_go
        )
        precision = settings.precision
        if precision == "auto":
            precision = best_precision(self._device)
        self.ready = Ready(
            device=str(self._device),
            kind=self._device.type,
            name=device_name(self._device),
            precision=precision,
            batch=_BATCH.get(self._device.type, 1),
            devices=how_many(self._device),
        )
        stamp = resolve(
            DreamRequest(preset="classic"),
            SourceFacts(_STAMP, _STAMP),
            seed=0,
            models=trained,
            precision=precision,
            max_pixels=_STAMP * _STAMP,
        )
        next(self.dream(Inputs(np.zeros((_STAMP, _STAMP, 3), np.uint8)), stamp, lambda: False))

    def dream(
        self, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Step | Frame, None, tuple[Pixels, str | None]]:
        """See `Engine`. A picture that is too large for the memory is dreamed in tiles. Raises UserError for
        weights that are not here and for too little memory even so."""
        try:
            return (yield from self._dream(inputs, recipe, stop)), None
        except (MemoryError, RuntimeError) as error:
            if not _out_of_memory(error):
                raise
        if recipe.tile is None:
            tiled = recipe.model_copy(update={"tile": _TILE})
            try:
                return (yield from self._dream(inputs, tiled, stop)), "tiled"
            except (MemoryError, RuntimeError) as error:
                if not _out_of_memory(error):
                    raise
        raise UserError("That picture needs more memory than I have; a smaller one will work.")

    def batch(self, recipe: Recipe) -> "TorchBatch":
        """See `BatchEngine`."""
        try:
            return TorchBatch(self._network(recipe))
        except (MemoryError, RuntimeError) as error:
            raise _plainer(error) from error

    def _dream(
        self, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Step | Frame, None, Pixels]:
        self._let_go()
        return (yield from perform(self._network(recipe), inputs, recipe, stop))

    def _network(self, recipe: Recipe) -> network.StagedNetwork:
        def loaded() -> network.StagedNetwork:
            return load(
                recipe.model,
                self._device,
                _DTYPES[recipe.precision],
                weights=recipe.weights,
                cache=self._settings.cache,
                weights_dir=self._settings.weights_dir,
            )

        found = self._networks.get((recipe.model, recipe.weights, recipe.precision), loaded)
        network.require(found, recipe.all_terms)
        return found

    def _let_go(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


class TorchBatch(Batch):
    """See `EngineBatch`."""

    def join(self, inputs: Inputs, recipe: Recipe) -> int:
        """See `EngineBatch`."""
        try:
            return super().join(inputs, recipe)
        except (MemoryError, RuntimeError) as error:
            raise _plainer(error) from error

    def octave(self, stop: Callable[[], bool] = never) -> Generator[Steps, None, dict[int, Pixels]]:
        """See `EngineBatch`."""
        try:
            return (yield from super().octave(stop))
        except (MemoryError, RuntimeError) as error:
            raise _plainer(error) from error


def memory_of(loaded: network.StagedNetwork) -> int:
    """The bytes of a network's weights and, on a CPU, of what its hand-written pass keeps of them
    rearranged when it has run at several sizes. A network's graphs have a bound of their own."""
    parameters = tuple(loaded.parameters())
    weights = sum(parameter.nbytes for parameter in parameters)
    if pass_of(loaded, loaded.layers[:1]) is None:
        return weights
    kernels = sum(parameter.nbytes for parameter in parameters if parameter.ndim == 4)
    return weights + 2 * SIZES_KEPT * kernels


def _plainer(error: Exception) -> Exception:
    return OutOfMemory("the batch does not fit into the memory") if _out_of_memory(error) else error


def _out_of_memory(error: BaseException) -> bool:
    # On the CPU torch raises a plain RuntimeError, known by its words alone.
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "can't allocate memory" in str(error)
