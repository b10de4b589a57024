"""Models as they were trained."""

from collections.abc import Callable
from dataclasses import dataclass

DEFAULT_MODEL = "inception_v3"

USUAL_WEIGHTS = {
    "inception_v3": "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
    "vgg16": "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
    "mobilenet_v2": "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
}
"""Architecture → sha256 of the weights' file, of those in packages: a recipe's text leaves these out."""


@dataclass(frozen=True)
class Trained:
    """An architecture, a name in `LAYERS`, and the sha256 that tells which weights it has."""

    architecture: str
    weights: str


Models = Callable[[str], Trained]
"""What a model that people name is; raises a UserError that lists the names there are."""
