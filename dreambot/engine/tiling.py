"""Gradients of images that are too large for the memory, tile by tile and without seams.

An objective looks at the whole image (a logarithm of a mean, a best match), so it cannot be computed
from one tile. First the activations of all tiles are assembled to those of the whole image; without
gradients, that takes little memory. The gradient of the objective with respect to them is then handed
back to each tile, which propagates its part to its own pixels. Every position of a layer belongs to
exactly one tile, which sees a margin around what belongs to it. The tile borders are random and change
with every step.
"""

import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.gradients import compute_gradient, pad_to_minimum
from dreambot.engine.objectives import ObjectiveFunction
from dreambot.zoo.network import Network

HALO = 96
"""A tile sees this many pixels more, on every side, than belong to it."""

GRID = 32
"""Tiles begin at multiples of this many pixels, which every layer's stride divides."""

_MIN_TILE_SIDE = 128


@dataclass(frozen=True)
class Span:
    """A tile along one side of the picture, in pixels: begin to end is its own, first to last it sees."""

    begin: int
    end: int
    first: int
    last: int
    side: int


@dataclass(frozen=True)
class Tile:
    """A rectangle of a picture."""

    rows: Span
    columns: Span

    @property
    def share(self) -> float:
        """The share of the picture that belongs to it."""
        rows, columns = self.rows, self.columns
        return (rows.end - rows.begin) * (columns.end - columns.begin) / (rows.side * columns.side)

    def seen(self, picture: Tensor) -> Tensor:
        """What it sees of a picture, (…, H, W); a view."""
        rows, columns = self.rows, self.columns
        return picture[..., rows.first : rows.last, columns.first : columns.last]


@dataclass(frozen=True)
class LayerGrid:
    """How a layer's spots lie along a side: `stride` pixels apart, the first one's middle at `middle`."""

    stride: int
    middle: float

    @classmethod
    def of(cls, span: Span, spots: int) -> "LayerGrid":
        """The lattice of a layer that has that many spots in what a tile sees."""
        pixels = span.last - span.first
        # Unpadded convolutions cost a layer some spots at the ends; less than it takes to double the stride.
        stride = 2 ** math.floor(math.log2(1.1 * pixels / spots))
        return cls(stride, (pixels - stride * (spots - 1)) / 2)

    def own(self, span: Span, spots: int) -> tuple[int, int]:
        """Where the spots that belong to a tile begin and end, of the `spots` in what it sees."""
        begin = 0 if span.begin == 0 else self._first_from(span.begin - span.first)
        return begin, spots if span.end == span.side else self._first_from(span.end - span.first)

    def _first_from(self, pixel: int) -> int:
        return max(0, math.ceil((pixel - self.middle) / self.stride))


def split_into_tiles(height: int, width: int, side: int, rng: random.Random) -> list[Tile]:
    """Tiles of about `side` × `side` pixels that cover a picture, row by row, from the left; where they meet
    is random."""
    rows, columns = _spans(height, side, rng), _spans(width, side, rng)
    return [Tile(row, column) for row in rows for column in columns]


