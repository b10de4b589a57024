"""Files that people name on the command line to be read."""

import codecs as encodings
import os
import stat
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from dreambot.errors import UserError
from dreambot.media.opening import MAX_FILE_BYTES
from dreambot.media.pool import CodecPool
from dreambot.recipe import MAX_RECIPE_BYTES, Recipe
from dreambot.recipe.text import is_text, parse_recipe

STANDARD_INPUT = Path("-")
_OF_THE_PROCESS = ("/dev/", "/proc/")
"""Names that mean another file in another process, such as /dev/stdin."""
_BLOCK = 1 << 20


class Inputs:
    """Opens what people name, so that other processes can read it by name and more than once.

    An ordinary file stays where it is. `-`, a pipe (`<(…)`) and whatever else can be read only once, or by
    this process alone, is copied to a temporary folder, which lives as long as this context.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._copies: dict[Path, Path] = {}
        self.paths: list[Path] = []
        """What was named, apart from standard input: what must not be overwritten."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, given: Path) -> Path:
        """The path under which the file can be read. Blocks until a pipe ends.

        Args:
            given: What was named; `-` is standard input.

        Raises:
            UserError: It is missing, a folder, unreadable or too large.
        """
        if given in self._copies:
            return self._copies[given]
        if given == STANDARD_INPUT:
            return self._copied(given, "Standard input")
        ordinary = require_file(given)
        self.paths.append(given)
        if not ordinary or str(given.absolute()).startswith(_OF_THE_PROCESS):
            return self._copied(given, str(given))
        return given

    def recipe(self, given: str) -> "NamedRecipe":
        """What `--recipe` names: a recipe's text, or a file. Raises UserError as `open` does."""
        return NamedRecipe(given, None) if is_text(given) else NamedRecipe(given, self.open(Path(given)))

    def _copied(self, given: Path, name: str) -> Path:
        if not self._copies:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="dreambot-")))
        copy = self._folder / str(len(self._copies))
        try:
            with open(
                0 if given == STANDARD_INPUT else given, "rb", closefd=given != STANDARD_INPUT
            ) as stream:
                if stream.isatty():
                    raise UserError(f"{name} is a terminal; give it a file, as in `dreambot … < photo.jpg`.")
                with copy.open("wb") as file:
                    left = MAX_FILE_BYTES
                    while block := stream.read(min(_BLOCK, left + 1)):
                        left -= len(block)
                        if left < 0:
                            raise UserError(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB.")
                        file.write(block)
        except OSError as error:
            raise UserError(f"{name} cannot be read: {error.strerror}.") from error
        self._copies[given] = copy
        return copy


class NamedRecipe:
    """A recipe's text, or a file with a recipe in it."""

    def __init__(self, given: str, path: Path | None) -> None:
        """given: what was typed. path: the file, None for a text."""
        self._given = given
        self._path = path

    async def read(self, codecs: CodecPool) -> Recipe:
        """The recipe in the text, in a text file or JSON file, or in a picture or video of ours.

        Raises:
            UserError: There is none, or it cannot be followed.
        """
        if self._path is None:
            return parse_recipe(self._given)
        text = _start_of(self._path)
        if is_text(text):
            return parse_recipe(text)
        if text.lstrip().startswith("{") or self._path.suffix.lower() in (".json", ".txt"):
            return Recipe.from_json(text)
        found = await codecs.read_recipe(self._path)
        if found is None:
            raise UserError(
                f"{self._given} carries no recipe; only what dreambot made does, and not every app keeps it."
            )
        return Recipe.from_json(found)


def require_file(path: Path) -> bool:
    """Whether it is an ordinary file, which is no pipe or device. Raises UserError if it cannot be read."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"There is no file {path}.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    if stat.S_ISDIR(mode):
        raise UserError(f"{path} is a folder; name a file in it.")
    if not os.access(path, os.R_OK):
        raise UserError(f"{path} cannot be read: its permissions forbid it.")
    return stat.S_ISREG(mode)


def _start_of(path: Path) -> str:
    """As much text as a recipe may have, and some more, by which a longer one is known."""
    with path.open("rb") as file:
        data = file.read(2 * MAX_RECIPE_BYTES + 4)
    # A shell on Windows writes UTF-16 into files.
    utf16 = data.startswith((encodings.BOM_UTF16_LE, encodings.BOM_UTF16_BE))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
