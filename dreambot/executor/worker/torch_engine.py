"""The real engine in a worker: torch on one device, with its networks resident."""

from collections.abc import Callable, Generator

import numpy as np
import torch

from dreambot.engine.dream import Step
from dreambot.engine.film.frames import Frame
from dreambot.engine.perform import perform
from dreambot.errors import UserError
from dreambot.executor.protocol import Ready
from dreambot.executor.types import Pixels
from dreambot.executor.worker.devices import best_precision, device_name, find_device
from dreambot.executor.worker.engine import EngineSettings
from dreambot.media.inputs import Inputs
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve
from dreambot.zoo import network
from dreambot.zoo.known import trained
from dreambot.zoo.loading import load

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_STAMP = 96
_TILE = 512


class TorchEngine:
    """Each network is loaded once per precision and kept whole: it is run no further than a recipe's
    deepest layer anyway."""

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the default model and dreams one step on a stamp, so that the first person waits no longer
        than the second. Raises UserError when the device or the weights are not to be had."""
        self._settings = settings
        self._device = find_device(settings.device)
        self._networks: dict[tuple[str, str, str], network.StagedNetwork] = {}
        precision = settings.precision
        if precision == "auto":
            precision = best_precision(self._device)
        self.ready = Ready(
            device=str(self._device),
            kind=self._device.type,
            name=device_name(self._device),
            precision=precision,
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

    def _dream(
        self, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Step | Frame, None, Pixels]:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        return (yield from perform(self._network(recipe), inputs, recipe, stop))

    def _network(self, recipe: Recipe) -> network.StagedNetwork:
        key = (recipe.model, recipe.weights, recipe.precision)
        if key not in self._networks:
            self._networks[key] = load(
                recipe.model,
                self._device,
                _DTYPES[recipe.precision],
                weights=recipe.weights,
                cache=self._settings.cache,
                weights_dir=self._settings.weights_dir,
            )
        network.require(self._networks[key], recipe.all_terms)
        return self._networks[key]


def _out_of_memory(error: BaseException) -> bool:
    # On the CPU torch raises a plain RuntimeError, known by its words alone.
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "can't allocate memory" in str(error)
