"""Sheets: four looks at one source, computed small, for no more than what one dream costs.

The looks are drawn by seed from `data/sheet.toml`. If a request names a look, the sheet has four seeds of it.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from dreambot.recipe.dream import DreamRequest, SourceFacts, resolve_dream
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, ModelLookup
from dreambot.recipe.looks import resolve_look
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.recipe.recipe import Precision, Recipe

LOOKS = 4
MAX_SMALL_SIDE = 448
"""The long side of a small dream, in pixels: two of them are as wide as a phone shows."""
_SHRINK = 1.96
"""A small dream leaves out two octaves of the usual five, or more."""
_LONGER = 1.4
"""With two octaves fewer, steps longer by this factor change the image as much as the full dream does."""
_BUDGET = 0.9
"""The most FLOPs of a sheet, relative to one dream. Small images use a processor a little less well."""
_MIN_STEPS = 0.1


@dataclass(frozen=True)
class SheetLook:
    """A look that sheets are drawn from.

    Attributes:
        kind: What it shows; the looks of a sheet are of different kinds.
        preset: The name of a preset, or empty.
        layer: A layer expression, or empty.
        weight: How often it is drawn, relative to the others.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    kind: str
    preset: str = ""
    layer: str = ""
    weight: Annotated[float, Field(gt=0)] = 1.0


_DATA: dict[str, Any] = tomllib.loads(files("dreambot.recipe").joinpath("data/sheet.toml").read_text("utf-8"))
SHEET_LOOKS = TypeAdapter(tuple[SheetLook, ...]).validate_python(_DATA["looks"])
"""Those of the default network."""


def draw_looks(seed: int, model: str = DEFAULT_MODEL) -> list[SheetLook]:
    """Draws four looks of different kinds; the same seed and network give the same ones.

    Args:
        seed: The seed.
        model: The architecture. Of other networks than the default, presets and layers are drawn alike.
    """
    chance = random.Random(f"sheet {seed}")
    left = list(_looks_of(model))
    drawn: list[SheetLook] = []
    while left and len(drawn) < LOOKS:
        [look] = chance.choices(left, [one.weight for one in left])
        drawn.append(look)
        left = [one for one in left if one.kind != look.kind]
    # A network with fewer looks shows some of them twice, with other seeds.
    return (drawn * LOOKS)[:LOOKS]


@cache
def _looks_of(model: str) -> tuple[SheetLook, ...]:
    if model == DEFAULT_MODEL:
        return SHEET_LOOKS
    presets = [SheetLook(name, preset=name) for name, one in OFFERED_PRESETS.items() if one.model == model]
    layers = [SheetLook(layer.name, layer=layer.name) for layer in LAYERS[model] if layer.offered]
    return (*presets, *layers)


def draws_looks(request: DreamRequest) -> bool:
    """Returns whether the looks of a sheet are drawn, since the request says nothing of what to dream.

    Args:
        request: The request.
    """
    named = (request.layer, request.preset, request.look, request.bend, request.chaos)
    return all(value is None for value in (*named, request.guide, request.text))


def resolve_sheet(
    request: DreamRequest,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """Resolves a request for four dreams to the recipe of a sheet.

    Each is what the same request for one dream would give, with a look of its own if the request names none.
    On the sheet they are small, and have no more steps than what one dream of the request costs, without a
    drawn look.

    Args:
        request: The request.
        source: What is known of the picture, if there is one. Of a video, the first frame is dreamed.
        seed: Used where the request names none, by the first dream. The others count on from it.
        models: Looks a network up by its name.
        precision: The number format that the dreams are computed in.
        max_pixels: Limit on width × height in full size.

    Raises:
        RecipeError: See `resolve_dream`; or a clip is asked for.
    """
    if request.format in ("gif", "mp4"):
        raise RecipeError("errors-sheet-format")
    seed = request.seed if request.seed is not None else seed
    source = replace(source, frames=1, fps=None) if source else None

    def resolved(**changes: Any) -> Recipe:
        one = request.model_copy(update={"four": None, **changes})
        if one.look:
            return resolve_look(one, one.look, source, seed=seed, max_pixels=max_pixels)
        return resolve_dream(
            one, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
        )

    whole = resolved()
    looks: Sequence[SheetLook | None] = (
        draw_looks(seed, whole.model) if draws_looks(request) else [None] * LOOKS
    )
    full = [
        resolved(
            seed=(seed + number) % 2**32,
            **({"preset": look.preset or None, "layer": look.layer or None} if look else {}),
        )
        for number, look in enumerate(looks)
    ]
    steps = 1.0
    while True:
        sheet = build_sheet(full, steps, round(_LONGER * steps**-0.5, 2))
        if sheet.flops <= _BUDGET * whole.flops or steps <= _MIN_STEPS:
            return sheet
        # Hundredths keep the text of a recipe short.
        steps = max(_MIN_STEPS, round(steps - 0.02, 2))


def build_sheet(looks: Sequence[Recipe], steps: float, step: float) -> Recipe:
    """Returns the recipe of a sheet.

    Args:
        looks: The four dreams in full size.
        steps: See `SheetParams`.
        step: See `SheetParams`.

    Raises:
        RecipeError: They are not of one source.
    """
    first, *others = looks
    scale = min(1 / _SHRINK, MAX_SMALL_SIDE / max(first.width, first.height))
    sheet = {
        "others": [other.model_dump() for other in others],
        "width": max(1, round(first.width * scale)),
        "height": max(1, round(first.height * scale)),
        "steps": steps,
        "step": step,
    }
    return Recipe.checked(first.model_dump() | {"sheet": sheet})
