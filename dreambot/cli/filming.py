"""Videos from the shell."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from dreambot.cli.writing import VIDEOS, is_stream, is_video
from dreambot.errors import UserError
from dreambot.media.film_plan import FilmFormat, chosen_format
from dreambot.media.pool import CodecPool
from dreambot.media.reel import Reel
from dreambot.recipe import Recipe


def reel(
    codecs: CodecPool,
    recipe: Recipe,
    output: Path,
    durations: Sequence[float] = (),
    *,
    loops: int = 0,
    limit: int | None = None,
) -> Reel:
    """The video of a recipe, in the format that the file's name says."""
    return Reel(
        codecs,
        fps=recipe.hellscape.fps if recipe.hellscape else None,
        durations=durations,
        loops=loops,
        format=_format(output),
        limit=limit,
        recipe_json=recipe.to_json(),
    )


def usual_suffix() -> str:
    """How a video's name ends if nothing else was asked for: .mp4 where PyAV is installed."""
    return f".{chosen_format(None)}"


def require_video(output: Path) -> None:
    """Raises UserError unless a file of that name can hold a video, and it can be written here."""
    if not is_video(output):
        raise UserError(f"{output} should end in {', '.join(VIDEOS)}.")
    _format(output)


def _format(output: Path) -> FilmFormat:
    if is_stream(output):
        return chosen_format(None)
    return chosen_format(cast(FilmFormat, output.suffix.lower().removeprefix(".")))
