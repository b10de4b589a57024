"""The torch engine of a worker: one device, with a cache of loaded networks."""

import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from dataclasses import replace
from typing import Generic, TypeVar, cast

import numpy as np
import torch

from dreambot.engine.cuda.batch import Batch, BatchProgress
from dreambot.engine.cuda.memory import is_out_of_memory, release_memory
from dreambot.engine.dream import never_stop
from dreambot.engine.faces import with_face_mask
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.manual_pass.onednn import MAX_CACHED_SIZES
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.run import run_recipe
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import DreamRequest, Precision, Recipe, SourceFacts, resolve_dream
from dreambot.workers.gpu.devices import (
    DTYPES,
    best_precision,
    device_count,
    device_name,
    find_device,
    limit_threads,
    supports_precision,
)
from dreambot.workers.gpu.engine import CannotBatch, EngineSettings, OutOfMemory
from dreambot.workers.gpu.self_check import Outcome, check_device
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels
from dreambot.zoo import network
from dreambot.zoo.architectures.face_detector import FaceDetector
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model
from dreambot.zoo.weights import detector_tensors

log = logging.getLogger(__name__)

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


_WARMUP_SIDE = 96
_FALLBACK_TILE = 512
_MAX_BATCH = {"cuda": 8}
"""The largest batch with which a kind of device is faster."""


