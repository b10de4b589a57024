"""One step of many pictures at once, of a form that a graph can hold.

Whatever changes from step to step comes in tensors; nothing is asked of the device on the way, and no memory
is sent there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from dreambot.engine.cuda.canvas import Size
from dreambot.engine.cuda.fused import fused_treat
from dreambot.engine.objective import objective
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Gradient, Objective
from dreambot.zoo.network import Network

_DAMPED = 0.25
"""See `Climb.step`: of a step whose score is no finite number."""


@dataclass(frozen=True)
class Kind:
    """What is the same for all steps of a graph, as recipes have it. No term is to look for its channels."""

    terms: tuple[LayerTerm, ...]
    objective: Objective
    gradient: Gradient
    bands: tuple[float, ...]
    chroma: float


class Aim:
    """The score of a kind, whose channels are looked up by tensors that are on the device already."""

    def __init__(self, kind: Kind, device: torch.device) -> None:
        self.layers = frozenset(term.layer for term in kind.terms)
        self._kind = kind
        self._channels = [
            torch.tensor(term.channels, device=device) if term.channels else None for term in kind.terms
        ]
        # Each term looks at what was chosen for it.
        self._terms = [
            term.model_copy(update={"layer": str(place), "channels": ()})
            for place, term in enumerate(kind.terms)
        ]

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        chosen = {}
        for new, term, channels in zip(self._terms, self._kind.terms, self._channels, strict=True):
            activation = features[term.layer]
            chosen[new.layer] = activation if channels is None else activation.index_select(1, channels)
        return objective(chosen, self._terms, self._kind.objective)


@dataclass(frozen=True)
class Buffers:
    """What a step reads. pictures: (N, 3, H, W) canvases. places: see `canvas.places`. lengths: (N,)."""

    pictures: Tensor
    places: Tensor
    lengths: Tensor

    @property
    def nbytes(self) -> int:
        """The memory they take."""
        return self.pictures.nbytes + self.places.nbytes + self.lengths.nbytes

    @classmethod
    def empty(cls, count: int, canvas: Size, device: torch.device) -> "Buffers":
        """For `count` pictures on canvases of that size."""
        return cls(
            torch.zeros(count, 3, *canvas, device=device),
            torch.zeros(count, 2 * sum(canvas), dtype=torch.int64, device=device),
            torch.zeros(count, device=device),
        )


def stepped(network: Network, aim: Aim, kind: Kind, buffers: Buffers) -> tuple[Tensor, Tensor]:
    """(the canvases after a step, (N, 3, H, W); the scores before it, (N,))."""
    pictures, lengths = buffers.pictures, buffers.lengths
    height, width = pictures.shape[-2:]
    rows, columns, rows_back, columns_back = buffers.places.split_with_sizes(
        [height, width, height, width], dim=1
    )
    gradient, scores = _gradient(network, _seen(pictures, rows, columns), aim)
    step = fused_treat(kind.gradient, kind.bands, kind.chroma)(_seen(gradient, rows_back, columns_back))
    lengths = torch.where(scores.isfinite(), lengths, lengths * _DAMPED)
    return torch.addcmul(pictures, step, lengths.view(-1, 1, 1, 1)).clamp_(-1, 1), scores


def _seen(pictures: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    count, channels = pictures.shape[:2]
    which = torch.arange(count, device=pictures.device).view(-1, 1, 1, 1)
    channel = torch.arange(channels, device=pictures.device).view(1, -1, 1, 1)
    return pictures[which, channel, rows[:, None, :, None], columns[:, None, None, :]]


def _gradient(network: Network, pictures: Tensor, aim: Aim) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        pictures = pictures.detach().requires_grad_()
        scores = aim(network.forward_to(pictures, aim.layers))
        (gradient,) = torch.autograd.grad(scores.sum(), pictures)
    return torch.nan_to_num(gradient, 0.0, 0.0, 0.0), scores.detach()
