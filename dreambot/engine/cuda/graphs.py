"""Ascent steps captured as CUDA graphs, cached per network.

A step is hundreds of small kernels: some for each layer and its backward, dozens for the Laplacian
pyramid of the gradient. Launching one from Python takes 5 to 10 µs, more than a fast device needs to
run it, so the device would be idle most of the time, and a dream has forty steps. So a step is captured
once as a graph, which the driver launches as a whole, with new values in the same memory: the image,
its jitter, the step length.

Nothing here needs a CUDA device to be read or tested: without one the steps run eagerly.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from dreambot.engine.cuda.step import (
    BatchObjective,
    Size,
    StepBuffers,
    StepConfig,
    batch_step,
    canvas_for,
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

_WARMUP_STEPS = 2
"""Steps before a graph is recorded. They do real work, and let libraries choose kernels, ask for memory and
compile, none of which a recording allows. Steps that are not repeated are not worth one anyway."""


class CapturedStep:
    """Steps of `count` pictures of one kind on one size of canvas; without a CUDA device never recorded."""

    def __init__(
        self, network: Network, kind: StepConfig, count: int, canvas: Size, *, record: bool = True
    ) -> None:
        self._kind, self._canvas = kind, canvas
        self._aim = BatchObjective(kind, network.device)
        # Allocated outside of any graph, so that the memory of graphs may be used by others between steps.
        self._buffers = StepBuffers.empty(count, canvas, network.device)
        self._stepped = torch.empty_like(self._buffers.pictures)
        self._scores = torch.empty_like(self._buffers.lengths)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._before = _WARMUP_STEPS if record and network.device.type == "cuda" else None
        self.nbytes = self._buffers.nbytes + self._stepped.nbytes
        self.recorded_bytes = 0

    @property
    def recorded(self) -> bool:
        """Whether there is a graph already."""
        return self._graph is not None

    def run(
        self,
        network: Network,
        pictures: Tensor,
        offsets: Sequence[Size],
        lengths: Sequence[float],
        pool: "Pool | None" = None,
    ) -> tuple[Tensor, list[float]]:
        """(the pictures after a step, the scores before it).

        pictures: (N, 3, h, w) in [-1, 1], at most as large as the canvas. offsets: how far each is rolled
        (down, right). lengths: of the step. pool: of memory that graphs share.
        """
        size = (pictures.shape[-2], pictures.shape[-1])
        self._fill(pictures, size, offsets, lengths)
        if self._before == 0 and self._graph is None:
            self._record(network, pool)
        if self._graph is not None:
            self._graph.replay()
        else:
            self._step(network)
            if self._before:
                self._before -= 1
        return self._stepped[..., : size[0], : size[1]].clone(), self._scores.tolist()

    def _fill(self, pictures: Tensor, size: Size, offsets: Sequence[Size], lengths: Sequence[float]) -> None:
        # The rest of the canvas is never looked at.
        self._buffers.pictures[..., : size[0], : size[1]] = pictures
        self._buffers.places.copy_(torch.from_numpy(roll_indices(size, self._canvas, offsets)))
        self._buffers.lengths.copy_(torch.from_numpy(np.array(lengths, np.float32)))

    def _step(self, network: Network) -> None:
        pictures, scores = batch_step(network, self._aim, self._kind, self._buffers)
        self._stepped.copy_(pictures)
        self._scores.copy_(scores)

    def _record(self, network: Network, pool: "Pool | None") -> None:
        graph = torch.cuda.CUDAGraph()
        device = network.device
        torch.cuda.empty_cache()
        before = torch.cuda.memory_reserved(device)
        try:
            # A recording that fails may leave its own stream the current one; this takes it back.
            with torch.cuda.device(device), torch.cuda.stream(torch.cuda.current_stream(device)):
                with torch.cuda.graph(graph, pool=pool):
                    self._step(network)
        except RuntimeError as error:
            log.warning("These steps cannot be recorded as a graph and run one by one: %s", error)
            self._before = None
            return
        self.recorded_bytes = max(0, torch.cuda.memory_reserved(device) - before)
        self._graph = graph


MAX_CACHED_GRAPHS = 64
"""Graphs for each network: a dozen pictures' octaves."""

_MAX_MEMORY_SHARE = 0.25
"""How much of the device's memory the graphs of a network may take."""

GraphKey = tuple[StepConfig, int, Size]