class TorchEngine:
    """Runs recipes with torch. See `Engine` and `BatchEngine`.

    Each network is loaded once per precision and kept whole, since it is run no further than a recipe's
    deepest layer.
    """

    _usable = Outcome()
    _threads = 0

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the default model and runs one step on a tiny picture, to warm up.

        Args:
            settings: the device and its limits.

        Raises:
            UserError: the device or the weights are missing.
        """
        self._settings = settings
        self._replaced: set[Precision] = set()
        self._device = find_device(settings.device)
        all_threads = torch.get_num_threads()
        limit_threads(self._device, settings.workers)
        if self._device.type == "cuda":
            # Otherwise what torch.cuda does without a device concerns cuda:0, which may be broken.
            torch.cuda.set_device(self._device)
            # By default torch rounds fp32 to 10 bits of mantissa in convolutions. Who asks for fp32 wants it.
            torch.backends.cudnn.allow_tf32 = False
        self._networks: NetworkCache[network.StagedNetwork] = NetworkCache(
            settings.memory_gigabytes * 1e9, network_bytes, lambda: release_memory(self._device)
        )
        precision = settings.precision
        if precision == "auto":
            precision = best_precision(self._device, settings.cache, after_crash=settings.after_crash)
        if not supports_precision(self._device, precision):
            best = best_precision(self._device, settings.cache, after_crash=settings.after_crash)
            self._warn_of_other(precision, best)
            precision = best
        self.ready = Ready(
            device=str(self._device),
            kind=self._device.type,
            name=device_name(self._device),
            precision=precision,
            batch=_MAX_BATCH.get(self._device.type, 1),
            devices=device_count(self._device),
        )
        warmup = self._warmup_recipe(precision)
        self._check_device(warmup)
        if not self._usable.half:
            warmup = self._warmup_recipe("fp32")
        next(
            self.dream(
                DreamInputs(np.zeros((_WARMUP_SIDE, _WARMUP_SIDE, 3), np.uint8)), warmup, lambda: False
            )
        )
        if self._device.type == "cuda":
            # The step returned before the device ran it. What fails there should fail here.
            torch.cuda.synchronize(self._device)
        if self._device.type == "cpu" and self.ready.precision == "bf16":
            # Its number of threads may change, because only fp32 promises the same pixels at any load.
            torch.set_num_threads(all_threads)
            self.ready = replace(self.ready, name=device_name(self._device), threads=all_threads)
        self._threads = torch.get_num_threads()

    def _warmup_recipe(self, precision: Precision) -> Recipe:
        return resolve_dream(
            DreamRequest(preset="classic"),
            SourceFacts(_WARMUP_SIDE, _WARMUP_SIDE),
            seed=0,
            models=find_model,
            precision=precision,
            max_pixels=_WARMUP_SIDE * _WARMUP_SIDE,
        )

    def _check_device(self, recipe: Recipe) -> None:
        """Applies the outcome of the self-check: from now on networks are loaded as it allows."""
        if self._device.type == "cuda" and self._settings.precision == "auto" and recipe.precision != "bf16":
            log.info("%s cannot multiply in bf16: it dreams in %s.", self.ready.name, recipe.precision)
        try:
            network = self._staged_network(recipe.model, recipe.weights, recipe)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            raise UserError("setup-device-too-small", device=self._device) from error
        self._usable = check_device(
            network,
            recipe,
            recipe.precision,
            self._settings.cache,
            after_crash=self._settings.after_crash,
        )
        self._apply_check(network)
        self.ready = replace(
            self.ready,
            precision=self.ready.precision if self._usable.half else "fp32",
            # Batches run in the steps that graphs are captured from.
            batch=self.ready.batch if self._usable.fast else 1,
            problem=self._usable.problem,
        )

    def _apply_check(self, loaded: network.StagedNetwork) -> None:
        loaded.plain, loaded.manual_pass = not self._usable.fast, self._usable.manual_pass

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """See `Engine`. A picture that is too large for the memory is dreamed in tiles.

        What has values beyond the range of fp16 is dreamed again in fp32.

        Args:
            inputs: the source, the guide and the mask.
            recipe: what to dream.
            stop: whether the job was cancelled.

        Raises:
            UserError: the weights are missing, or the memory does not suffice even for tiles.
        """
        plan = None
        while True:
            try:
                return (yield from self._dream(inputs, recipe, stop)), plan
            except ValueOverflow:
                log.warning("Values of this dream are beyond the range of fp16; it is dreamed in fp32.")
                recipe = recipe.with_precision("fp32")
                continue
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
            # Outside the handler, whose error would keep the tensors of the failed attempt.
            if recipe.tile is not None:
                raise UserError("errors-out-of-memory")
            release_memory(self._device)
            plan = "tiled"
            recipe = recipe.model_copy(update={"tile": _FALLBACK_TILE})

    def use_threads(self, recipe: Recipe, count: int) -> None:
        """See `Engine`. A dream in fp32 has all threads of the process, because others change its rounding.

        Args:
            recipe: what is dreamed.
            count: the most threads; 0 for all.
        """
        wanted = count if count and self._precision_for(recipe) == "bf16" else self._threads
        if wanted and wanted != torch.get_num_threads():
            torch.set_num_threads(wanted)

    def batch(self, recipe: Recipe) -> "TorchBatch":
        """See `BatchEngine`.

        Args:
            recipe: whose batch key the batch has.
        """
        try:
            network = self._staged_network(recipe.model, recipe.weights, recipe)
            return TorchBatch(network, in_fp16=self._precision_for(recipe) == "fp16")
        except (MemoryError, RuntimeError) as error:
            raise _translate_memory_error(error) from error

    def _dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, Pixels]:
        if recipe.where != "everywhere":
            inputs = with_face_mask(inputs, recipe, self._face_detector())
        steps = run_recipe(self._network(recipe), inputs, recipe, stop)
        if self._precision_for(recipe) != "fp16":
            return (yield from steps)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                picture: Pixels = end.value
                return picture
            if isinstance(step, Progress):
                _check_range(step)
            yield step

    def _network(self, recipe: Recipe) -> network.Network:
        first = self._staged_network(recipe.model, recipe.weights, recipe)
        if not recipe.other_weights:
            return first
        others = [self._staged_network(model, weights, recipe) for model, weights in recipe.other_weights]
        return network.NetworkGroup(first, others)

    def _staged_network(self, model: str, weights: str, recipe: Recipe) -> network.StagedNetwork:
        precision = self._precision_for(recipe)
        if not supports_precision(self._device, recipe.precision):
            self._warn_of_other(recipe.precision, precision)

        def loaded() -> network.StagedNetwork:
            if precision == "fp32":
                # Who asks for fp32 wants the same pixels every time. A process rarely dreams in both.
                torch.backends.cudnn.deterministic = True
            staged = load(
                model,
                self._device,
                DTYPES[precision],
                weights=weights,
                cache=self._settings.cache,
                weights_dir=self._settings.weights_dir,
            )
            self._apply_check(staged)
            return staged

        found = self._networks.get((model, weights, precision), loaded)
        prefix = "" if model == recipe.model else f"{model}:"
        network.require_classes(found, recipe.all_terms, prefix)
        return found

    def _precision_for(self, recipe: Recipe) -> Precision:
        """Returns the precision in which this device dreams a recipe.

        One of 16 bits that it does not have is replaced by the device's own: who made the recipe preferred
        speed, and the pixels of another device would differ in any case.
        """
        # Also for recipes from elsewhere: what fails the self-check is wrong, and not only slow.
        if not self._usable.half:
            return "fp32"
        if supports_precision(self._device, recipe.precision):
            return recipe.precision
        return cast(Precision, self.ready.precision)

    def _face_detector(self) -> FaceDetector:
        tensors = detector_tensors(cache=self._settings.cache, weights_dir=self._settings.weights_dir)
        # It takes milliseconds to load, and little memory.
        return FaceDetector({name: torch.from_numpy(array) for name, array in tensors.items()}).to(
            self._device
        )

    def _warn_of_other(self, asked: Precision, used: Precision) -> None:
        """Logs that a precision is replaced, the first time."""
        if asked in self._replaced:
            return
        self._replaced.add(asked)
        name = device_name(self._device)
        log.warning("%s (%s) cannot compute in %s; it uses %s.", self._device, name, asked, used)


class ValueOverflow(CannotBatch):
    """A dream in fp16 has values beyond the range of fp16."""


def _check_range(step: Progress) -> None:
    """Looks at the first and the last step of an octave: reading the objective waits for the device.

    Raises:
        ValueOverflow: The objective is not finite.
    """
    if step.step in (1, step.steps) and not math.isfinite(float(step.objective)):
        raise ValueOverflow


class TorchBatch(Batch):
    """See `EngineBatch`."""

    def __init__(self, network: network.StagedNetwork, *, in_fp16: bool) -> None:
        """Creates an empty batch.

        Args:
            network: of the batch's recipes.
            in_fp16: whether it computes in fp16.
        """
        super().__init__(network)
        self._in_fp16 = in_fp16

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
        octave = super().octave(stop)
        try:
            while True:
                try:
                    progress = next(octave)
                except StopIteration as end:
                    done: dict[int, Pixels] = end.value
                    return done
                if self._in_fp16:
                    for step in progress.values():
                        _check_range(step)
                yield progress
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
    if loaded.device.type != "cpu" or manual_pass_for(loaded, loaded.layers[:1]) is None:
        return weights
    kernels = sum(parameter.nbytes for parameter in parameters if parameter.ndim == 4)
    return weights + 2 * MAX_CACHED_SIZES * kernels


def _translate_memory_error(error: Exception) -> Exception:
    return OutOfMemory("the batch does not fit into the memory") if is_out_of_memory(error) else error
