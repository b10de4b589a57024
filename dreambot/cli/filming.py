"""Films from the shell."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from dreambot.errors import UserError
from dreambot.media.film_plan import FilmFormat
from dreambot.media.pool import CodecPool
from dreambot.media.reel import Reel
from dreambot.recipe import Recipe

FILM_FORMATS = (".mp4", ".webp", ".gif")


def reel(
    codecs: CodecPool,
    recipe: Recipe,
    output: Path,
    durations: Sequence[float] = (),
    *,
    loops: int = 0,
    limit: int | None = None,
) -> Reel:
    """The film of a recipe, in the format that the file's name says."""
    return Reel(
        codecs,
        fps=recipe.hellscape.fps if recipe.hellscape else None,
        durations=durations,
        loops=loops,
        format=cast(FilmFormat, output.suffix.lower().removeprefix(".")),
        limit=limit,
        recipe_json=recipe.to_json(),
    )


def is_film(output: Path) -> bool:
    """Whether a file of that name can hold a film."""
    return output.suffix.lower() in FILM_FORMATS


def require_film(output: Path) -> None:
    """Raises UserError unless a file of that name can hold a film."""
    if not is_film(output):
        raise UserError(f"{output.name} should end in {', '.join(FILM_FORMATS)}.")


def require_same(wanted: bool, there: bool) -> None:
    """Raises UserError where a recipe is for a film and the files are not, or the other way round."""
    if wanted and not there:
        raise UserError("That recipe is for a moving source: name one, and a .mp4, .webp or .gif to write.")
    if there and not wanted:
        raise UserError("That recipe is for one picture: name a .png or .jpg to write.")
