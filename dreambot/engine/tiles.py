"""Gradients of pictures that are too large for the memory: tile by tile, and without a seam.

A score looks at the whole picture (a logarithm of a mean, a best match), so no tile alone can know it. First
the activations of all tiles are put together to those of the whole picture; without gradients, that is
little. The score says what it wants of them, and then each tile hands its part back to its own pixels. Every
spot of a layer belongs to one tile only, which sees more around it than belongs to it; and where tiles meet
is drawn anew each time.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.gradients import gradient_of, padded
from dreambot.engine.score import Score
from dreambot.engine.tiling import HALO, Lattice, Tile, tiles
from dreambot.zoo.network import Network

Features = Mapping[str, Tensor]


def fits(picture: Tensor, side: int) -> bool:
    """Whether a picture is no larger than what a tile of `side` pixels sees."""
    return picture.shape[-2] * picture.shape[-1] <= (side + 2 * HALO) ** 2


def tiled_gradient_of(
    network: Network, picture: Tensor, score: Score, side: int, rng: random.Random
) -> tuple[Tensor, float]:
    """As `gradient_of`, in tiles of about `side` × `side` pixels that meet where `rng` says.

    It takes half as long again as in one piece, since the activations are computed twice.
    """
    height, width = picture.shape[-2:]
    cut = tiles(height, width, side, rng)
    layers = _gathered(network, picture, score.layers, cut)
    wanted, reached = _wanted(score, {name: layer.whole() for name, layer in layers.items()})
    parts = {name: layer.parts(wanted[name]) for name, layer in layers.items()}
    gradient = torch.zeros_like(picture)
    for tile in cut:
        handed = _Handed({name: next(part) for name, part in parts.items()})
        tile.seen(gradient).add_(gradient_of(network, tile.seen(picture), handed)[0])
    return gradient, reached


def activations(network: Network, picture: Tensor, layers: Collection[str], side: int | None) -> Features:
    """The values of `layers`, without gradients; in tiles where a `side` is given and the picture larger."""
    if side is None or fits(picture, side):
        with torch.no_grad():
            return network.forward_to(padded(picture), layers)
    height, width = picture.shape[-2:]
    gathered = _gathered(network, picture, layers, tiles(height, width, side, random.Random(0)))
    return {name: layer.whole() for name, layer in gathered.items()}


def _gathered(
    network: Network, picture: Tensor, names: Collection[str], cut: Sequence[Tile]
) -> dict[str, "_Spots | _Classes"]:
    layers: dict[str, _Spots | _Classes] = {}
    for tile in cut:
        with torch.no_grad():
            seen = network.forward_to(padded(tile.seen(picture)), names)
        for name, activation in seen.items():
            if name not in layers:
                layers[name] = _Classes() if activation.dim() == 2 else _Spots(tile, activation)
            layers[name].add(tile, activation)
    return layers


def _wanted(score: Score, whole: Features) -> tuple[dict[str, Tensor], float]:
    """The gradient of the score to the activations, and the score."""
    with torch.enable_grad():
        features = {name: activation.detach().requires_grad_() for name, activation in whole.items()}
        reached = score(features).sum()
        gradients = torch.autograd.grad(reached, list(features.values()))
    return dict(zip(features, gradients, strict=True)), float(reached.detach())


class _Handed:
    """The score whose gradient to the activations is given."""

    def __init__(self, wanted: Features) -> None:
        self._wanted = wanted
        self.layers = wanted.keys()

    def __call__(self, features: Features) -> Tensor:
        parts = [(features[name] * want).flatten(1).sum(dim=1) for name, want in self._wanted.items()]
        return torch.stack(parts).sum(dim=0)


class _Spots:
    """A layer's activation, put together from the tiles' and taken apart again."""

    def __init__(self, tile: Tile, activation: Tensor) -> None:
        """From the first tile and its activation."""
        height, width = activation.shape[2:]
        self._lattices = Lattice.of(tile.rows, height), Lattice.of(tile.columns, width)
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


class _Classes:
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
