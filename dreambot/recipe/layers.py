"""The layer catalogue: every layer's names, what it shows, and how it likes to be dreamed.

Treatments and objectives per depth were chosen by eye; docs/looks.md says how to look again.
"""

import difflib
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
    names = _by_name(model)
    found = names.get(name.strip().lower())
    if found:
        return found
    near = difflib.get_close_matches(name[:40].lower(), names, n=5, cutoff=0.5)
    shown = list(dict.fromkeys(names[key].name.removesuffix("_pre") for key in near))[:3]
    raise RecipeError(
        f"There is no layer called “{name[:40]}”{_elsewhere(name, model)}; "
        f"did you mean {_either(shown or _examples(model))}?"
    )


@cache
def _by_name(model: str) -> dict[str, Layer]:
    """A model's layers by their names and aliases, in small letters."""
    return {known.lower(): layer for layer in LAYERS[model] for known in (layer.name, *layer.aliases)}


def _elsewhere(name: str, model: str) -> str:
    """Says so when other models have a layer of that name."""
    homes = [
        other
        for other, layers in LAYERS.items()
        if any(name.strip().lower() in (layer.name, *layer.aliases) for layer in layers)
    ]
    return f" in {model}, only in {_either(homes)}" if homes else ""


def _examples(model: str) -> list[str]:
    """Three layers from the middle of those on offer."""
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    middle = len(offered) // 2
    return offered[middle - 1 : middle + 2]


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
