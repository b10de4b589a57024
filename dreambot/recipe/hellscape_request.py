"""What a person asks of a hellscape, before any number is resolved."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.film import MAX_FPS, MAX_FRAMES, Start
from dreambot.recipe.reading import MAX_TEXT

SMALLEST, LARGEST = 96, 2048
"""Pixels of a hellscape's sides."""

_SIZE = re.compile(r"\s*(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?", re.IGNORECASE)

Number = Field(allow_inf_nan=False)


def _in_recipes(start: object) -> object:
    """People say fog; recipes say smooth, as people did before."""
    return "smooth" if start == "fog" else start


class HellscapeRequest(BaseModel):
    """`dreambot hellscape --layer "mixed4 > mixed5" --seconds 8`. What is None is chosen when it is resolved.

    layer: a journey. frames or seconds: how long, at `fps` frames shown a second. size: pixels of the longer
    side, or `640x360`; from a picture the longer side counts, its proportions stay. zoom, rotation, drift_x,
    drift_y: the camera's way between two dreamed frames, as in `Hellscape`. loop: it ends where it begins.
    start: as in the recipe, or `fog`, which is `smooth`. seed: as in the recipe. bend, chaos: as in
    `DreamRequest`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    layer: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)] | None = None
    seconds: Annotated[float, Field(gt=0, le=MAX_FRAMES), Number] | None = None
    fps: Annotated[float, Field(ge=1, le=MAX_FPS), Number] | None = None
    size: Annotated[str, Field(max_length=32)] | None = None
    zoom: Annotated[float, Field(ge=0.8, le=1.25), Number] | None = None
    rotation: Annotated[float, Field(ge=-45, le=45), Number] | None = None
    drift_x: Annotated[float, Field(ge=-0.1, le=0.1), Number] = 0.0
    drift_y: Annotated[float, Field(ge=-0.1, le=0.1), Number] = 0.0
    loop: bool = False
    start: Annotated[Start | None, BeforeValidator(_in_recipes)] = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None
    bend: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    chaos: Annotated[int, Field(ge=1, le=11)] | None = None

    @classmethod
    def of(cls, **wishes: Any) -> "HellscapeRequest":
        """A checked request; an empty text is no wish. Raises RecipeError that says which value is out of
        range, or which two contradict each other."""
        try:
            request = cls.model_validate({k: wish for k, wish in wishes.items() if wish not in (None, "")})
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise RecipeError(_RANGES.get(field, f"That {field} cannot be used.")) from error
        if request.frames and request.seconds:
            raise RecipeError("Give the length of the video in frames or in seconds, not both.")
        if request.bend and request.bend != "random" and request.chaos:
            raise RecipeError("Chaos draws bends by itself; name bends, or chaos, not both.")
        if request.size:
            read_size(request.size)
        return request


def read_size(text: str) -> tuple[int, int]:
    """(width, height) in pixels of `512` or `640x360`. Raises RecipeError."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise RecipeError("A size is a number of pixels such as 512, or two such as 640x360.")
    width, height = int(match[1]), int(match[2] or match[1])
    if not SMALLEST <= min(width, height) <= max(width, height) <= LARGEST:
        raise RecipeError(f"A hellscape is {SMALLEST} to {LARGEST} pixels wide and high.")
    return width, height


_RANGES = {
    "layer": f"A journey has at most {MAX_TEXT} characters.",
    "frames": f"A hellscape has 1 to {MAX_FRAMES} frames.",
    "seconds": "A hellscape's seconds are a number above 0, such as 8.",
    "fps": f"A video shows 1 to {MAX_FPS} frames a second.",
    "size": "A size is a number of pixels such as 512, or two such as 640x360.",
    "zoom": "The zoom goes from 0.8, outwards, to 1.25, inwards; 1.03 is usual.",
    "rotation": "The rotation goes from -45 to 45 degrees a frame; 0.6 is usual.",
    "drift_x": "The drift goes from -0.1 to 0.1 of the picture a frame.",
    "drift_y": "The drift goes from -0.1 to 0.1 of the picture a frame.",
    "start": "A hellscape starts from fog, static or picture.",
    "intensity": "The intensity goes from 1 to 11.",
    "seed": f"A seed is a whole number from 0 to {2**32 - 1}.",
    "model": "The name of a network has at most 64 letters.",
    "bend": f"A bend expression has at most {MAX_TEXT} characters.",
    "chaos": "Chaos goes from 1 to 11.",
}
