"""The torch engine of a worker: one device, with a cache of loaded networks."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from typing import Generic, TypeVar

import numpy as np
import torch

from dreambot.engine.cpu.backward import manual_pass_for
from dreambot.engine.cpu.convolution import MAX_CACHED_SIZES
from dreambot.engine.cuda.batch import Batch, BatchProgress
from dreambot.engine.dream import never_stop
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.run import run_recipe
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.workers.gpu.devices import best_precision, device_count, device_name, find_device, limit_threads
from dreambot.workers.gpu.engine import EngineSettings, OutOfMemory
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels
from dreambot.zoo import network
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model

N = TypeVar("N")


class NetworkCache(Generic[N]):
    """Keeps what was used last, as much as there is room for.

    What was asked for first is the default model: it goes last of all.
    """

    def __init__(self, room: float, size: Callable[[N], int], let_go: Callable[[], None]) -> None:
        """room: bytes. size: of a network, in bytes. let_go: called after some were dropped. What is in use
        at the moment is kept, even if it is larger than the room."""
        self._room = room
        self._size = size
        self._let_go = let_go
        self._kept: OrderedDict[Hashable, tuple[N, int]] = OrderedDict()
        self._first: Hashable = None

    @property
    def bytes(self) -> int:
        """What they take."""
        return sum(size for _, size in self._kept.values())

    def get(self, key: Hashable, load: Callable[[], N]) -> N:
        """The network of that key, loaded if it is not here."""
        if key not in self._kept:
            network = load()
            self._kept[key] = network, self._size(network)
            if self._first is None:
                self._first = key
        self._kept.move_to_end(key)
        self._make_room(key)
        return self._kept[key][0]

    def _make_room(self, newest: Hashable) -> None:
        dropped = False
        while self.bytes > self._room and len(self._kept) > 1:
            oldest = [key for key in self._kept if key not in (newest, self._first)]
            del self._kept[oldest[0] if oldest else self._first]
            dropped = True
        if dropped:
            self._let_go()


_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_WARMUP_SIDE = 96
_FALLBACK_TILE = 512
_MAX_BATCH = {"cuda": 8}
"""Dreams at once that a kind of device gains by."""


class TorchEngine:
    """Each network is loaded once per precision and kept whole: it is run no further than a recipe's
    deepest layer anyway. See `Engine` and `BatchEngine`."""

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the default model and dreams one step on a stamp, so that the first person waits no longer
        than the second. Raises UserError when the device or the weights are not to be had."""
        self._settings = settings
        self._device = find_device(settings.device)
        limit_threads(self._device, settings.workers)
        self._networks: NetworkCache[network.StagedNetwork] = NetworkCache(
            settings.memory_gigabytes * 1e9, network_bytes, self._let_go
        )
        precision = settings.precision
        if precision == "auto":
            precision = best_precision(self._device)
        self.ready = Ready(
            device=str(self._device),
            kind=self._device.type,
            name=device_name(self._device),
            precision=precision,
            batch=_MAX_BATCH.get(self._device.type, 1),
            devices=device_count(self._device),
        )
        stamp = resolve_dream(
            DreamRequest(preset="classic"),
            SourceFacts(_WARMUP_SIDE, _WARMUP_SIDE),
            seed=0,
            models=find_model,
            precision=precision,
            max_pixels=_WARMUP_SIDE * _WARMUP_SIDE,
        )
        next(
            self.dream(DreamInputs(np.zeros((_WARMUP_SIDE, _WARMUP_SIDE, 3), np.uint8)), stamp, lambda: False)
        )

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """See `Engine`. A picture that is too large for the memory is dreamed in tiles. Raises UserError for
        weights that are not here and for too little memory even so."""
        try:
            return (yield from self._dream(inputs, recipe, stop)), None
        except (MemoryError, RuntimeError) as error:
            if not _is_out_of_memory(error):
                raise
        if recipe.tile is None:
            tiled = recipe.model_copy(update={"tile": _FALLBACK_TILE})
            try:
                return (yield from self._dream(inputs, tiled, stop)), "tiled"
            except (MemoryError, RuntimeError) as error:
                if not _is_out_of_memory(error):
                    raise
        raise UserError("errors-out-of-memory")

    def batch(self, recipe: Recipe) -> "TorchBatch":
        """See `BatchEngine`."""
        try:
            return TorchBatch(self._network(recipe))
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error

    def _dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, Pixels]:
        self._let_go()
        return (yield from run_recipe(self._network(recipe), inputs, recipe, stop))

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
        network.require_classes(found, recipe.all_terms)
        return found

    def _let_go(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


class TorchBatch(Batch):
    """See `EngineBatch`."""

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """See `EngineBatch`."""
        try:
            return super().join(inputs, recipe)
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error

    def octave(
        self, stop: Callable[[], bool] = never_stop
    ) -> Generator[BatchProgress, None, dict[int, Pixels]]:
        """See `EngineBatch`."""
        try:
            return (yield from super().octave(stop))
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error


def network_bytes(loaded: network.StagedNetwork) -> int:
    """The bytes of a network's weights and, on a CPU, of what its hand-written pass keeps of them
    rearranged when it has run at several sizes. A network's graphs have a bound of their own."""
    parameters = tuple(loaded.parameters())
    weights = sum(parameter.nbytes for parameter in parameters)
    if manual_pass_for(loaded, loaded.layers[:1]) is None:
        return weights
    kernels = sum(parameter.nbytes for parameter in parameters if parameter.ndim == 4)
    return weights + 2 * MAX_CACHED_SIZES * kernels


def _translate_memory_error(error: Exception) -> Exception:
    return OutOfMemory("the batch does not fit into the memory") if _is_out_of_memory(error) else error


def _is_out_of_memory(error: BaseException) -> bool:
    # On the CPU torch raises a plain RuntimeError, known by its words alone.
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "can't allocate memory" in str(error)
