"""The request: what a person asked, before any number is resolved."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.reading import MAX_TEXT


class DreamRequest(BaseModel):
    """`/dream layer:mixed5 intensity:11 seed:7`. What is None is chosen when the recipe is resolved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    preset: Annotated[str, Field(max_length=24)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None

    @classmethod
    def of(
        cls,
        *,
        layer: str | None = None,
        intensity: int | None = None,
        preset: str | None = None,
        seed: int | None = None,
    ) -> "DreamRequest":
        """A checked request. Raises RecipeError that says which value is out of range."""
        try:
            return cls(layer=layer or None, intensity=intensity, preset=preset or None, seed=seed)
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise RecipeError(_RANGES[field]) from error


_RANGES = {
    "layer": f"A layer expression has at most {MAX_TEXT} characters.",
    "intensity": "The intensity goes from 1 to 11.",
    "preset": "A preset's name has at most 24 letters.",
    "seed": f"A seed is a whole number from 0 to {2**32 - 1}.",
}
