"""The layers of the networks a recipe can name, from `data/layers/*.toml`, and what dreaming them costs.

Gradient processing and objectives per depth were chosen by eye; docs/looks.md says how to check them again.
"""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

from dreambot.errors import Message
from dreambot.recipe.errors import RecipeError

DEFAULT_MODEL = "inception_v3"
ARCHITECTURES = (
    DEFAULT_MODEL,
    "vgg16",
    "mobilenet_v2",
    "googlenet",
    "resnet50",
    "inception_v3_torchvision",
    "faces",
    "writing",
)
"""Each has a file in `data/layers`. A layer that is named without its network is looked up in this order."""

Objective = Literal["ms", "eq", "p4", "logit"]
Gradient = Literal["laplacian", "blur", "mean_abs"]


@dataclass(frozen=True)
class Layer:
    """One layer of one architecture.

    Attributes:
        model: The architecture.
        name: Its canonical name.
        aliases: Other names, such as torchvision's and TensorFlow's.
        channels: The number of channels.
        flops: The cost of the forward pass up to here, in floating-point operations per input pixel (a
            multiply-add counts two); the gradient with respect to the input costs the same again.
        shows: What it makes an image look like, in English.
        objective: The default objective, as in `Recipe`.
        gradient: The default gradient processing, as in `Recipe`.
        bands: The default weights of the gradient's bands, finest first.
        chroma: The default scale of the gradient's colour.
        offered: Whether it is suggested to people; the others only work when named.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    model: str
    name: str
    aliases: tuple[str, ...]
    channels: int
    flops: float
    shows: str
    objective: Objective = "ms"
    gradient: Gradient = "laplacian"
    bands: tuple[float, ...] = (0.3, 0.8, 1.0, 0.9)
    chroma: float = 0.6
    offered: bool = True

    @property
    def description(self) -> Message:
        """What it makes an image look like, in every language."""
        return Message(f"layer-{self.model}-{self.name}", default=self.shows)


def _load_catalogue(model: str) -> dict[str, Any]:
    """Reads the data file of an architecture.

    `weights`: sha256 of the weights' file in the package index. `same_as`: another architecture, whose layers
    come first. `bends`: the fields of `BendLayers`. `groups`: layers from shallow to deep; each group's other
    fields are defaults for its layers. With `pre_relu`, each is preceded by its values before the ReLU.
    """
    return tomllib.loads(files("dreambot.recipe").joinpath(f"data/layers/{model}.toml").read_text("utf-8"))


def _build_layers(model: str, catalogue: dict[str, Any]) -> Iterator[Layer]:
    if same := catalogue.get("same_as"):
        yield from _build_layers(model, _CATALOGUES[same])
    for group in catalogue["groups"]:
        defaults = {name: value for name, value in group.items() if name not in ("layers", "pre_relu")}
        for fields in group["layers"]:
            layer = _LAYER.validate_python({"model": model, **defaults, **fields})
            if group.get("pre_relu"):
                yield _before_relu(layer)
            yield layer


def _before_relu(layer: Layer) -> Layer:
    """The layer's values before its ReLU, called `…_pre`.

    For single channels that the image does not excite yet: after the ReLU they are zero everywhere, and so is
    their gradient. The objective is the plain mean, since a square would drive a channel away from zero on
    the wrong side. All channels together give a mush, so it is not offered.
    """
    return replace(
        layer,
        name=f"{layer.name}_pre",
        aliases=tuple(f"{alias}_pre" for alias in layer.aliases),
        shows=f"{layer.shows}, before the ReLU: for single channels that stay silent",
        objective="logit",
        offered=False,
    )


_LAYER = TypeAdapter(Layer)
_CATALOGUES = {model: _load_catalogue(model) for model in ARCHITECTURES}

LAYERS = {model: tuple(_build_layers(model, catalogue)) for model, catalogue in _CATALOGUES.items()}
"""Architecture → its layers, from shallow to deep."""


@dataclass(frozen=True)
class BendLayers:
    """Where an architecture is bent if no one names a layer, chosen by eye.

    Attributes:
        bent: The layers whose output or weights random bends change, from shallow to deep.
        dreamed: The layers to dream through bends, from shallow to deep.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    bent: tuple[str, ...]
    dreamed: tuple[str, ...]


BEND_LAYERS: dict[str, BendLayers] = {
    model: TypeAdapter(BendLayers).validate_python(
        catalogue.get("bends") or _CATALOGUES[catalogue["same_as"]]["bends"]
    )
    for model, catalogue in _CATALOGUES.items()
}
"""Architecture → where it is bent."""

DEFAULT_WEIGHTS: dict[str, str] = {
    model: catalogue["weights"] for model, catalogue in _CATALOGUES.items() if "weights" in catalogue
}
"""Architecture → sha256 of the weights' file, of those in packages. A recipe's text leaves these out."""


