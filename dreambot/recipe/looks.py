"""Saved looks: the recipe of a dream without its source, size and seed, for dreams of other sources.

A look keeps the numbers of its recipe, so that later calibrations do not change it. Its size says what the
octaves were made for.
"""

from typing import Any

from dreambot.recipe.bends import format_bends
from dreambot.recipe.dream import (
    DEFAULT_INTENSITY,
    DreamRequest,
    SourceFacts,
    dream_size,
    octave_count,
    start_of_dream,
)
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import format_layers
from dreambot.recipe.hellscape import HellscapeRequest, start_fields
from dreambot.recipe.intensity import STEPS_BY_INTENSITY
from dreambot.recipe.recipe import MAX_STEPS, Recipe
from dreambot.recipe.video import MAX_FRAMES, HellscapeStart, VideoParams

_STEP_RATIO = 1.28


def look_from_recipe(recipe: Recipe) -> Recipe:
    """Returns the look of a recipe: a still recipe of a picture, or that of a hellscape, with seed 0.

    Args:
        recipe: The recipe of a dream of any kind.

    Raises:
        RecipeError: The dream cannot be repeated on another picture: it had a mask or a second picture,
            grew out of noise as a summon, or is a sheet of four.
    """
    if recipe.mask:
        raise RecipeError("errors-recipe-mask")
    if recipe.guide:
        raise RecipeError("errors-look-guide")
    if recipe.kind == "summon":
        raise RecipeError("errors-look-summon")
    if recipe.sheet:
        raise RecipeError("errors-look-sheet")
    fields = recipe.model_dump() | {"seed": 0, "format": None}
    if recipe.hellscape is None:
        fields |= {"source": "picture", "text": None, "moving": None}
    return Recipe.checked(fields)


def fields_for_source(recipe: Recipe, source: SourceFacts, max_pixels: int) -> dict[str, Any]:
    """Returns the fields of a recipe that follow from the source's size and frames, for a source.

    Args:
        recipe: The recipe of a dream of another source.
        source: What is known of the source. A clip, and a still of a video, have its first frame.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: The source is too thin.
    """
    width, height = dream_size(source.width, source.height, max_pixels)
    moves = source.frames > 1 and not (recipe.is_clip or recipe.format == "png")
    frames = VideoParams(frames=min(source.frames, MAX_FRAMES), fps=source.fps) if moves else None
    octaves = recipe.octaves
    if (width, height) != (recipe.width, recipe.height):
        before, after = min(recipe.width, recipe.height), min(width, height)
        octaves += octave_count(after, 4, recipe.octave_scale) - octave_count(before, 4, recipe.octave_scale)
    return {
        "width": width,
        "height": height,
        "octaves": min(12, max(1 + recipe.octaves_above, octaves)),
        "moving": frames,
        "clouds": 0.0 if frames else recipe.clouds,
    }


def recipe_at_intensity(recipe: Recipe, before: int, after: int) -> Recipe:
    """Returns a recipe whose parameters are taken as those of one intensity, at another intensity.

    Args:
        recipe: The recipe.
        before: The intensity that its parameters are taken as, 1 to 11.
        after: The other intensity, 1 to 11.
    """
    steps = round(recipe.steps * STEPS_BY_INTENSITY[after - 1] / STEPS_BY_INTENSITY[before - 1])
    step = recipe.step * _STEP_RATIO ** (after - before)
    numbers = {"steps": min(MAX_STEPS, max(1, steps)), "step": min(2.0, step), "intensity": after}
    return recipe.model_copy(update=numbers)


def resolve_look(
    request: DreamRequest, look: Recipe, source: SourceFacts | None, *, seed: int, max_pixels: int
) -> Recipe:
    """Resolves a request for a dream with a look. Intensity, palette, words and noise may be the request's.

    Args:
        request: The request.
        look: Its look.
        source: What is known of the picture, if there is one.
        seed: Used where the request names none.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: The picture is missing or too thin to dream.
    """
    origin, source = start_of_dream(request, source, max_pixels)
    if request.intensity:
        look = recipe_at_intensity(look, look.intensity or DEFAULT_INTENSITY, request.intensity)
    look = look.model_copy(update={"format": request.format})
    fields = look.model_dump() | fields_for_source(look, source, max_pixels)
    return Recipe.checked(
        fields
        | {
            "source": origin,
            "text": request.text,
            "palette": request.palette or look.palette,
            "where": request.where or (look.where if origin == "picture" else "everywhere"),
            "seed": request.seed if request.seed is not None else seed,
        }
    )


def hellscape_with_look(look: Recipe, start: HellscapeStart | None, seed: int) -> Recipe:
    """Returns the recipe of a hellscape with the look of another one.

    Args:
        look: The look of a hellscape.
        start: What it starts from; None is what the look's own hellscape did, but not from a picture.
        seed: The seed of all random numbers.
    """
    video = look.hellscape
    assert video is not None
    start = start or ("smooth" if video.start == "picture" else video.start)
    if start != video.start:
        video = video.model_copy(update=start_fields(start, look.steps, video))
    return Recipe.checked(look.model_dump() | {"hellscape": video.model_dump(), "seed": seed})


def hellscape_of_still_look(request: HellscapeRequest, look: Recipe) -> HellscapeRequest:
    """Returns a request for a hellscape through the layers and bends of a still look.

    Args:
        request: The request.
        look: The look of a still dream.

    Raises:
        RecipeError: The layers or bends are too many for a request.
    """
    return HellscapeRequest.of(
        **request.model_dump(exclude={"preset", "intensity"}, exclude_defaults=True),
        layer=format_layers(look.layers),
        bend=format_bends(look.bends) or None,
        model=look.model,
        intensity=request.intensity or look.intensity,
    )
