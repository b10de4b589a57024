"""From what a person asks of a hellscape to its recipe."""

import math
from typing import Any

from dreambot.recipe.bends import check_upstream
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.film import MAX_FRAMES, Hellscape
from dreambot.recipe.grammar import parse_journey
from dreambot.recipe.hellscape_request import HellscapeRequest, read_size
from dreambot.recipe.journey import Leg, nightmare, stations
from dreambot.recipe.layers import find_layer
from dreambot.recipe.models.layer import BLUR
from dreambot.recipe.recipe import Precision, Recipe
from dreambot.recipe.resolve import DEFAULT_INTENSITY, SourceFacts, bends_for, dream_size, model_for
from dreambot.recipe.trained import Models

__all__ = ["HellscapeRequest", "resolve_hellscape"]

DEFAULT_SIZE = "512"
DEFAULT_SECONDS = 8.0
DEFAULT_FPS = 24.0

_DREAMED_FPS = 12
"""About so many frames a second are dreamed; those in between are made of their neighbours."""

_STEPS = (2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6)
_STEP, _STRONGER = 0.035, 1.14
_OCTAVE_SCALE, _SMALLEST_OCTAVE = 1.5, 110
_MELT = 16
_WAY_HOME = 24


def resolve_hellscape(
    request: HellscapeRequest,
    source: SourceFacts | None,
    *,
    seed: int,
    models: Models,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """The recipe of a hellscape. source: of the picture to begin with; `seed` is used where none is asked
    for.

    Raises RecipeError when a name is unknown, the film too long, or the picture too thin or not there.
    """
    seed = request.seed if request.seed is not None else seed
    model = model_for(request.model, request.layer, models, parse_journey)
    start = request.start or ("picture" if source else "smooth")
    if start == "picture" and source is None:
        raise RecipeError("A hellscape that starts from a picture needs one; give me a picture, too.")
    bends, bent_layer = bends_for(request.bend, request.chaos, seed, model.architecture)
    notch = request.intensity or DEFAULT_INTENSITY
    width, height = _size(request, source, max_pixels)
    timing = _timing(request)
    where = stations(
        request.layer or bent_layer or nightmare(model.architecture),
        model.architecture,
        timing.dreamed,
        loop=request.loop,
    )
    check_upstream(bends, (term.layer for leg in where.legs for term in leg), model.architecture)
    steps = _STEPS[notch - 1]
    # Noise gets a burst, so that there is something to see at once; static is watched as it comes to life,
    # where sharpening would keep its grain alive, and a picture as it melts.
    film = timing.model_copy(
        update={
            "start": start,
            "first_steps": 5 * steps if start == "smooth" else 0,
            "melt": min(_MELT, timing.dreamed // 3) if start == "picture" else 0,
            "sharpen": 0.04 if start == "static" else timing.sharpen,
            "drift_x": request.drift_x,
            "drift_y": request.drift_y,
            "onward": where.legs[1:],
            "leg_frames": where.frames,
            "fade": where.fades,
            **_given(zoom=request.zoom, rotation=request.rotation),
        }
    )
    return Recipe.checked(
        {
            "model": model.architecture,
            "weights": model.weights,
            "layers": where.legs[0],
            **_treatment(where.legs, model.architecture, bent=bool(bends)),
            "octaves": 1 + max(0, round(math.log(min(width, height) / _SMALLEST_OCTAVE, _OCTAVE_SCALE))),
            "octave_scale": _OCTAVE_SCALE,
            "steps": steps,
            "step": _STEP * _STRONGER ** (notch - 6),
            "cooling": 0.0,
            "jitter": 24,
            "bends": bends,
            "hellscape": film,
            "width": width,
            "height": height,
            "seed": seed,
            "precision": precision,
            "intensity": notch,
        }
    )


def _treatment(legs: tuple[Leg, ...], model: str, *, bent: bool) -> dict[str, Any]:
    """What is climbed, and how. Shallow layers want their gradients smoothed, deep ones want all bands alike:
    smooth washes are what is left of shallow layers otherwise."""
    layers = [find_layer(term.layer, model) for leg in legs for term in leg]
    objective = "logit" if all(layer.objective == "logit" for layer in layers) else "eq"
    if all(layer.gradient == "blur" for layer in layers) and not bent:
        return {"objective": objective, "gradient": "blur", "bands": BLUR, "chroma": 0.5}
    return {"objective": objective, "gradient": "laplacian", "bands": (0.25, 0.9, 1.0, 0.7), "chroma": 0.8}


def _timing(request: HellscapeRequest) -> Hellscape:
    """A film of the length asked for, with as many frames in between as its pace needs."""
    fps = request.fps or DEFAULT_FPS
    frames = request.frames or max(1, round((request.seconds or DEFAULT_SECONDS) * fps))
    between = min(4, max(0, round(fps / _DREAMED_FPS) - 1))
    if request.loop:
        # The last frames in between lead to the first frame.
        frames = max(1, round(frames / (between + 1))) * (between + 1)
    if frames > MAX_FRAMES:
        raise RecipeError(f"That video would have {frames} frames; at most {MAX_FRAMES} are dreamed.")
    film = Hellscape(frames=frames, fps=fps, between=between)
    loop = max(1, min(_WAY_HOME, film.dreamed // 3)) if request.loop else 0
    return film.model_copy(update={"loop": loop})


def _size(request: HellscapeRequest, source: SourceFacts | None, max_pixels: int) -> tuple[int, int]:
    """Even numbers, as films want them; no more pixels than `max_pixels`."""
    width, height = read_size(request.size or DEFAULT_SIZE)
    if source:
        # For those that are too thin.
        dream_size(source.width, source.height, max_pixels)
        scale = max(width, height) / max(source.width, source.height)
        width, height = max(1, round(source.width * scale)), max(1, round(source.height * scale))
    scale = min(1.0, math.sqrt(max_pixels / (width * height)))
    return _even(width * scale), _even(height * scale)


def _even(side: float) -> int:
    return max(2, int(side / 2 + 1e-6) * 2)


def _given(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}
