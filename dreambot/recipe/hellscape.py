"""The request for a hellscape, its default journey and timing, and how it is resolved to a recipe."""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dreambot.errors import Message
from dreambot.recipe.bends import check_upstream
from dreambot.recipe.dream import (
    DEFAULT_INTENSITY,
    SourceFacts,
    choose_bends,
    choose_model,
    dream_size,
    weights_of_others,
)
from dreambot.recipe.errors import RecipeError, validate_options
from dreambot.recipe.expression import MAX_EXPRESSION_LENGTH, parse_journey
from dreambot.recipe.journeys import (
    HellscapePreset,
    Leg,
    draw_journey,
    find_hellscape_preset,
    plan_journey,
)
from dreambot.recipe.layers import DEFAULT_MODEL, ModelLookup, find_layer
from dreambot.recipe.recipe import DEFAULT_PALETTE, Precision, Recipe, VideoFileFormat
from dreambot.recipe.video import MAX_FPS, MAX_FRAMES, HellscapeParams, HellscapeStart, format_loudness

MIN_HELLSCAPE_SIDE, MAX_HELLSCAPE_SIDE = 96, 2048
"""Pixels of a hellscape's sides."""

_SIZE_PATTERN = re.compile(r"\s*(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?", re.IGNORECASE)

Finite = Field(allow_inf_nan=False)


def _fog_to_smooth(start: object) -> object:
    """Commands say fog; recipes say smooth, as commands did in earlier versions."""
    return "smooth" if start == "fog" else start


