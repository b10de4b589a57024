"""Presets (named looks), and the looks of guided and suppressing dreams, read from `data/presets.toml`."""

import difflib
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from dreambot.errors import Message
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import LayerTerm, parse_layers
from dreambot.recipe.guide import GuideKind
from dreambot.recipe.intensity import (
    STEPS_RATIO,
    TYPICAL_MASKING,
    preset_gain,
    relative_rms,
    rms_for_intensity,
)
from dreambot.recipe.layers import DEFAULT_MODEL, Gradient, Objective, find_layer
from dreambot.recipe.recipe import Palette, Tone


@dataclass(frozen=True)
class Preset:
    """The numbers of a look at intensity 6; see `Recipe` for their units.

    Attributes:
        name: Lower-case letters.
        shows: A few words for people who choose, in English.
        layers: A layer expression of `model`.
        steps: Steps in each octave.
        step: The change of one step at intensity 6, until `make calibrate` has fitted the preset to the dial.
        objective: See `Recipe`, as for the fields that follow.
        octaves: The number of octaves; where `adapts`, the least.
        octave_scale: See `Recipe`.
        steps_ratio: See `Recipe`.
        cooling: See `Recipe`.
        jitter: See `Recipe`.
        gradient: See `Recipe`.
        bands: See `Recipe`.
        chroma: See `Recipe`.
        palette: See `Recipe`.
        light: See `Recipe`.
        closeness: See `Recipe`.
        tone: See `Recipe`.
        clouds: The contrast of the clouds that the dream begins with, relative to what is usual.
        longest: The most that a busy picture lengthens the steps by, as a factor, until the preset is fitted.
        fitted: Whether `make calibrate` fits it to the dial; otherwise `step` holds.
        adapts: Whether the step follows the intensity dial and the image's masking, and the number of octaves
            its size.
        model: The network that the layers belong to.
        offered: Whether it is suggested to people; the others only work when named.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z]{1,24}$")]
    shows: str
    layers: str
    steps: Annotated[int, Field(ge=1)]
    step: Annotated[float, Field(gt=0)]
    objective: Objective = "eq"
    octaves: Annotated[int, Field(ge=1)] = 4
    octave_scale: Annotated[float, Field(gt=1)] = 1.5
    steps_ratio: Annotated[float, Field(ge=0.1, le=10)] = STEPS_RATIO
    cooling: Annotated[float, Field(ge=0, lt=1)] = 0.6
    jitter: Annotated[int, Field(ge=0)] = 32
    gradient: Gradient = "laplacian"
    bands: tuple[float, ...] = (0.4, 1.0, 1.0, 0.5)
    chroma: Annotated[float, Field(ge=0)] = 0.6
    palette: Palette = "natural"
    light: Annotated[float, Field(ge=0)] = 0.0
    closeness: Annotated[float, Field(ge=0, le=1)] = 0.0
    tone: Tone | None = None
    clouds: Annotated[float, Field(ge=0)] = 1.0
    longest: Annotated[float, Field(gt=0)] = math.inf
    fitted: bool = True
    adapts: bool = True
    model: str = DEFAULT_MODEL
    offered: bool = True

    @property
    def description(self) -> Message:
        """What it shows, in every language."""
        return Message(f"preset-{self.name}", default=self.shows)


def load_presets(tables: dict[str, dict[str, Any]]) -> dict[str, Preset]:
    """Validates the presets of a data file.

    Args:
        tables: Name of a preset → its fields without the name.

    Returns:
        Name → preset, in the same order.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or out of range.
        RecipeError: A layer expression is wrong.
    """
    presets = TypeAdapter(dict[str, Preset]).validate_python(
        {name: {"name": name, **fields} for name, fields in tables.items()}
    )
    for preset in presets.values():
        parse_layers(preset.layers, preset.model)
    return presets


_DATA = tomllib.loads(files("dreambot.recipe").joinpath("data/presets.toml").read_text("utf-8"))

PRESETS = load_presets(_DATA["presets"])
"""Name → preset."""

OFFERED_PRESETS = {name: preset for name, preset in PRESETS.items() if preset.offered}
"""Those that are suggested to people, in this order. A list in Discord has at most 25 choices."""

_FORMER_NAMES = {"glass": "tartan", "plumage": "wool"}

_LOOKS = load_presets(_DATA["looks"])
_GUIDE_LOOKS: dict[GuideKind, str] = {
    "match": "guided",
    "exaggerate": "caricature",
    "caricature": "caricature",
    "style": "style",
}


def find_preset(name: str) -> Preset:
    """Returns the preset with a name.

    Args:
        name: What a person typed.

    Raises:
        RecipeError: There is no such preset. The message names the nearest ones, or all.
    """
    found = PRESETS.get(current_name(name))
    if found:
        return found
    near = difflib.get_close_matches(name.lower(), OFFERED_PRESETS, n=3, cutoff=0.5)
    code = "errors-no-preset" if near else "errors-no-preset-at-all"
    raise RecipeError(code, name=name[:40], names=near or list(OFFERED_PRESETS))


def current_name(name: str) -> str:
    """Returns the name that a preset has now, if it is a preset's.

    Args:
        name: What a person typed, or what an earlier version stored.
    """
    name = name.strip().lower()
    return _FORMER_NAMES.get(name, name)


def preset_steps(preset: Preset, notch: int, masking: Sequence[float]) -> tuple[int, float]:
    """Returns the (steps, step) of a preset at an intensity: the higher, the more and the longer steps.

    Args:
        preset: The preset.
        notch: The intensity, 1 to 11.
        masking: As for `intensity.step_length`.
    """
    steps = max(1, round(preset.steps * (4 + notch) / 10))
    if not preset.adapts:
        return steps, preset.step * 1.28 ** (notch - 6)
    if gains := preset_gain(preset.name):
        return steps, gains[notch - 1] * rms_for_intensity(masking or TYPICAL_MASKING, notch)
    return steps, preset.step * 1.28 ** (notch - 6) * min(relative_rms(masking, notch), preset.longest)


_SHALLOW_FLOPS = 60_000


def guided_preset(kind: GuideKind) -> Preset:
    """Returns the parameters of a guided dream, and its layers in the default model.

    Args:
        kind: What the guide is used for.
    """
    return _LOOKS[_GUIDE_LOOKS[kind]]


def suppression_preset(terms: Sequence[LayerTerm], model: str = DEFAULT_MODEL) -> Preset | None:
    """Returns the parameters of a dream that only suppresses; None if it does not.

    Without what shallow layers respond to, a picture falls into shards; without what deep ones respond to, it
    washes out.

    Args:
        terms: The layer terms.
        model: The architecture.
    """
    if any(term.weight > 0 for term in terms):
        return None
    deepest = max(find_layer(term.layer, model).flops for term in terms)
    return _LOOKS["mosaic" if deepest < _SHALLOW_FLOPS else "watercolour"]
