"""Recipes as one line of text that people can read, edit and paste.

    dream1.2 inception_v3 mixed4[68,47,728] eq 512x384 octaves=4x1.5 steps=12x0.016 cooling=0.6 jitter=32
    laplacian=0.4,1,1,0.3 chroma=0.6 seed=7 bf16 intensity=6 preset=eyes

`dream1.2` is the version of the recipe and of the engine. The first five words have fixed positions, the
others may be in any order. The canonical text has one order and leaves out default values. In `text=`, spaces
and percent signs are written as in URLs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args
from urllib.parse import unquote

from pydantic import BaseModel

from dreambot.recipe.bends import format_bends, parse_bends
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import format_journey, other_models, parse_journey
from dreambot.recipe.layers import DEFAULT_WEIGHTS, LAYERS, Gradient
from dreambot.recipe.recipe import ENGINE_VERSION, MAX_RECIPE_BYTES, RECIPE_VERSION, Recipe, SheetRecipe
from dreambot.recipe.video import HellscapeParams, VideoParams

_HEAD = re.compile(r"dream(\d{1,4})\.(\d{1,4})")
_OTHER_FIELDS = (
    *("version", "engine", "model", "weights", "other_weights"),
    *("layers", "objective", "width", "height", "guide"),
    *("octaves", "octave_scale", "octaves_above", "steps", "step", "gradient", "bands", "chroma"),
    *("parametrisation", "keep_colour", "precision", "bends", "sheet", "hellscape", "moving"),
    *("intensity", "preset"),
)
_PLAIN_FIELDS = tuple(name for name in Recipe.model_fields if name not in _OTHER_FIELDS)
"""Fields written as `name=value`, unless they have their default value."""
_GRADIENTS = get_args(Gradient)
_FLAGS: Mapping[str, tuple[str, Any]] = {
    "fourier": ("parametrisation", "fourier"),
    "keep_colour": ("keep_colour", True),
    "fp32": ("precision", "fp32"),
    "bf16": ("precision", "bf16"),
    "fp16": ("precision", "fp16"),
}
_SHEET_SEPARATOR = "|"
"""Between the four recipes of a sheet; the first one names the size of the small dreams."""
_EXAMPLE = "dream1.2 inception_v3 mixed4 eq 512x384 octaves=4x1.5 steps=12x0.02 … bf16"


def is_recipe_text(text: str) -> bool:
    """Returns whether a text begins like a recipe.

    Args:
        text: Any text.
    """
    return _HEAD.match(text.lstrip().lower()) is not None


def format_recipe(recipe: Recipe) -> str:
    """Returns the canonical text of a recipe; `parse_recipe` gives the same recipe back.

    Args:
        recipe: The recipe.
    """
    if not isinstance(recipe, SheetRecipe):
        return " ".join(_format_words(recipe))
    first, *others = map(format_recipe, recipe.looks)
    sheet = recipe.sheet
    numbers = f"{_format_number(sheet.steps)},{_format_number(sheet.step)}"
    return f" {_SHEET_SEPARATOR} ".join([f"{first} sheet={sheet.width}x{sheet.height},{numbers}", *others])


def _format_words(recipe: Recipe) -> Iterator[str]:
    yield f"dream{recipe.version}.{recipe.engine}"
    yield recipe.model
    yield format_journey(recipe.legs).replace(" ", "")
    yield recipe.objective
    yield f"{recipe.width}x{recipe.height}"
    yield from _format_weights(recipe)
    if recipe.guide:
        yield f"guide={recipe.guide.kind}:{recipe.guide.sha256}"
    yield f"octaves={recipe.octaves}x{_format_number(recipe.octave_scale)}"
    if recipe.octaves_above:
        yield f"above={recipe.octaves_above}"
    yield f"steps={recipe.steps}x{_format_number(recipe.step)}"
    yield f"{recipe.gradient}={','.join(map(_format_number, recipe.bands))}"
    yield f"chroma={_format_number(recipe.chroma)}"
    defaults = {name: field.default for name, field in Recipe.model_fields.items()}
    for name in _PLAIN_FIELDS:
        value = getattr(recipe, name)
        if value != defaults[name]:
            yield f"{name}={_format_plain(value)}"
    for word, (field, value) in _FLAGS.items():
        if getattr(recipe, field) == value:
            yield word
    if recipe.bends:
        yield f"bend={format_bends(recipe.bends)}"
    for name in ("hellscape", "moving"):
        if video := getattr(recipe, name):
            yield f"{name}={_format_video(video)}"
    if recipe.intensity is not None:
        yield f"intensity={recipe.intensity}"
    if recipe.preset is not None:
        yield f"preset={recipe.preset}"


def _format_weights(recipe: Recipe) -> Iterator[str]:
    if recipe.weights != DEFAULT_WEIGHTS.get(recipe.model):
        yield f"weights={recipe.weights}"
    if others := [pair for pair in recipe.other_weights if pair[1] != DEFAULT_WEIGHTS.get(pair[0])]:
        yield f"other_weights={','.join(f'{model}:{weights}' for model, weights in others)}"


def _format_plain(value: object) -> str:
    if isinstance(value, float):
        return _format_number(value)
    return str(value).replace("%", "%25").replace(" ", "%20")


def _format_number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _format_video(video: BaseModel) -> str:
    parts = []
    for name, field in type(video).model_fields.items():
        value = getattr(video, name)
        if name == "onward" or value == field.default:
            continue
        values = value if isinstance(value, tuple) else (value,)
        parts.append(
            f"{name}:" + "/".join(_format_number(v) if isinstance(v, float) else str(v) for v in values)
        )
    return ",".join(parts)


def parse_recipe(text: str) -> Recipe:
    """Reads what `format_recipe` wrote, or a person changed.

    Args:
        text: One line of text.

    Raises:
        RecipeError: It is not a recipe, or not a valid one. The message says why.
    """
    if len(text) > MAX_RECIPE_BYTES:
        raise RecipeError("errors-recipe-long", most=MAX_RECIPE_BYTES // 1024)
    first, *others = text.split(f" {_SHEET_SEPARATOR} ")
    if not others:
        return Recipe.checked(_parse_fields(first))
    fields = _parse_fields(first)
    if not isinstance(fields.get("sheet"), dict):
        raise RecipeError("errors-recipe-word", name=_SHEET_SEPARATOR)
    fields["sheet"]["others"] = [_parse_fields(other) for other in others]
    return Recipe.checked(fields)


def _parse_fields(text: str) -> dict[str, Any]:
    """The fields of a recipe in a line of text."""
    words = text.split()
    head = _HEAD.fullmatch(words[0].lower()) if words else None
    if head is None or len(words) < 5:
        raise RecipeError("errors-no-recipe", example=_EXAMPLE)
    if int(head[1]) != RECIPE_VERSION or not 1 <= int(head[2]) <= ENGINE_VERSION:
        raise RecipeError(
            "errors-recipe-version-line",
            version=f"{head[1]}.{head[2]}",
            known=f"{RECIPE_VERSION}.{ENGINE_VERSION}",
        )
    model = words[1].lower()
    if model not in LAYERS:
        raise RecipeError("errors-no-model", name=model[:40], names=list(LAYERS))
    layers, *onward = parse_journey(words[2], model, max_length=MAX_RECIPE_BYTES)
    width, height = _parse_pair("size", words[4])
    fields: dict[str, Any] = {
        "engine": head[2],
        "model": model,
        "layers": layers,
        "objective": words[3],
        "width": width,
        "height": height,
    }
    if model in DEFAULT_WEIGHTS:
        fields["weights"] = DEFAULT_WEIGHTS[model]
    terms = [term for leg in (layers, *onward) for term in leg]
    weights = {name: DEFAULT_WEIGHTS.get(name, "") for name in other_models(terms, model)}
    named: set[str] = set()
    for word in words[5:]:
        name, _, value = word.partition("=")
        if name in named:
            raise RecipeError("errors-recipe-twice", name=name)
        named.add(name)
        if name == "other_weights":
            weights |= {
                other: sha256 for other, _, sha256 in (pair.partition(":") for pair in value.split(","))
            }
        else:
            fields |= _parse_word(name, value, model)
    fields["other_weights"] = sorted(weights.items())
    if onward:
        if not isinstance(fields.get("hellscape"), dict):
            raise RecipeError("errors-recipe-journey")
        fields["hellscape"]["onward"] = onward
    return fields


def _parse_word(name: str, value: str, model: str) -> dict[str, Any]:
    """The fields that one word stands for."""
    if name in _FLAGS and not value:
        field, flagged = _FLAGS[name]
        return {field: flagged}
    if name in {*_PLAIN_FIELDS, "chroma", "intensity", "preset", "weights"}:
        return {name: unquote(value)}
    if name in _GRADIENTS:
        return {"gradient": name, "bands": value.split(",") if value else []}
    match name:
        case "octaves":
            octaves, scale = _parse_pair(name, value)
            return {"octaves": octaves, "octave_scale": scale}
        case "above":
            return {"octaves_above": value}
        case "steps":
            steps, step = _parse_pair(name, value)
            return {"steps": steps, "step": step}
        case "guide":
            kind, _, sha256 = value.partition(":")
            return {"guide": {"kind": kind, "sha256": sha256}}
        case "bend":
            return {"bends": parse_bends(value, model)}
        case "sheet":
            size, steps, step = (*value.split(",", 2), "", "")[:3]
            width, height = _parse_pair(name, size)
            return {name: {"width": width, "height": height, "steps": steps, "step": step}}
        case "hellscape":
            return {name: _parse_video(HellscapeParams, value)}
        case "moving":
            return {name: _parse_video(VideoParams, value)}
    raise RecipeError("errors-recipe-word", name=name[:40])


def _parse_video(kind: type[BaseModel], text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = part.partition(":")
        known = kind.model_fields.get(name)
        if known is None or name == "onward":
            raise RecipeError("errors-recipe-film-word", name=name[:40])
        fields[name] = value.split("/") if isinstance(known.default, tuple) else value
    return fields


def _parse_pair(name: str, text: str) -> tuple[str, str]:
    first, cross, second = text.partition("x")
    if not (first and cross and second):
        raise RecipeError("errors-recipe-pair", name=name, word=text[:40])
    return first, second
