"""The steps of one kind, recorded as a graph after the first few."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dreambot.engine.cuda.canvas import Size, places
from dreambot.engine.cuda.step import Aim, Buffers, Kind, stepped
from dreambot.zoo.network import Network

if TYPE_CHECKING:
    from torch.cuda import _POOL_HANDLE as Pool

log = logging.getLogger(__name__)

_UNRECORDED = 2
"""Steps before a graph is recorded. They do real work, and let libraries choose kernels, ask for memory and
compile, none of which a recording allows. Steps that are not repeated are not worth one anyway."""


class Steps:
    """Steps of `count` pictures of one kind on one size of canvas; without a CUDA device never recorded."""

    def __init__(
        self, network: Network, kind: Kind, count: int, canvas: Size, *, record: bool = True
    ) -> None:
        self._kind, self._canvas = kind, canvas
        self._aim = Aim(kind, network.device)
        # Allocated outside of any graph, so that the memory of graphs may be used by others between steps.
        self._buffers = Buffers.empty(count, canvas, network.device)
        self._stepped = torch.empty_like(self._buffers.pictures)
        self._scores = torch.empty_like(self._buffers.lengths)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._before = _UNRECORDED if record and network.device.type == "cuda" else None
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
        self._buffers.places.copy_(torch.from_numpy(places(size, self._canvas, offsets)))
        self._buffers.lengths.copy_(torch.from_numpy(np.array(lengths, np.float32)))

    def _step(self, network: Network) -> None:
        pictures, scores = stepped(network, self._aim, self._kind, self._buffers)
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
