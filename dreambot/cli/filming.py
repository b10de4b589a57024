"""Films from the shell: frames go into a file as they are dreamed."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from dreambot.errors import UserError
from dreambot.executor.types import Pixels
from dreambot.media.encode import Encoded
from dreambot.media.film_plan import FilmFormat
from dreambot.media.filming import Filming
from dreambot.media.pool import CodecPool
from dreambot.recipe import Recipe

FILM_FORMATS = (".mp4", ".webp", ".gif")
_USUAL_FPS = 12.0


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


class Reel:
    """A film's file in the making. When the dream has to begin anew, so does the film."""

    def __init__(
        self,
        codecs: CodecPool,
        recipe: Recipe,
        output: Path,
        durations: Sequence[float] = (),
        *,
        loop: bool = True,
        limit: int | None = None,
    ) -> None:
        """durations: milliseconds of each frame; without them, the recipe's fps. limit: bytes."""
        self._codecs, self._recipe, self._durations = codecs, recipe, durations
        self._format = cast(FilmFormat, output.suffix.lower().removeprefix("."))
        self._loop, self._limit = loop, limit
        self._film: Filming | None = None

    async def add(self, index: int, frames: int, rgb: Pixels) -> None:
        """Takes a frame; see `FrameSink`."""
        if index == 0 or self._film is None:
            await self._abandon()
            height, width, _ = rgb.shape
            hellscape = self._recipe.hellscape
            self._film = await self._codecs.film(
                width,
                height,
                fps=hellscape.fps if hellscape else _USUAL_FPS,
                loop=self._loop,
                format=self._format,
                limit=self._limit,
                recipe_json=self._recipe.to_json(),
            )
        await self._film.add(rgb, self._durations[index] if self._durations else None)

    async def finish(self) -> Encoded:
        """The file."""
        if self._film is None:
            raise UserError("The film came to nothing: it has no frames.")
        return await self._film.finish()

    async def _abandon(self) -> None:
        film, self._film = self._film, None
        if film:
            await film.abandon()

    async def __aenter__(self) -> Self:
        """Nothing more than the reel."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abandons what was not finished."""
        await self._abandon()
