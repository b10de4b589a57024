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
from dreambot.engine.faces import with_face_mask
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
from dreambot.zoo.architectures.face_detector import FaceDetector
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model
from dreambot.zoo.weights import detector_tensors

N = TypeVar("N")


class NetworkCache(Generic[N]):
    """Keeps the networks that were used last, as many as fit.

    The first network that was requested is the default model: it is dropped last of all.
    """

    def __init__(self, capacity: float, size: Callable[[N], int], on_drop: Callable[[], None]) -> None:
        """Creates an empty cache. The network in use is kept, even if it is larger than the capacity.

        Args:
            capacity: in bytes.
            size: returns the bytes of a network.
            on_drop: called after networks were dropped.
        """
        self._capacity = capacity
        self._size = size
        self._on_drop = on_drop
        self._networks: OrderedDict[Hashable, tuple[N, int]] = OrderedDict()
        self._first: Hashable = None

    @property
    def bytes(self) -> int:
        """What the networks occupy."""
        return sum(size for _, size in self._networks.values())

    def get(self, key: Hashable, load: Callable[[], N]) -> N:
        """Returns a network, which is loaded if it is not in the cache.

        Args:
            key: identifies it.
            load: loads it.
        """
        if key not in self._networks:
            network = load()
            self._networks[key] = network, self._size(network)
            if self._first is None:
                self._first = key
        self._networks.move_to_end(key)
        self._make_room(key)
        return self._networks[key][0]

    def _make_room(self, newest: Hashable) -> None:
        dropped = False
        while self.bytes > self._capacity and len(self._networks) > 1:
            oldest = [key for key in self._networks if key not in (newest, self._first)]
            del self._networks[oldest[0] if oldest else self._first]
            dropped = True
        if dropped:
            self._on_drop()


_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_WARMUP_SIDE = 96
_FALLBACK_TILE = 512
_MAX_BATCH = {"cuda": 8}
"""The largest batch with which a kind of device is faster."""


class TorchEngine:
    """Runs recipes with torch. See `Engine` and `BatchEngine`.

    Each network is loaded once per precision and kept whole, since it is run no further than a recipe's
    deepest layer.
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the default model and runs one step on a tiny picture, to warm up.

        Args:
            settings: the device and its limits.

        Raises:
            UserError: the device or the weights are missing.
        """
        self._settings = settings
        self._device = find_device(settings.device)
        limit_threads(self._device, settings.workers)
        self._networks: NetworkCache[network.StagedNetwork] = NetworkCache(
            settings.memory_gigabytes * 1e9, network_bytes, self._free_memory
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
        warmup = resolve_dream(
            DreamRequest(preset="classic"),
            SourceFacts(_WARMUP_SIDE, _WARMUP_SIDE),
            seed=0,
            models=find_model,
            precision=precision,
            max_pixels=_WARMUP_SIDE * _WARMUP_SIDE,
        )
        next(
            self.dream(
                DreamInputs(np.zeros((_WARMUP_SIDE, _WARMUP_SIDE, 3), np.uint8)), warmup, lambda: False
            )
        )

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """See `Engine`. A picture that is too large for the memory is dreamed in tiles.

        Args:
            inputs: the source, the guide and the mask.
            recipe: what to dream.
            stop: whether the job was cancelled.

        Raises:
            UserError: the weights are missing, or the memory does not suffice even for tiles.
        """
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
        """See `BatchEngine`.

        Args:
            recipe: whose batch key the batch has.
        """
        try:
            return TorchBatch(self._staged_network(recipe.model, recipe.weights, recipe))
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error

    def _dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, Pixels]:
        self._free_memory()
        if recipe.where != "everywhere":
            inputs = with_face_mask(inputs, recipe, self._face_detector())
        return (yield from run_recipe(self._network(recipe), inputs, recipe, stop))

    def _network(self, recipe: Recipe) -> network.Network:
        first = self._staged_network(recipe.model, recipe.weights, recipe)
        if not recipe.other_weights:
            return first
        others = [self._staged_network(model, weights, recipe) for model, weights in recipe.other_weights]
        return network.NetworkGroup(first, others)

    def _staged_network(self, model: str, weights: str, recipe: Recipe) -> network.StagedNetwork:
        def loaded() -> network.StagedNetwork:
            return load(
                model,
                self._device,
                _DTYPES[recipe.precision],
                weights=weights,
                cache=self._settings.cache,
                weights_dir=self._settings.weights_dir,
            )

        found = self._networks.get((model, weights, recipe.precision), loaded)
        prefix = "" if model == recipe.model else f"{model}:"
        network.require_classes(found, recipe.all_terms, prefix)
        return found

    def _face_detector(self) -> FaceDetector:
        tensors = detector_tensors(cache=self._settings.cache, weights_dir=self._settings.weights_dir)
        # It takes milliseconds to load, and little memory.
        return FaceDetector({name: torch.from_numpy(array) for name, array in tensors.items()}).to(
            self._device
        )

    def _free_memory(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


class TorchBatch(Batch):
    """See `EngineBatch`."""

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """See `EngineBatch`.

        Args:
            inputs: the source, the guide and the mask.
            recipe: with the batch's key.
        """
        try:
            return super().join(inputs, recipe)
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error

    def octave(
        self, stop: Callable[[], bool] = never_stop
    ) -> Generator[BatchProgress, None, dict[int, Pixels]]:
        """See `EngineBatch`.

        Args:
            stop: whether all jobs were cancelled.
        """
        try:
            return (yield from super().octave(stop))
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error


def network_bytes(loaded: network.StagedNetwork) -> int:
    """Returns the bytes that a network occupies.

    They are its weights and, on a CPU, the rearranged copies that its hand-written backward pass keeps when
    it has run at several sizes. CUDA graphs have a limit of their own.

    Args:
        loaded: the network.
    """
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