class HellscapeRequest(BaseModel):
    """`/hellscape layer:mixed4 > mixed5 seconds:8`. What is None is chosen when the recipe is resolved.

    Attributes:
        preset: The name of a hellscape preset.
        layer: A journey.
        frames: The length in frames shown.
        seconds: The length in seconds; not together with `frames`.
        fps: Frames shown per second.
        size: Pixels of the longer side, or `640x360`. A source keeps its proportions.
        zoom: The camera's zoom between two dreamed frames, as in `HellscapeParams`.
        rotation: Its rotation in degrees.
        drift_x: Its movement as a share of the width.
        drift_y: Its movement as a share of the height.
        loop: Whether the video ends where it begins.
        start: As in `HellscapeParams`; `fog` is another name for `smooth`.
        intensity: The dial, 1 to 11.
        seed: The seed of the random numbers.
        model: The name of a network.
        bend: As in `DreamRequest`.
        chaos: As in `DreamRequest`.
        format: The file format of the video; None is the best that there is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    preset: Annotated[str, Field(max_length=40)] | None = None
    layer: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)] | None = None
    seconds: Annotated[float, Field(gt=0, le=MAX_FRAMES), Finite] | None = None
    fps: Annotated[float, Field(ge=1, le=MAX_FPS), Finite] | None = None
    size: Annotated[str, Field(max_length=32)] | None = None
    zoom: Annotated[float, Field(ge=0.8, le=1.25), Finite] | None = None
    rotation: Annotated[float, Field(ge=-45, le=45), Finite] | None = None
    drift_x: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    drift_y: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    loop: bool = False
    start: Annotated[HellscapeStart | None, BeforeValidator(_fog_to_smooth)] = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None
    bend: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    chaos: Annotated[int, Field(ge=1, le=11)] | None = None
    format: VideoFileFormat | None = None

    @classmethod
    def of(cls, **options: Any) -> "HellscapeRequest":
        """Returns a checked request.

        Args:
            **options: The fields. Those that are None or an empty text are left out.

        Raises:
            RecipeError: A value is out of range, or two contradict each other. The message says which.
        """
        given = {name: value for name, value in options.items() if value not in (None, "")}
        request = validate_options(cls, given, _RANGE_ERRORS)
        if request.frames and request.seconds:
            raise RecipeError("errors-frames-or-seconds")
        if request.bend and request.bend != "random" and request.chaos:
            raise RecipeError("errors-chaos-or-bends")
        if request.size:
            parse_size(request.size)
        return request


def parse_size(text: str) -> tuple[int, int]:
    """Returns the (width, height) in pixels that `512` or `640x360` mean.

    Args:
        text: The size as people write it.

    Raises:
        RecipeError: It is not a size, or out of range.
    """
    match = _SIZE_PATTERN.fullmatch(text)
    if match is None:
        raise RecipeError("errors-size-odd")
    width, height = int(match[1]), int(match[2] or match[1])
    if not MIN_HELLSCAPE_SIDE <= min(width, height) <= max(width, height) <= MAX_HELLSCAPE_SIDE:
        raise RecipeError("errors-hellscape-size", least=MIN_HELLSCAPE_SIDE, most=MAX_HELLSCAPE_SIDE)
    return width, height


_RANGE_ERRORS = {
    "layer": Message("errors-journey-long", {"most": MAX_EXPRESSION_LENGTH}),
    "frames": Message("errors-hellscape-frames", {"most": MAX_FRAMES}),
    "seconds": Message("errors-seconds"),
    "fps": Message("errors-fps", {"most": MAX_FPS}),
    "size": Message("errors-size-odd"),
    "zoom": Message("errors-zoom"),
    "rotation": Message("errors-rotation"),
    "drift_x": Message("errors-drift"),
    "drift_y": Message("errors-drift"),
    "start": Message("errors-start"),
    "intensity": Message("errors-intensity"),
    "seed": Message("errors-seed", {"most": 2**32 - 1}),
    "model": Message("errors-model-long"),
    "bend": Message("errors-bend-long", {"most": MAX_EXPRESSION_LENGTH}),
    "chaos": Message("errors-chaos"),
    "format": Message("errors-format", {"names": ["gif", "mp4"]}),
}

DEFAULT_SIZE = "512"
DEFAULT_SECONDS = 8.0
DEFAULT_FPS = 24.0

_DRAWN_MODELS = ("faces",)
"""Networks besides the default one that journeys are drawn from. None costs more than that one."""

_DREAMED_FPS = 12
"""About this many frames per second are dreamed; in-between frames are interpolated."""


@dataclass(frozen=True)
class SoundFacts:
    """What is known of the sound that drives a hellscape.

    Attributes:
        levels: Its loudness from 0 to 1, `dreamed_fps` values per second.
        seconds: The length of the part that is used.
    """

    levels: tuple[float, ...]
    seconds: float


_STEPS_BY_INTENSITY = (2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6)
_STEP, _STEP_RATIO = 0.035, 1.14
_OCTAVE_SCALE, _MIN_OCTAVE_SIDE = 1.5, 110
_MELT_FRAMES = 28
_LOOP_FRAMES = 24


def resolve_hellscape(
    request: HellscapeRequest,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
    sound: SoundFacts | None = None,
) -> Recipe:
    """Resolves the request for a hellscape to a recipe.

    Args:
        request: The request.
        source: What is known of the picture to begin with, if there is one.
        seed: Used where the request names none.
        models: Looks a network up by its name.
        precision: The number format that the dream is computed in.
        max_pixels: Limit on width × height.
        sound: What is known of the sound that drives it, if there is one. The video is no longer.

    Raises:
        RecipeError: A name is unknown, the video is too long, the picture is too thin or missing, or a loop
            was requested to a sound.
    """
    if sound:
        request = _fit_to_sound(request, sound)
    seed = request.seed if request.seed is not None else seed
    preset = find_hellscape_preset(request.preset) if request.preset else None
    named = request.model or (preset.model if preset else None)
    model = choose_model(named, request.layer, request.bend, models)
    start = request.start or ("picture" if source else "smooth")
    if start == "picture" and source is None:
        raise RecipeError("errors-hellscape-needs-picture")
    chosen = request.layer or (preset.journey if preset else "")
    legs = parse_journey(chosen, model.architecture) if chosen else ()
    dreamed = [term.layer for leg in legs for term in leg]
    bends, bent_layer = choose_bends(request.bend, request.chaos, seed, model.architecture, dreamed)
    notch = request.intensity or DEFAULT_INTENSITY
    width, height = _video_size(request, source, max_pixels)
    timing = _timing(request)
    if sound:
        levels = sound.levels[: timing.dreamed]
        silence = (0.0,) * (timing.dreamed - len(levels))
        timing = timing.model_copy(update={"loudness": format_loudness(levels + silence)})
    journey = plan_journey(
        chosen or bent_layer or _drawn_journey(request, seed, models),
        model.architecture,
        timing.dreamed,
        loop=request.loop,
        leg_frames=preset.leg_frames if preset else None,
    )
    check_upstream(bends, (term.layer for leg in journey.legs for term in leg), model.architecture)
    steps = _STEPS_BY_INTENSITY[notch - 1]
    video = timing.model_copy(
        update={
            **start_fields(start, steps, timing),
            "drift_x": request.drift_x,
            "drift_y": request.drift_y,
            "onward": journey.legs[1:],
            "leg_frames": journey.frames,
            "fade": journey.fades,
            **_without_none(zoom=request.zoom, rotation=request.rotation),
            **(_held_tone(preset) if preset else {}),
        }
    )
    return Recipe.checked(
        {
            "model": model.architecture,
            "weights": model.weights,
            "other_weights": weights_of_others(
                (term for leg in journey.legs for term in leg), model.architecture, models
            ),
            "layers": journey.legs[0],
            **_gradient_parameters(journey.legs, model.architecture, bent=bool(bends)),
            **({"chroma": preset.chroma, "jitter": 16} if preset else {"jitter": 24}),
            "palette": DEFAULT_PALETTE,
            "octaves": 1 + max(0, round(math.log(min(width, height) / _MIN_OCTAVE_SIDE, _OCTAVE_SCALE))),
            "octave_scale": _OCTAVE_SCALE,
            "steps": steps,
            "step": _STEP * _STEP_RATIO ** (notch - 6),
            "cooling": 0.0,
            "bends": bends,
            "hellscape": video,
            "format": request.format,
            "width": width,
            "height": height,
            "seed": seed,
            "precision": precision,
            "intensity": notch,
            "preset": preset.name if preset else None,
        }
    )


def start_fields(start: HellscapeStart, steps: int, video: HellscapeParams) -> dict[str, Any]:
    """Returns the fields of a hellscape that follow from what it starts from.

    Smooth noise gets extra steps, so that the first frame already shows something. Static and pictures change
    gradually instead; of static, sharpening would preserve the grain.

    Args:
        start: What it starts from.
        steps: The steps of each octave.
        video: The other parameters.
    """
    return {
        "start": start,
        "first_steps": 5 * steps if start == "smooth" else 0,
        "melt": min(_MELT_FRAMES, video.dreamed // 3) if start == "picture" else 0,
        "sharpen": 0.04 if start == "static" else HellscapeParams.model_fields["sharpen"].default,
    }


def _held_tone(preset: HellscapePreset) -> dict[str, Any]:
    return {"held_mean": preset.mean, "held_light": preset.light, "held_colour": preset.colour}


def _drawn_journey(request: HellscapeRequest, seed: int, models: ModelLookup) -> str:
    """A journey of the network that is named, otherwise of those on this machine.

    To fetch a network is worth it when somebody asks for it, but not for a draw.
    """
    if request.model:
        return draw_journey(seed, (models(request.model).architecture,))
    others = [name for name in _DRAWN_MODELS if models(name).installed]
    return draw_journey(seed, (DEFAULT_MODEL, *others))


def _gradient_parameters(legs: tuple[Leg, ...], model: str, *, bent: bool) -> dict[str, Any]:
    """What is maximised, and how the gradient is processed.

    Shallow layers need smoothed gradients, deep ones all bands alike: otherwise only smooth washes remain of
    shallow layers.
    """
    layers = [find_layer(term.layer, model) for leg in legs for term in leg]
    objective = "logit" if all(layer.objective == "logit" for layer in layers) else "eq"
    if all(layer.gradient == "blur" for layer in layers) and not bent:
        return {"objective": objective, "gradient": "blur", "bands": (1.0, 1.0, 1.0), "chroma": 0.5}
    return {"objective": objective, "gradient": "laplacian", "bands": (0.25, 0.9, 1.0, 0.7), "chroma": 0.8}


def dreamed_fps(request: HellscapeRequest) -> float:
    """Returns how many frames per second are dreamed.

    Args:
        request: The request.
    """
    fps = request.fps or DEFAULT_FPS
    return fps / (_frames_between(fps) + 1)


def _fit_to_sound(request: HellscapeRequest, sound: SoundFacts) -> HellscapeRequest:
    """The request, for a video that is no longer than the sound."""
    if request.loop:
        raise RecipeError("errors-sound-loop")
    fps = request.fps or DEFAULT_FPS
    wanted = request.frames or (round(request.seconds * fps) if request.seconds else MAX_FRAMES)
    frames = max(1, min(wanted, math.ceil(sound.seconds * fps), MAX_FRAMES))
    return request.model_copy(update={"frames": frames, "seconds": None})


def _frames_between(fps: float) -> int:
    return min(4, max(0, round(fps / _DREAMED_FPS) - 1))


def _timing(request: HellscapeRequest) -> HellscapeParams:
    """The length of the video, with as many in-between frames as its frame rate needs."""
    fps = request.fps or DEFAULT_FPS
    frames = request.frames or max(1, round((request.seconds or DEFAULT_SECONDS) * fps))
    between = _frames_between(fps)
    if request.loop:
        # The last in-between frames lead to the first frame.
        frames = max(1, round(frames / (between + 1))) * (between + 1)
    if frames > MAX_FRAMES:
        raise RecipeError("errors-film-too-long", frames=frames, most=MAX_FRAMES)
    video = HellscapeParams(frames=frames, fps=fps, between=between)
    loop = max(1, min(_LOOP_FRAMES, video.dreamed // 3)) if request.loop else 0
    return video.model_copy(update={"loop": loop})


def _video_size(request: HellscapeRequest, source: SourceFacts | None, max_pixels: int) -> tuple[int, int]:
    """Even numbers, as video codecs need them; no more pixels than `max_pixels`."""
    width, height = parse_size(request.size or DEFAULT_SIZE)
    if source:
        # Raises RecipeError if the source is too thin.
        dream_size(source.width, source.height, max_pixels)
        scale = max(width, height) / max(source.width, source.height)
        width, height = max(1, round(source.width * scale)), max(1, round(source.height * scale))
    scale = min(1.0, math.sqrt(max_pixels / (width * height)))
    return _even(width * scale), _even(height * scale)


def _even(side: float) -> int:
    return max(2, int(side / 2 + 1e-6) * 2)


def _without_none(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}
