"""The steps that were used last, kept with their graphs, network by network."""

from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from dreambot.engine.cuda.canvas import Size, canvas_for
from dreambot.engine.cuda.recorded import Steps
from dreambot.engine.cuda.step import Kind
from dreambot.zoo.network import StagedNetwork

KEPT = 64
"""Graphs for each network: a dozen pictures' octaves."""

_SHARE = 0.25
"""How much of the device's memory the graphs of a network may take."""

Key = tuple[Kind, int, Size]


class Graphs:
    """A network's steps by kind, number of pictures and size of canvas; the ones not used for longest go.

    What a graph needs for itself while it runs lies in a pool that all graphs share, for only one runs at a
    time. So they take little more memory than the largest of them; a pool that has grown too large is given
    back with all its graphs.
    """

    def __init__(self, network: StagedNetwork, kept: int = KEPT, *, record: bool = True) -> None:
        """record: whether steps are recorded where they can be; otherwise each runs as it is written."""
        self._record = record
        self._weights = _weights(network)
        self._kept = kept
        self._steps: OrderedDict[Key, Steps] = OrderedDict()
        on_cuda = network.device.type == "cuda"
        self._pool = torch.cuda.graph_pool_handle() if on_cuda else None
        self._bound = _SHARE * torch.cuda.mem_get_info(network.device)[1] if on_cuda else 0.0
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
        return self._weights == _weights(network)

    def run(
        self,
        network: StagedNetwork,
        kind: Kind,
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

    def _steps_for(self, network: StagedNetwork, kind: Kind, pictures: Tensor) -> Steps:
        canvas = canvas_for((pictures.shape[-2], pictures.shape[-1]))
        key = (kind, len(pictures), canvas)
        if key not in self._steps:
            if self._pool is not None and self._bytes > self._bound:
                self._give_back()
            steps = self._steps[key] = Steps(network, kind, len(pictures), canvas, record=self._record)
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


_graphs: "WeakKeyDictionary[StagedNetwork, Graphs]" = WeakKeyDictionary()


def graphs_of(network: StagedNetwork) -> Graphs:
    """The network's graphs, which end with it; new ones where the old do not hold any more."""
    graphs = _graphs.get(network)
    if graphs is None or not graphs.hold(network):
        # The old ones go first: their memory is needed.
        _graphs.pop(network, None)
        del graphs
        if network.device.type == "cuda":
            torch.cuda.empty_cache()
        graphs = _graphs[network] = Graphs(network)
    return graphs


def _weights(network: StagedNetwork) -> tuple[int, torch.dtype]:
    first = next(network.parameters())
    return first.data_ptr(), first.dtype
