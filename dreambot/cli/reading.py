"""Files that people name on the command line."""

import os
import tempfile
from pathlib import Path

from dreambot.errors import UserError
from dreambot.media.pool import CodecPool
from dreambot.recipe import MAX_RECIPE_BYTES, Recipe
from dreambot.recipe.text import is_text, parse_recipe


async def read_recipe(codecs: CodecPool, given: str) -> Recipe:
    """The recipe in a picture or film of ours, in a JSON file, or in the text itself. Raises UserError."""
    if is_text(given):
        return parse_recipe(given)
    path = Path(given)
    require_file(path)
    if path.suffix.lower() in (".json", ".txt"):
        text = _start_of(path)
        return parse_recipe(text) if is_text(text) else Recipe.from_json(text)
    found = await codecs.read_recipe(path)
    if found is None:
        raise UserError(
            f"{path} carries no recipe; only what dreambot made does, and not every app keeps it."
        )
    return Recipe.from_json(found)


def _start_of(path: Path) -> str:
    """As much as a recipe may have, and one byte, by which a longer one is known."""
    with path.open("rb") as file:
        return file.read(MAX_RECIPE_BYTES + 1).decode("utf-8", errors="replace")


def require_file(path: Path) -> None:
    """Raises UserError unless there is a file to read."""
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a picture in it.")
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    if not os.access(path, os.R_OK):
        raise UserError(f"{path} may not be read.")


def require_target(path: Path) -> None:
    """Raises UserError unless a file can be written there."""
    if path.is_dir():
        raise UserError(f"{path} is a folder; name the file to write.")
    if not path.parent.is_dir():
        raise UserError(f"There is no folder {path.parent} to write to.")
    if not os.access(path.parent, os.W_OK):
        raise UserError(f"The folder {path.parent} may not be written to.")


def make_folder(path: Path) -> None:
    """Makes a folder unless it is there. Raises UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {path} cannot be made: {error.strerror}.") from error


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that nobody ever sees half of it. Raises UserError."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".dreambot-", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(0o666 & ~_umask())
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UserError(f"{path} could not be written: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
