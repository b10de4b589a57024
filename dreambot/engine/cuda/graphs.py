"""Ascent steps captured as CUDA graphs, cached per network.

A step is hundreds of small kernels: some for each layer and its backward, dozens for the Laplacian
pyramid of the gradient. Launching one from Python takes 5 to 10 µs, more than a fast device needs to
run it, so the device would be idle most of the time, and a dream has forty steps. So a step is captured
once as a graph, which the driver launches as a whole, with new values in the same memory: the image,
its jitter, the step length.

Nothing here needs a CUDA device to be read or tested: without one the steps run eagerly.
"""

import logging
from collections import OrderedDict, deque
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, SupportsFloat
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
import torch
from torch import Tensor

from dreambot.engine.cuda.memory import captures_work, is_out_of_memory, note_failed_capture, release_memory
from dreambot.engine.cuda.step import (
    BatchObjective,
    Size,
    StepBuffers,
    StepConfig,
    batch_step,
    canvas_for,
    padded_count,
    roll_indices,
    step_config_for,
)
from dreambot.engine.objectives import LayerObjective, ObjectiveFunction
from dreambot.engine.tiling import fits_in_tile
from dreambot.engine.transforms import Transform
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network, StagedNetwork

if TYPE_CHECKING:
    from torch.cuda import _POOL_HANDLE as Pool

log = logging.getLogger(__name__)


def try_graph_step(
    network: Network,
    objective: ObjectiveFunction,
    recipe: Recipe,
    image: Tensor,
    length: float,
    transform: Transform,
) -> tuple[Tensor, SupportsFloat] | None:
    """Takes the step of `AscentStep.step` with a graph, if that is possible.

    It is not possible on other devices than CUDA, for plain and for bent networks, for other objectives than
    `LayerObjective`, and for recipes that `step_config_for` does not support. The ascent must have no mask.

    Args:
        network: Network whose activations are maximised.
        objective: Objective of the ascent.
        recipe: Recipe of the dream.
        image: `[1, 3, height, width]` in [-1, 1].
        length: Length of the step.
        transform: Transform of this step; only its roll is used, since supported recipes have no other.

    Returns:
        The new image and the value of the objective before the step, or None. Reading the value waits for the
        device.
    """
    if (
        image.device.type != "cuda"
        or type(network) is not StagedNetwork
        or network.plain
        or type(objective) is not LayerObjective
    ):
        return None
    config = step_config_for(recipe, objective.terms) if objective.kind == recipe.objective else None
    if config is None or (recipe.tile is not None and not fits_in_tile(image, recipe.tile)):
        return None
    offset = transform.offset(image)
    stepped, (value,) = graph_cache_for(network).run(network, config, image, [offset], [length])
    return stepped, value


WARMUP_STEPS = 2
"""Steps before the capture. They do real work, and let libraries select kernels, allocate memory and compile,
none of which is allowed during a capture. A step that is not repeated is not worth capturing anyway."""