def _spans(side: int, tile: int, rng: random.Random) -> list[Span]:
    tile -= tile % GRID
    start = GRID * rng.randrange(tile // GRID)
    cuts = [cut for cut in range(start, side, tile) if _MIN_TILE_SIDE <= cut <= side - _MIN_TILE_SIDE]
    bounds = [0, *cuts, side]
    return [
        Span(begin, end, max(0, begin - HALO), min(side, end + HALO), side) for begin, end in pairwise(bounds)
    ]


Features = Mapping[str, Tensor]


def fits_in_tile(picture: Tensor, side: int) -> bool:
    """Whether a picture is no larger than what a tile of `side` pixels sees."""
    return picture.shape[-2] * picture.shape[-1] <= (side + 2 * HALO) ** 2


def compute_tiled_gradient(
    network: Network, picture: Tensor, score: ObjectiveFunction, side: int, rng: random.Random
) -> tuple[Tensor, float]:
    """As `gradient_of`, in tiles of about `side` × `side` pixels that meet where `rng` says.

    It takes half as long again as in one piece, since the activations are computed twice.
    """
    height, width = picture.shape[-2:]
    cut = split_into_tiles(height, width, side, rng)
    layers = _gather_activations(network, picture, score.layers, cut)
    wanted, reached = _activation_gradients(score, {name: layer.whole() for name, layer in layers.items()})
    parts = {name: layer.parts(wanted[name]) for name, layer in layers.items()}
    gradient = torch.zeros_like(picture)
    for tile in cut:
        handed = _LinearObjective({name: next(part) for name, part in parts.items()})
        tile.seen(gradient).add_(compute_gradient(network, tile.seen(picture), handed)[0])
    return gradient, reached


def compute_activations(
    network: Network, picture: Tensor, layers: Collection[str], side: int | None
) -> Features:
    """The values of `layers`, without gradients; in tiles where a `side` is given and the picture larger."""
    if side is None or fits_in_tile(picture, side):
        with torch.no_grad():
            return network.forward_to(pad_to_minimum(picture), layers)
    height, width = picture.shape[-2:]
    gathered = _gather_activations(
        network, picture, layers, split_into_tiles(height, width, side, random.Random(0))
    )
    return {name: layer.whole() for name, layer in gathered.items()}


def _gather_activations(
    network: Network, picture: Tensor, names: Collection[str], cut: Sequence[Tile]
) -> dict[str, "_SpatialLayer | _ClassLayer"]:
    layers: dict[str, _SpatialLayer | _ClassLayer] = {}
    for tile in cut:
        with torch.no_grad():
            seen = network.forward_to(pad_to_minimum(tile.seen(picture)), names)
        for name, activation in seen.items():
            if name not in layers:
                layers[name] = _ClassLayer() if activation.dim() == 2 else _SpatialLayer(tile, activation)
            layers[name].add(tile, activation)
    return layers


def _activation_gradients(score: ObjectiveFunction, whole: Features) -> tuple[dict[str, Tensor], float]:
    """The gradient of the score to the activations, and the score."""
    with torch.enable_grad():
        features = {name: activation.detach().requires_grad_() for name, activation in whole.items()}
        reached = score(features).sum()
        gradients = torch.autograd.grad(reached, list(features.values()))
    return dict(zip(features, gradients, strict=True)), float(reached.detach())


class _LinearObjective:
    """The score whose gradient to the activations is given."""

    def __init__(self, wanted: Features) -> None:
        self._wanted = wanted
        self.layers = wanted.keys()

    def __call__(self, features: Features) -> Tensor:
        parts = [(features[name] * want).flatten(1).sum(dim=1) for name, want in self._wanted.items()]
        return torch.stack(parts).sum(dim=0)


class _SpatialLayer:
    """A layer's activation, put together from the tiles' and taken apart again."""

    def __init__(self, tile: Tile, activation: Tensor) -> None:
        """From the first tile and its activation."""
        height, width = activation.shape[2:]
        self._lattices = LayerGrid.of(tile.rows, height), LayerGrid.of(tile.columns, width)
        self._rows: list[list[Tensor]] = []
        self._around: list[tuple[int, int, int, int]] = []

    def add(self, tile: Tile, activation: Tensor) -> None:
        """The next tile's, (1, C, h, w): row by row, from the left."""
        height, width = activation.shape[2:]
        top, bottom = self._lattices[0].own(tile.rows, height)
        left, right = self._lattices[1].own(tile.columns, width)
        if tile.columns.begin == 0:
            self._rows.append([])
        self._rows[-1].append(activation[..., top:bottom, left:right].clone())
        self._around.append((left, width - right, top, height - bottom))

    def whole(self) -> Tensor:
        return torch.cat([torch.cat(row, dim=3) for row in self._rows], dim=2)

    def parts(self, wanted: Tensor) -> Iterator[Tensor]:
        """What is wanted of each tile's activation: nothing of the spots that are another's."""
        bands = torch.split(wanted, [row[0].shape[2] for row in self._rows], dim=2)
        pieces = (
            piece
            for row, band in zip(self._rows, bands, strict=True)
            for piece in torch.split(band, [own.shape[3] for own in row], dim=3)
        )
        return map(F.pad, pieces, self._around)


class _ClassLayer:
    """A class layer says one thing of the whole picture: the mean of what it says of the tiles."""

    def __init__(self) -> None:
        self._said: list[tuple[Tensor, float]] = []

    def add(self, tile: Tile, activation: Tensor) -> None:
        """The next tile's, (1, C)."""
        self._said.append((activation, tile.share))

    def whole(self) -> Tensor:
        return torch.stack([activation * share for activation, share in self._said]).sum(dim=0)

    def parts(self, wanted: Tensor) -> Iterator[Tensor]:
        """What is wanted of each tile's activation."""
        return (wanted * share for _, share in self._said)
