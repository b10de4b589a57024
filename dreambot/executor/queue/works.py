"""What there is to do in a job, as far as its time depends on it."""

import math
from dataclasses import dataclass
from typing import Literal, Self

from dreambot.recipe import Recipe, find_layer

Motion = Literal["still", "hellscape", "moving"]


@dataclass(frozen=True, slots=True)
class Work:
    """A job's kind and its amount. way: whether the gradient takes the plain way or one with bends, a guide,
    tiles or a spectrum, which are slower. layer: the deepest, where the network is cut. flops: as the recipe
    reckons them, which of moving sources is several times too many."""

    motion: Motion
    model: str
    precision: str
    way: str
    layer: str
    log_pixels: float
    flops: float

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """The work of a recipe. Of a long film this takes a while, so keep it."""
        deepest = max(recipe.all_terms, key=lambda term: find_layer(term.layer, recipe.model).flops)
        return cls(
            motion="hellscape" if recipe.hellscape else "moving" if recipe.moving else "still",
            model=recipe.model,
            precision=recipe.precision,
            way=_way(recipe),
            layer=deepest.layer,
            log_pixels=math.log2(recipe.width * recipe.height),
            flops=recipe.flops,
        )

    @property
    def size_class(self) -> int:
        """Sizes are alike whose pixels differ by less than a factor of about 1.4."""
        return round(2 * self.log_pixels)


def _way(recipe: Recipe) -> str:
    ways = {
        "bent": recipe.bends,
        "guided": recipe.guide,
        "tiled": recipe.tile,
        "spectrum": recipe.parametrisation == "fourier",
    }
    return "+".join(name for name, taken in ways.items() if taken) or "plain"