class CapturedStep:
    """The step of up to so many images with one configuration and canvas size, captured on a CUDA device."""

    def __init__(
        self, network: Network, config: StepConfig, count: int, canvas: Size, *, capture: bool = True
    ) -> None:
        """Allocates the buffers of the step.

        Args:
            network: Network whose activations are maximised.
            config: Configuration of the step.
            count: Maximum number of images.
            canvas: Height and width of the canvases.
            capture: Whether to capture a graph on a CUDA device.
        """
        self._config, self._canvas = config, canvas
        self._objective = BatchObjective(config, network.device)
        # Allocated outside of any graph, so that others can use the memory of graphs between steps.
        self._buffers = StepBuffers.empty(config, count, canvas, network.device)
        self._stepped = torch.empty_like(self._buffers.images)
        self._values = torch.empty_like(self._buffers.lengths)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._warmup_left = WARMUP_STEPS if capture and network.device.type == "cuda" else None
        self.nbytes = self._buffers.nbytes + self._stepped.nbytes
        self.graph_bytes = 0

    @property
    def captured(self) -> bool:
        """Whether the graph exists."""
        return self._graph is not None

    def run(
        self,
        network: Network,
        images: Tensor,
        offsets: Sequence[Size],
        lengths: Sequence[float],
        pool: "Pool | None" = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Takes one step. It does not wait for the device.

        Args:
            network: Network whose activations are maximised.
            images: `[batch, 3, height, width]` in [-1, 1], no larger than the canvas.
            offsets: Roll of each image in pixels (down, right).
            lengths: Step length of each image.
            pool: Memory pool that graphs share.

        Returns:
            The new images, of the same shape, and the values of the objective before the step, on the device.
        """
        size = (images.shape[-2], images.shape[-1])
        self._fill(images, size, offsets, lengths)
        if self._warmup_left == 0 and self._graph is None and captures_work():
            self._capture(network, pool)
        if self._graph is not None:
            self._graph.replay()
        else:
            self._step(network)
            if self._warmup_left:
                self._warmup_left -= 1
        here = len(images)
        return self._stepped[:here, :, : size[0], : size[1]].clone(), self._values[:here].clone().unbind()

    def _fill(self, images: Tensor, size: Size, offsets: Sequence[Size], lengths: Sequence[float]) -> None:
        # The rest of the canvas is never read. What the last batch left in unused places is computed in vain.
        here = len(images)
        self._buffers.images[:here, :, : size[0], : size[1]] = images
        # From memory that is not pinned, a non-blocking copy returns when the driver has read it. A blocking
        # one waits for all steps before.
        indices = torch.from_numpy(roll_indices(size, self._canvas, offsets))
        self._buffers.indices[:here].copy_(indices, non_blocking=True)
        self._buffers.lengths[:here].copy_(torch.from_numpy(np.array(lengths, np.float32)), non_blocking=True)

    def _step(self, network: Network) -> None:
        images, values = batch_step(network, self._objective, self._config, self._buffers)
        self._stepped.copy_(images)
        self._values.copy_(values)

    def _capture(self, network: Network, pool: "Pool | None") -> None:
        graph = torch.cuda.CUDAGraph()
        device = network.device
        release_memory(device)
        before = torch.cuda.memory_reserved(device)
        try:
            # A failed capture can leave its own stream current; these contexts restore the previous one.
            with torch.cuda.device(device), torch.cuda.stream(torch.cuda.current_stream(device)):
                with torch.cuda.graph(graph, pool=pool):
                    self._step(network)
        except RuntimeError as error:
            log.warning(
                "A step cannot be captured as a CUDA graph. All steps of this process now run eagerly: %s",
                error,
            )
            note_failed_capture()
            return
        self.graph_bytes = max(0, torch.cuda.memory_reserved(device) - before)
        self._graph = graph


MAX_CACHED_GRAPHS = 256
"""Graphs per network: the octaves of sixty images of different sizes. What they take is limited below."""

_MAX_MEMORY_SHARE = 0.25
"""Maximum share of the device's memory for the graphs of all networks."""

_MAX_STEPS_IN_FLIGHT = 2
"""Steps that are queued on the device before the host waits. One more than the running step keeps the device
busy; with many, a cancelled dream would go on for long."""

_uses = count()
"""Numbers the uses of all caches, to find the one that was unused for longest."""

GraphKey = tuple[StepConfig, int, Size]


class GraphCache:
    """An LRU cache of a network's steps by configuration, number of images and canvas size.

    The working memory of graphs is in a pool that all graphs share, because only one runs at a time. So
    they take little more memory than the largest of them. A pool that has grown too large is released with
    all its graphs.
    """

    def __init__(
        self, network: StagedNetwork, max_steps: int = MAX_CACHED_GRAPHS, *, capture: bool = True
    ) -> None:
        """Creates an empty cache.

        Args:
            network: Network whose activations are maximised.
            max_steps: Capacity of the cache.
            capture: Whether to capture graphs on a CUDA device; otherwise all steps run eagerly.
        """
        self._capture = capture
        self._weights = _weights_identity(network)
        self._max_steps = max_steps
        self._steps: OrderedDict[GraphKey, CapturedStep] = OrderedDict()
        self._device = network.device
        self._in_flight: deque[torch.cuda.Event] = deque()
        self._last_use = next(_uses)
        on_cuda = network.device.type == "cuda"
        self._pool = torch.cuda.graph_pool_handle() if on_cuda else None
        self._max_bytes = _MAX_MEMORY_SHARE * torch.cuda.mem_get_info(network.device)[1] if on_cuda else 0.0
        self._bytes = 0
        _all_caches.add(self)

    @property
    def sizes(self) -> tuple[Size, ...]:
        """Canvas sizes of the cached steps, the most recently used last."""
        return tuple(canvas for _, _, canvas in self._steps)

    @property
    def captured(self) -> int:
        """Number of cached steps that have a graph."""
        return sum(step.captured for step in self._steps.values())

    def is_valid_for(self, network: StagedNetwork) -> bool:
        """Returns whether the weights are still at the addresses that the graphs read.

        Args:
            network: The network that the cache was created for.
        """
        return self._weights == _weights_identity(network)

    def run(
        self,
        network: StagedNetwork,
        config: StepConfig,
        images: Tensor,
        offsets: Sequence[Size],
        lengths: Sequence[float],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Takes one step. It waits only until the device has finished the steps before the last two.

        Args:
            network: The network that the cache was created for.
            config: Configuration of the step.
            images: `[batch, 3, height, width]` in [-1, 1].
            offsets: Roll of each image in pixels (down, right).
            lengths: Step length of each image.

        Returns:
            The new images, of the same shape, and the values of the objective before the step, on the device.

        Raises:
            RuntimeError: The device failed. If it `is_out_of_memory`, the cache has been emptied.
        """
        self._last_use = next(_uses)
        try:
            step = self._step_for(network, config, images)
            graph_bytes = step.graph_bytes
            result = step.run(network, images, offsets, lengths, self._pool)
            self._limit_steps_in_flight()
        except RuntimeError as error:
            # The caller may try again in another way and needs the memory.
            if is_out_of_memory(error):
                self._release()
            raise
        self._bytes += step.graph_bytes - graph_bytes
        return result

    def _limit_steps_in_flight(self) -> None:
        if self._device.type != "cuda":
            return
        done = torch.cuda.Event()  # type: ignore[no-untyped-call]
        done.record(torch.cuda.current_stream(self._device))
        self._in_flight.append(done)
        if len(self._in_flight) > _MAX_STEPS_IN_FLIGHT:
            self._in_flight.popleft().synchronize()

    def _step_for(self, network: StagedNetwork, config: StepConfig, images: Tensor) -> CapturedStep:
        canvas = canvas_for((images.shape[-2], images.shape[-1]))
        count = padded_count(len(images))
        key = (config, count, canvas)
        if key not in self._steps:
            if self._pool is not None:
                self._make_room()
            step = self._steps[key] = CapturedStep(network, config, count, canvas, capture=self._capture)
            self._bytes += step.nbytes
        self._steps.move_to_end(key)
        if len(self._steps) > self._max_steps:
            self._wait()
            self._bytes -= self._steps.popitem(last=False)[1].nbytes
        return self._steps[key]

    def _wait(self) -> None:
        """Waits until no step is in flight, because its memory is to be freed."""
        while self._in_flight:
            self._in_flight.popleft().synchronize()

    def _make_room(self) -> None:
        """Drops the graphs of whole networks until the others take less than the limit, this one's last."""
        caches = [cache for cache in _all_caches if cache._device == self._device]
        total = sum(cache._bytes for cache in caches)
        for cache in sorted(caches, key=lambda cache: cache._last_use):
            if total <= self._max_bytes:
                return
            total -= cache._bytes
            cache._release()

    def _release(self) -> None:
        """Drops all steps and their memory."""
        self._wait()
        self._steps.clear()
        self._bytes = 0
        if self._pool is not None:
            self._pool = torch.cuda.graph_pool_handle()
            release_memory(self._device)


_all_caches: "WeakSet[GraphCache]" = WeakSet()
_graph_caches: "WeakKeyDictionary[StagedNetwork, GraphCache]" = WeakKeyDictionary()


def graph_cache_for(network: StagedNetwork) -> GraphCache:
    """Returns the graphs of a network, which are freed with it; an empty cache if its weights have moved.

    Args:
        network: Network whose activations are maximised.
    """
    graphs = _graph_caches.get(network)
    if graphs is None or not graphs.is_valid_for(network):
        # The old ones are dropped first, because their memory is needed.
        _graph_caches.pop(network, None)
        del graphs
        release_memory(network.device)
        graphs = _graph_caches[network] = GraphCache(network)
    return graphs


def _weights_identity(network: StagedNetwork) -> tuple[int, torch.dtype, bool]:
    """Returns what the graphs of a network depend on, besides its weights whether the pass is used."""
    first = next(network.parameters())
    return first.data_ptr(), first.dtype, network.manual_pass
