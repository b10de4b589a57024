"""A recipe that is followed once more, on another picture perhaps."""

from pydantic import BaseModel, ConfigDict

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.film import MAX_FRAMES, Moving
from dreambot.recipe.recipe import Recipe
from dreambot.recipe.resolve import SourceFacts, dream_size, octaves_for
from dreambot.recipe.text import is_text, parse_recipe


class RepeatRequest(BaseModel):
    """`/again`, or a recipe that somebody pasted. The recipe's numbers are kept; its size and octaves become
    the picture's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: Recipe

    @classmethod
    def of(cls, text: str) -> "RepeatRequest":
        """The recipe in a text, one line or JSON. Raises RecipeError."""
        return cls(recipe=parse_recipe(text) if is_text(text) else Recipe.from_json(text))


def needs_picture(recipe: Recipe) -> bool:
    """Whether a recipe cannot be followed without a source."""
    if recipe.hellscape:
        return recipe.hellscape.start == "picture"
    return recipe.parametrisation != "fourier"


def refit(recipe: Recipe, source: SourceFacts | None, *, max_pixels: int) -> Recipe:
    """The recipe for a source of another size; as it is where the size is the same, so that the same picture
    gives the same dream. Raises RecipeError where the source is missing or too thin, and where a guide or a
    mask would have to be supplied again."""
    if recipe.mask:
        raise RecipeError("That recipe was made with a mask, which I do not have; it cannot be repeated.")
    if source is None and needs_picture(recipe):
        raise RecipeError("That recipe needs a picture; give me one, too.")
    if source is None or not needs_picture(recipe) or recipe.hellscape:
        return recipe
    width, height = dream_size(source.width, source.height, max_pixels)
    frames = Moving(frames=min(source.frames, MAX_FRAMES), fps=source.fps) if source.frames > 1 else None
    octaves = recipe.octaves
    if (width, height) != (recipe.width, recipe.height):
        before, after = min(recipe.width, recipe.height), min(width, height)
        octaves += octaves_for(after, 4, recipe.octave_scale) - octaves_for(before, 4, recipe.octave_scale)
    fields = recipe.model_dump() | {
        "width": width,
        "height": height,
        "octaves": min(12, max(1 + recipe.octaves_above, octaves)),
        "moving": frames,
    }
    return Recipe.checked(fields)
