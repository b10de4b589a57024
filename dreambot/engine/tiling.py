"""How a picture is cut into tiles, and which spots of a layer belong to which tile."""

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor

HALO = 96
"""A tile sees this many pixels more, on every side, than belong to it."""

GRID = 32
"""Tiles begin at multiples of this many pixels, which every layer's stride divides."""

_NARROWEST = 128


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
class Lattice:
    """How a layer's spots lie along a side: `stride` pixels apart, the first one's middle at `middle`."""

    stride: int
    middle: float

    @classmethod
    def of(cls, span: Span, spots: int) -> "Lattice":
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


def tiles(height: int, width: int, side: int, rng: random.Random) -> list[Tile]:
    """Tiles of about `side` × `side` pixels that cover a picture, row by row, from the left; where they meet
    is random."""
    rows, columns = _spans(height, side, rng), _spans(width, side, rng)
    return [Tile(row, column) for row in rows for column in columns]


def _spans(side: int, tile: int, rng: random.Random) -> list[Span]:
    tile -= tile % GRID
    start = GRID * rng.randrange(tile // GRID)
    cuts = [cut for cut in range(start, side, tile) if _NARROWEST <= cut <= side - _NARROWEST]
    bounds = [0, *cuts, side]
    return [
        Span(begin, end, max(0, begin - HALO), min(side, end + HALO), side) for begin, end in pairwise(bounds)
    ]