@dataclass(frozen=True)
class TrainedModel:
    """A network with its weights.

    Attributes:
        architecture: A key of `LAYERS`.
        weights: The sha256 of the weights' file.
        installed: Whether the file is on this machine.
    """

    architecture: str
    weights: str
    installed: bool = field(default=True, compare=False)


ModelLookup = Callable[[str], TrainedModel]
"""Returns the network with a name; raises UserError, which lists the names, if there is none."""


def find_layer(name: str, model: str = "inception_v3") -> Layer:
    """Returns the layer with a name or alias, in any case.

    Args:
        name: What a person typed. `faces:s64_1` is a layer of another architecture than `model`.
        model: The architecture.

    Raises:
        RecipeError: There is no such layer or architecture. The message names the nearest ones of those on
            offer.
    """
    prefix, colon, name_there = name.strip().partition(":")
    if colon:
        model, name = prefix.lower(), name_there
        if model not in LAYERS:
            raise RecipeError("errors-no-model", name=prefix[:40], names=list(LAYERS))
    known = _by_name(model)
    found = known.get(name.strip().lower())
    if found:
        return found
    offered = [key for key, layer in known.items() if layer.offered]
    near = difflib.get_close_matches(name[:40].lower(), offered, n=5, cutoff=0.5)
    shown = list(dict.fromkeys(known[key].name for key in near))[:3]
    names = shown or _example_layers(model)
    if homes := _namesakes(name):
        raise RecipeError("errors-no-layer-here", name=name[:40], model=model, homes=homes, names=names)
    raise RecipeError("errors-no-layer", name=name[:40], names=names)


def qualified_name(layer: Layer, model: str) -> str:
    """Returns the canonical name of a layer in a recipe: `s64_1`, or `faces:s64_1` in another model's recipe.

    Args:
        layer: The layer.
        model: The architecture that names without a prefix belong to.
    """
    return layer.name if layer.model == model else f"{layer.model}:{layer.name}"


def find_canonical(name: str, model: str) -> Layer | None:
    """Returns the layer with exactly this canonical name.

    Args:
        name: A name as `qualified_name` gives it.
        model: The architecture that names without a prefix belong to.
    """
    prefix, colon, name_there = name.rpartition(":")
    if colon and prefix == model:
        return None
    layer = _by_name(prefix or model).get(name_there) if (prefix or model) in LAYERS else None
    return layer if layer and layer.name == name_there else None


@cache
def _by_name(model: str) -> dict[str, Layer]:
    """A model's layers by their lower-case names and aliases."""
    return {known.lower(): layer for layer in LAYERS[model] for known in (layer.name, *layer.aliases)}


def _namesakes(name: str) -> list[str]:
    """Returns the layers of that name in other networks, as they are written in an expression."""
    return [
        f"{other}:{layer.name}"
        for other, layers in LAYERS.items()
        for layer in layers
        if name.strip().lower() in (layer.name, *layer.aliases)
    ]


def _example_layers(model: str) -> list[str]:
    """Three layers from the middle of those on offer."""
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    middle = len(offered) // 2
    return offered[middle - 1 : middle + 2]


MIN_OCTAVE_SIDE = 80
"""Octaves with a shorter short side, in pixels, are left out: deep layers do not respond at that size."""


def octave_sizes(
    width: int, height: int, octaves: int, scale: float, above: int = 0
) -> Iterator[tuple[int, int]]:
    """Yields the (width, height) of each octave that is dreamed, smallest first.

    Args:
        width: Of the dream, in pixels: the last octave's size if `above` is 0.
        height: Likewise.
        octaves: The number of octaves. Those with a short side below `MIN_OCTAVE_SIDE` are left out.
        scale: The ratio of the sides of successive octaves.
        above: How many of the octaves are larger than `width` × `height`.
    """
    for index in range(octaves - 1 - above, -above - 1, -1):
        shrink = scale**-index
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        if index <= 0 or min(size) >= MIN_OCTAVE_SIDE:
            yield size


def dream_flops(
    model: str, layers: Iterable[str], sizes: Iterable[tuple[int, int]], steps: Iterable[int]
) -> float:
    """Returns the FLOPs of the convolutions of a dream, forward and input gradient.

    Args:
        model: The architecture.
        layers: The dreamed layers. Each network is cut after its deepest, so only that one counts.
        sizes: The (width, height) of each octave.
        steps: Steps in each octave.
    """
    deepest: dict[str, float] = {}
    for layer in (find_layer(name, model) for name in layers):
        deepest[layer.model] = max(deepest.get(layer.model, 0.0), layer.flops)
    per_pixel = 2 * sum(deepest.values())
    return sum(w * h * per_pixel * count for (w, h), count in zip(sizes, steps, strict=True))
