"""The request: what a person asked, before any number is resolved."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.guide import SHA256, Guide
from dreambot.recipe.reading import MAX_TEXT

MAX_OCTAVES_ABOVE = 3


class DreamRequest(BaseModel):
    """`/dream layer:mixed5 intensity:11 seed:7`. What is None is chosen when the recipe is resolved.

    bend: a bend expression, or `random`, which `chaos` (1 to 11) draws. closeness, keep_colour, mask,
    octaves_above, tile: as in `Recipe`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    preset: Annotated[str, Field(max_length=24)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None
    bend: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    chaos: Annotated[int, Field(ge=1, le=11)] | None = None
    guide: Guide | None = None
    closeness: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    keep_colour: bool = False
    mask: Annotated[str, Field(pattern=SHA256)] | None = None
    octaves_above: Annotated[int, Field(ge=0, le=MAX_OCTAVES_ABOVE)] = 0
    tile: Annotated[int, Field(ge=128, le=4096)] | None = None

    @classmethod
    def of(cls, **wishes: Any) -> "DreamRequest":
        """A checked request; an empty text is no wish. Raises RecipeError that says which value is out of
        range."""
        try:
            return cls.model_validate({name: wish for name, wish in wishes.items() if wish not in (None, "")})
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise RecipeError(_RANGES.get(field, f"That {field} cannot be used.")) from error


_RANGES = {
    "layer": f"A layer expression has at most {MAX_TEXT} characters.",
    "intensity": "The intensity goes from 1 to 11.",
    "preset": "A preset's name has at most 24 letters.",
    "seed": f"A seed is a whole number from 0 to {2**32 - 1}.",
    "model": "The name of a network has at most 64 letters.",
    "bend": f"A bend expression has at most {MAX_TEXT} characters.",
    "chaos": "Chaos goes from 1 to 11.",
    "closeness": "Closeness goes from 0, free, to 1, where nothing may change.",
    "octaves_above": f"At most {MAX_OCTAVES_ABOVE} octaves above the picture's size can be dreamed.",
    "tile": "Tiles are 128 to 4096 pixels wide.",
}
