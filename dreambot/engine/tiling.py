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

from dreambot.engine.gradients import compute_gradient, leaf_of, pad_to_minimum
from dreambot.engine.objectives import ObjectiveFunction
from dreambot.zoo.network import Network

HALO = 96
"""Width in pixels of the margin that a tile sees on every side beyond its own pixels."""

GRID = 32
"""Tiles begin at multiples of this many pixels, which every layer's stride divides."""

_MIN_TILE_SIDE = 128


@dataclass(frozen=True)
class Span:
    """The extent of a tile along one axis of the image, in pixels.

    Attributes:
        begin: First pixel that belongs to the tile.
        end: End (exclusive) of the pixels that belong to it.
        first: First pixel it sees, margin included.
        last: End (exclusive) of the pixels it sees.
        side: Length of the image along this axis.
    """

    begin: int
    end: int
    first: int
    last: int
    side: int


@dataclass(frozen=True)
class Tile:
    """A rectangle of the image."""

    rows: Span
    columns: Span

    @property
    def share(self) -> float:
        """The fraction of the image's pixels that belong to the tile."""
        rows, columns = self.rows, self.columns
        return (rows.end - rows.begin) * (columns.end - columns.begin) / (rows.side * columns.side)

    def crop(self, image: Tensor) -> Tensor:
        """Returns the part of an image that the tile sees, as a view.

        Args:
            image: `[…, height, width]`.
        """
        rows, columns = self.rows, self.columns
        return image[..., rows.first : rows.last, columns.first : columns.last]


@dataclass(frozen=True)
class LayerGrid:
    """The positions of a layer along one axis.

    Attributes:
        stride: Distance between two positions in pixels.
        offset: Centre of the first position in pixels.
    """

    stride: int
    offset: float

    @classmethod
    def of(cls, span: Span, positions: int) -> "LayerGrid":
        """Infers the grid of a layer from the size of its activation.

        Args:
            span: Extent of a tile.
            positions: Number of the layer's positions in what the tile sees.
        """
        pixels = span.last - span.first
        # Unpadded convolutions lose some positions at the ends, but too few to double the stride.
        stride = 2 ** math.floor(math.log2(1.1 * pixels / positions))
        return cls(stride, (pixels - stride * (positions - 1)) / 2)

    def owned_range(self, span: Span, positions: int) -> tuple[int, int]:
        """Returns the range (start, exclusive end) of the positions that belong to a tile.

        Args:
            span: Extent of the tile.
            positions: Number of positions in what it sees.
        """
        begin = 0 if span.begin == 0 else self._first_from(span.begin - span.first)
        return begin, positions if span.end == span.side else self._first_from(span.end - span.first)

    def _first_from(self, pixel: int) -> int:
        return max(0, math.ceil((pixel - self.offset) / self.stride))


def split_into_tiles(height: int, width: int, side: int, rng: random.Random) -> list[Tile]:
    """Splits an image into tiles with random borders.

    Args:
        height: Height of the image in pixels.
        width: Width of the image in pixels.
        side: Approximate side of a tile in pixels.
        rng: Random number generator.

    Returns:
        Tiles that cover the image, row by row from the left.
    """
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


def fits_in_tile(image: Tensor, side: int) -> bool:
    """Returns whether an image is no larger than what one tile sees.

    Args:
        image: `[…, height, width]`.
        side: Side of a tile in pixels.
    """
    return image.shape[-2] * image.shape[-1] <= (side + 2 * HALO) ** 2


def compute_tiled_gradient(
    network: Network, image: Tensor, objective: ObjectiveFunction, side: int, rng: random.Random
) -> tuple[Tensor, float]:
    """Computes what `compute_gradient` computes, in tiles.

    It takes 1.5 times as long as in one piece, because the activations are computed twice.

    Args:
        network: Network that computes the activations.
        image: `[1, 3, height, width]` in [-1, 1].
        objective: Objective to differentiate.
        side: Approximate side of a tile in pixels.
        rng: Random number generator of the tile borders.

    Returns:
        The gradient, float32 with the shape of `image`, and the value of the objective.
    """
    height, width = image.shape[-2:]
    tiles = split_into_tiles(height, width, side, rng)
    layers = _gather_activations(network, image, objective.layers, tiles)
    gradients, value = _activation_gradients(
        objective, {name: layer.whole() for name, layer in layers.items()}
    )
    parts = {name: layer.split(gradients[name]) for name, layer in layers.items()}
    gradient = torch.zeros_like(image)
    for tile in tiles:
        tile_objective = _LinearObjective({name: next(part) for name, part in parts.items()})
        tile.crop(gradient).add_(compute_gradient(network, tile.crop(image), tile_objective)[0])
    return gradient, value


