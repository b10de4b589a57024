"""The `Layer` type: a layer's names, cost and default parameters."""

from dataclasses import dataclass, replace
from typing import Literal

from dreambot.errors import Message

Objective = Literal["ms", "eq", "p4", "logit"]
Gradient = Literal["laplacian", "blur", "mean_abs"]

FINE_BANDS = (0.3, 0.8, 1.0, 0.9)
COARSE_BANDS = (0.2, 0.7, 1.0, 1.0)
BLUR_BANDS = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Layer:
    """One layer of one architecture.

    `flops` is the cost of the forward pass up to here, in floating-point operations per input pixel
    (a multiply-add counts two); the gradient to the input costs the same again.
    `offered` layers are suggested to people; the others only work when named.
    """

    model: str
    name: str
    aliases: tuple[str, ...]
    channels: int
    flops: float
    shows: str
    objective: Objective = "ms"
    gradient: Gradient = "laplacian"
    bands: tuple[float, ...] = FINE_BANDS
    chroma: float = 0.6
    offered: bool = True

    @property
    def description(self) -> Message:
        """What it makes an image look like, in every language."""
        return Message(f"layer-{self.model}-{self.name}", default=self.shows)


def with_pre_relu(layer: Layer) -> tuple[Layer, Layer]:
    """The layer's values before its ReLU, called `…_pre`, and the layer.

    For single channels that the picture does not excite yet: behind the ReLU they are all zero, and zero has
    no gradient. The plain mean, for a square would drive a channel away from zero on the wrong side. All
    channels together are mush, so nobody is offered this.
    """
    aliases = tuple(f"{alias}_pre" for alias in layer.aliases)
    shows = f"{layer.shows}, before the ReLU: for single channels that stay silent"
    pre = replace(
        layer, name=f"{layer.name}_pre", aliases=aliases, shows=shows, objective="logit", offered=False
    )
    return pre, layer
