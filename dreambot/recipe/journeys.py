"""Journeys of hellscapes: named ones, those drawn from stations, and how they are spread over a video.

The stations and the presets are in `data/hellscapes.toml`.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from dreambot.errors import Message
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import LayerTerm, format_journey, parse_journey, parse_layers
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, Layer, find_layer, qualified_name
from dreambot.recipe.video import HELD_COLOUR, HELD_LIGHT, HELD_MEAN

Leg = tuple[LayerTerm, ...]


@dataclass(frozen=True)
class Station:
    """A leg that journeys are drawn from.

    Attributes:
        layers: A layer expression of `model`.
        kind: What it shows; two stations of the same kind do not follow each other.
        model: The network that the layers belong to.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    layers: str
    kind: str
    model: str = DEFAULT_MODEL

    @cached_property
    def models(self) -> set[str]:
        """The architectures that it needs."""
        return {find_layer(term.layer, self.model).model for term in parse_layers(self.layers, self.model)}


@dataclass(frozen=True)
class HellscapePreset:
    """A named hellscape.

    Attributes:
        name: Lower-case letters.
        shows: A few words for people who choose, in English.
        journey: A journey through layers of `model`.
        model: The network that the layers belong to.
        leg_frames: How many dreamed frames each leg lasts.
        chroma: See `Recipe`.
        mean: See `HellscapeParams.held_mean`.
        light: See `HellscapeParams.held_light`.
        colour: See `HellscapeParams.held_colour`.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z]{1,24}$")]
    shows: str
    journey: str
    model: str = DEFAULT_MODEL
    leg_frames: Annotated[int, Field(ge=1)] = 30
    chroma: Annotated[float, Field(ge=0)] = 0.8
    mean: tuple[float, float, float] = HELD_MEAN
    light: float = HELD_LIGHT
    colour: float = HELD_COLOUR

    @property
    def description(self) -> Message:
        """What it shows, in every language."""
        return Message(f"preset-hellscape-{self.name}", default=self.shows)


_DATA: dict[str, Any] = tomllib.loads(
    files("dreambot.recipe").joinpath("data/hellscapes.toml").read_text("utf-8")
)

STATIONS = TypeAdapter(tuple[Station, ...]).validate_python(_DATA["stations"])

HELLSCAPE_PRESETS = TypeAdapter(dict[str, HellscapePreset]).validate_python(
    {name: {"name": name, **fields} for name, fields in _DATA["presets"].items()}
)
"""Name → preset, in the order in which they are offered."""


def find_hellscape_preset(name: str) -> HellscapePreset:
    """Returns the hellscape preset with a name.

    Args:
        name: What a person typed.

    Raises:
        RecipeError: There is no such preset. The message names all.
    """
    found = HELLSCAPE_PRESETS.get(name.strip().lower())
    if found is None:
        raise RecipeError("errors-no-preset", name=name[:40], names=list(HELLSCAPE_PRESETS))
    return found


_DRAWN_LEGS = 6


def draw_journey(seed: int, models: Sequence[str]) -> str:
    """Draws a journey from the stations; the same seed and networks give the same one.

    No station comes twice, and no two of the same kind follow each other, nor the last the first.

    Args:
        seed: The seed.
        models: The architectures whose stations may be drawn; that of the recipe first.
    """
    chance = random.Random(f"journey {seed}")
    left = [station for station in STATIONS if station.models.issubset(models)]
    drawn: list[Station] = []
    while len(drawn) < _DRAWN_LEGS:
        neighbours = drawn[-1:] + (drawn[:1] if len(drawn) == _DRAWN_LEGS - 1 else [])
        kinds = {station.kind for station in neighbours}
        fitting = [station for station in left if station.kind not in kinds]
        if not fitting:
            break
        drawn.append(chance.choice(fitting))
        left.remove(drawn[-1])
    if not drawn:
        return _unchecked_journey(models[0])
    return format_journey(tuple(_leg_of(station, models[0]) for station in drawn))


def _leg_of(station: Station, model: str) -> Leg:
    """The terms of a station in a recipe of another model."""
    return tuple(
        term.model_copy(update={"layer": qualified_name(find_layer(term.layer, station.model), model)})
        for term in parse_layers(station.layers, station.model)
    )


def _unchecked_journey(model: str) -> str:
    """Three layers of a network that has no stations."""
    layers = _leg_layers(model)
    middle = len(layers) * 2 // 3
    return " > ".join(layer.name for layer in layers[middle - 1 : middle + 2])


_LEG_FRAMES = 30
_DEEP_LEG_FRAMES, _REST_FRAMES = 24, 12
"""After some forty frames of feedback, a whole deep layer looks like chicken wire, from any start."""
_LASTING_MODELS = ("faces",)
"""Networks of which whole layers were still varied after 500 frames."""
_FADE_FRAMES = 12
DEFAULT_LAYER = "mixed5"


@dataclass(frozen=True)
class JourneyPlan:
    """How a journey is spread over a video.

    Attributes:
        legs: The layer terms that are dreamed in turn.
        frames: How many dreamed frames each leg lasts, or one number for all.
        fades: How many frames at the end of each leg blend into the next, or one number for all.
    """

    legs: tuple[Leg, ...]
    frames: tuple[int, ...]
    fades: tuple[int, ...]


def plan_journey(
    journey: str, model: str, dreamed: int, *, loop: bool = False, leg_frames: int | None = None
) -> JourneyPlan:
    """Spreads a journey over a video.

    Legs of single channels follow each other without a fade: the image morphs by itself within ten frames.
    From one whole layer to another there is a fade. A journey that is too long for the video is shortened; in
    a loop it is repeated a whole number of times.

    Args:
        journey: A journey as people write it.
        model: The architecture.
        dreamed: The number of dreamed frames.
        loop: Whether the video is a loop.
        leg_frames: How many dreamed frames each leg lasts; None for the usual number.

    Raises:
        RecipeError: The journey is wrong.
    """
    legs = parse_journey(journey, model)
    stays = [leg_frames or (_DEEP_LEG_FRAMES if _is_deep(leg, model) else _LEG_FRAMES) for leg in legs]
    if len(legs) == 1 and stays[0] < dreamed and _is_deep(legs[0], model):
        legs, stays = (legs[0], _rest_leg(legs[0], model)), [stays[0], _REST_FRAMES]
    lasting = _fit_to_length(stays, dreamed, loop=loop)
    fades = [
        min(_FADE_FRAMES, length // 2) if _has_all_channels(leg) and _has_all_channels(following) else 0
        for length, (leg, following) in zip(lasting, pairwise((*legs, legs[0])), strict=True)
    ]
    return JourneyPlan(legs, _collapse_equal(lasting), _collapse_equal(fades) if len(legs) > 1 else (0,))


def _has_all_channels(leg: Leg) -> bool:
    return not any(term.channels or term.strongest for term in leg)


def _is_deep(leg: Leg, model: str) -> bool:
    layers = [find_layer(term.layer, model) for term in leg]
    return _has_all_channels(leg) and any(layer in _deep_layers(layer.model) for layer in layers)


def _deep_layers(model: str) -> list[Layer]:
    """The layers that become a wire mesh when they run on."""
    if model in _LASTING_MODELS:
        return []
    layers = _leg_layers(model)
    names = [layer.name for layer in layers]
    first = names.index(DEFAULT_LAYER) if DEFAULT_LAYER in names else len(names) * 3 // 5
    return [layer for layer in LAYERS[model] if layer.flops >= layers[first].flops]


def _rest_leg(leg: Leg, model: str) -> Leg:
    """The leg that a video in one deep layer visits now and then, so that the image does not degenerate."""
    network = find_layer(leg[0].layer, model).model
    shallower = [layer for layer in _leg_layers(network) if layer not in _deep_layers(network)]
    return (LayerTerm(layer=qualified_name(shallower[-1], model)),)


def _leg_layers(model: str) -> list[Layer]:
    """The layers that are worth a whole leg, shallowest first."""
    return [layer for layer in LAYERS[model] if layer.offered and layer.objective != "logit"]


def _fit_to_length(stays: list[int], dreamed: int, *, loop: bool) -> list[int]:
    """The lengths of legs, shortened evenly if the video, or a round of its loop, is too short for them."""
    wanted = sum(stays)
    rounds = -(-dreamed // wanted) if loop else 1
    there = min(wanted, dreamed // rounds)
    ends = [end * there // wanted for end in accumulate(stays, initial=0)]
    return [max(1, end - begin) for begin, end in pairwise(ends)]


def _collapse_equal(numbers: list[int]) -> tuple[int, ...]:
    """One number if all are the same."""
    return (numbers[0],) if len(set(numbers)) == 1 else tuple(numbers)
