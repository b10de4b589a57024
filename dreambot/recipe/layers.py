"""The networks a recipe can name: default model, weights, and the catalogue of their layers.

Gradient processing and objectives per depth were chosen by eye; docs/looks.md says how to check them again.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.models import (
    googlenet,
    inception_v3,
    inception_v3_torchvision,
    mobilenet_v2,
    resnet50,
    vgg16,
)
from dreambot.recipe.models.layer import Gradient, Layer, Objective

DEFAULT_MODEL = "inception_v3"

DEFAULT_WEIGHTS = {
    "inception_v3": "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
    "vgg16": "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
    "mobilenet_v2": "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
}
"""Architecture → sha256 of the weights' file, of those in packages: a recipe's text leaves these out."""


@dataclass(frozen=True)
class TrainedModel:
    """An architecture, a name in `LAYERS`, and the sha256 that tells which weights it has."""

    architecture: str
    weights: str


ModelLookup = Callable[[str], TrainedModel]
"""What a model that people name is; raises a UserError that lists the names there are."""

__all__ = ["LAYERS", "Gradient", "Layer", "Objective", "find_layer"]

LAYERS: dict[str, tuple[Layer, ...]] = {
    "inception_v3": inception_v3.LAYERS,
    "vgg16": vgg16.LAYERS,
    "mobilenet_v2": mobilenet_v2.LAYERS,
    "googlenet": googlenet.LAYERS,
    "resnet50": resnet50.LAYERS,
    "inception_v3_torchvision": inception_v3_torchvision.LAYERS,
}


def find_layer(name: str, model: str = "inception_v3") -> Layer:
    """The layer of that name or alias, whatever the case. Raises RecipeError naming the nearest ones."""
    known = _by_name(model)
    found = known.get(name.strip().lower())
    if found:
        return found
    near = difflib.get_close_matches(name[:40].lower(), known, n=5, cutoff=0.5)
    shown = list(dict.fromkeys(known[key].name.removesuffix("_pre") for key in near))[:3]
    names = shown or _example_layers(model)
    if homes := _other_models(name):
        raise RecipeError("errors-no-layer-here", name=name[:40], model=model, homes=homes, names=names)
    raise RecipeError("errors-no-layer", name=name[:40], names=names)


@cache
def _by_name(model: str) -> dict[str, Layer]:
    """A model's layers by their names and aliases, in small letters."""
    return {known.lower(): layer for layer in LAYERS[model] for known in (layer.name, *layer.aliases)}


def _other_models(name: str) -> list[str]:
    """Returns the models that have a layer of that name."""
    return [
        other
        for other, layers in LAYERS.items()
        if any(name.strip().lower() in (layer.name, *layer.aliases) for layer in layers)
    ]


def _example_layers(model: str) -> list[str]:
    """Three layers from the middle of those on offer."""
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    middle = len(offered) // 2
    return offered[middle - 1 : middle + 2]
