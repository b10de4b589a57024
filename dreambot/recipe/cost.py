"""What a dream costs, known before it is accepted."""

from collections.abc import Iterable, Iterator

from dreambot.recipe.layers import find_layer

SMALLEST_SIDE = 80
"""Octaves whose short side would fall below this many pixels are left out: deep layers see nothing there."""


def octave_sizes(
    width: int, height: int, octaves: int, scale: float, above: int = 0
) -> Iterator[tuple[int, int]]:
    """The (width, height) of each octave that is dreamed, smallest first. The last is the picture's own size,
    or with `above` that many octaves larger."""
    for index in range(octaves - 1 - above, -above - 1, -1):
        shrink = scale**-index
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        if index <= 0 or min(size) >= SMALLEST_SIDE:
            yield size


def dream_flops(model: str, layers: Iterable[str], sizes: Iterable[tuple[int, int]], steps: int) -> float:
    """FLOPs of the convolutions, forward and input gradient, of `steps` steps at each (width, height).

    The network is cut after its deepest layer, so only that one counts.
    """
    per_pixel = 2 * max(find_layer(name, model).flops for name in layers)
    return sum(width * height * per_pixel * steps for width, height in sizes)