def compute_activations(
    network: Network, image: Tensor, layers: Collection[str], side: int | None
) -> Features:
    """Computes activations without gradients, in tiles if the image is larger than a tile.

    Args:
        network: Network that computes the activations.
        image: `[1, 3, height, width]` in [-1, 1].
        layers: Names of the layers.
        side: Approximate side of a tile in pixels; None computes the image in one piece.

    Returns:
        The activation of the whole image for each layer.
    """
    if side is None or fits_in_tile(image, side):
        with torch.no_grad():
            return network.forward_to(pad_to_minimum(image), layers)
    height, width = image.shape[-2:]
    gathered = _gather_activations(
        network, image, layers, split_into_tiles(height, width, side, random.Random(0))
    )
    return {name: layer.whole() for name, layer in gathered.items()}


def _gather_activations(
    network: Network, image: Tensor, names: Collection[str], tiles: Sequence[Tile]
) -> dict[str, "_SpatialLayer | _ClassLayer"]:
    layers: dict[str, _SpatialLayer | _ClassLayer] = {}
    for tile in tiles:
        with torch.no_grad():
            activations = network.forward_to(pad_to_minimum(tile.crop(image)), names)
        for name, activation in activations.items():
            if name not in layers:
                layers[name] = _ClassLayer() if activation.dim() == 2 else _SpatialLayer(tile, activation)
            layers[name].add(tile, activation)
    return layers


def _activation_gradients(objective: ObjectiveFunction, whole: Features) -> tuple[dict[str, Tensor], float]:
    """Returns the gradient of the objective with respect to each activation, and its value."""
    with torch.enable_grad():
        features = {name: leaf_of(activation) for name, activation in whole.items()}
        total = objective(features).sum()
        gradients = torch.autograd.grad(total, list(features.values()))
    return dict(zip(features, gradients, strict=True)), float(total.detach())


class _LinearObjective:
    """The objective that has the given gradients with respect to the activations."""

    def __init__(self, gradients: Features) -> None:
        self._gradients = gradients
        self.layers = gradients.keys()

    def __call__(self, features: Features) -> Tensor:
        parts = [(features[name] * grad).flatten(1).sum(dim=1) for name, grad in self._gradients.items()]
        return torch.stack(parts).sum(dim=0)


class _SpatialLayer:
    """The activation of a layer, assembled from those of the tiles and split into them again."""

    def __init__(self, tile: Tile, activation: Tensor) -> None:
        """Infers the layer's grid from the first tile and its activation."""
        height, width = activation.shape[2:]
        self._grids = LayerGrid.of(tile.rows, height), LayerGrid.of(tile.columns, width)
        self._rows: list[list[Tensor]] = []
        self._padding: list[tuple[int, int, int, int]] = []

    def add(self, tile: Tile, activation: Tensor) -> None:
        """Adds the activation of the next tile, `[1, channels, h, w]`: row by row, from the left."""
        height, width = activation.shape[2:]
        top, bottom = self._grids[0].owned_range(tile.rows, height)
        left, right = self._grids[1].owned_range(tile.columns, width)
        if tile.columns.begin == 0:
            self._rows.append([])
        self._rows[-1].append(activation[..., top:bottom, left:right].clone())
        self._padding.append((left, width - right, top, height - bottom))

    def whole(self) -> Tensor:
        return torch.cat([torch.cat(row, dim=3) for row in self._rows], dim=2)

    def split(self, gradient: Tensor) -> Iterator[Tensor]:
        """Yields each tile's part of a gradient, 0 at positions that belong to another tile."""
        bands = torch.split(gradient, [row[0].shape[2] for row in self._rows], dim=2)
        pieces = (
            piece
            for row, band in zip(self._rows, bands, strict=True)
            for piece in torch.split(band, [own.shape[3] for own in row], dim=3)
        )
        return map(F.pad, pieces, self._padding)


class _ClassLayer:
    """The logits of the whole image: the mean of those of the tiles, weighted by area."""

    def __init__(self) -> None:
        self._logits: list[tuple[Tensor, float]] = []

    def add(self, tile: Tile, activation: Tensor) -> None:
        """Adds the logits of the next tile, `[1, classes]`."""
        self._logits.append((activation, tile.share))

    def whole(self) -> Tensor:
        return torch.stack([activation * share for activation, share in self._logits]).sum(dim=0)

    def split(self, gradient: Tensor) -> Iterator[Tensor]:
        """Yields each tile's part of a gradient."""
        return (gradient * share for _, share in self._logits)