class GraphCache:
    """A network's steps by kind, number of pictures and size of canvas; the ones not used for longest go.

    What a graph needs for itself while it runs lies in a pool that all graphs share, for only one runs at a
    time. So they take little more memory than the largest of them; a pool that has grown too large is given
    back with all its graphs.
    """

    def __init__(self, network: StagedNetwork, kept: int = MAX_CACHED_GRAPHS, *, record: bool = True) -> None:
        """record: whether steps are recorded where they can be; otherwise each runs as it is written."""
        self._record = record
        self._weights = _weights_identity(network)
        self._kept = kept
        self._steps: OrderedDict[GraphKey, CapturedStep] = OrderedDict()
        on_cuda = network.device.type == "cuda"
        self._pool = torch.cuda.graph_pool_handle() if on_cuda else None
        self._bound = _MAX_MEMORY_SHARE * torch.cuda.mem_get_info(network.device)[1] if on_cuda else 0.0
        self._bytes = 0

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The canvases of the steps that are kept, the one used last last."""
        return tuple(canvas for _, _, canvas in self._steps)

    @property
    def recorded(self) -> int:
        """How many of them are recorded."""
        return sum(steps.recorded for steps in self._steps.values())

    def hold(self, network: StagedNetwork) -> bool:
        """Whether the network's weights are still where the graphs look for them."""
        return self._weights == _weights_identity(network)

    def run(
        self,
        network: StagedNetwork,
        kind: StepConfig,
        pictures: Tensor,
        offsets: Sequence[Size],
        lengths: Sequence[float],
    ) -> tuple[Tensor, list[float]]:
        """See `Steps.run`."""
        try:
            steps = self._steps_for(network, kind, pictures)
            known = steps.recorded_bytes
            out = steps.run(network, pictures, offsets, lengths, self._pool)
        except torch.OutOfMemoryError:
            # Whoever tries again in another way needs what is kept here.
            self._give_back()
            raise
        self._bytes += steps.recorded_bytes - known
        return out

    def _steps_for(self, network: StagedNetwork, kind: StepConfig, pictures: Tensor) -> CapturedStep:
        canvas = canvas_for((pictures.shape[-2], pictures.shape[-1]))
        key = (kind, len(pictures), canvas)
        if key not in self._steps:
            if self._pool is not None and self._bytes > self._bound:
                self._give_back()
            steps = self._steps[key] = CapturedStep(network, kind, len(pictures), canvas, record=self._record)
            self._bytes += steps.nbytes
        self._steps.move_to_end(key)
        if len(self._steps) > self._kept:
            self._bytes -= self._steps.popitem(last=False)[1].nbytes
        return self._steps[key]

    def _give_back(self) -> None:
        """Starts anew, with nothing."""
        self._steps.clear()
        self._bytes = 0
        if self._pool is not None:
            self._pool = torch.cuda.graph_pool_handle()
            torch.cuda.empty_cache()


_graph_caches: "WeakKeyDictionary[StagedNetwork, GraphCache]" = WeakKeyDictionary()


def graph_cache_for(network: StagedNetwork) -> GraphCache:
    """The network's graphs, which end with it; new ones where the old do not hold any more."""
    graphs = _graph_caches.get(network)
    if graphs is None or not graphs.hold(network):
        # The old ones go first: their memory is needed.
        _graph_caches.pop(network, None)
        del graphs
        if network.device.type == "cuda":
            torch.cuda.empty_cache()
        graphs = _graph_caches[network] = GraphCache(network)
    return graphs


def _weights_identity(network: StagedNetwork) -> tuple[int, torch.dtype]:
    first = next(network.parameters())
    return first.data_ptr(), first.dtype


def try_graph_step(
    network: Network,
    score: ObjectiveFunction,
    recipe: Recipe,
    picture: Tensor,
    length: float,
    movement: Transform,
) -> tuple[Tensor, float] | None:
    """What `Climb.step` gives, by a graph; None where it has to do it itself: on other devices, for bent
    networks, scores of other kinds, and what else `kind_of` has no kind for.

    For climbs without a mask. The movement's turn and scale are none where the recipe's are none.
    """
    if (
        picture.device.type != "cuda"
        or type(network) is not StagedNetwork
        or type(score) is not LayerObjective
    ):
        return None
    kind = step_config_for(recipe, score.terms) if score.kind == recipe.objective else None
    if kind is None or (recipe.tile is not None and not fits_in_tile(picture, recipe.tile)):
        return None
    offset = movement.offset(picture)
    stepped, (reached,) = graph_cache_for(network).run(network, kind, picture, [offset], [length])
    return stepped, reached
