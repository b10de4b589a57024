"""Files that people name on the command line."""

import os
import tempfile
from pathlib import Path

from dreambot.errors import UserError
from dreambot.media.pool import CodecPool
from dreambot.recipe import MAX_RECIPE_BYTES, Recipe


async def read_recipe(codecs: CodecPool, path: Path) -> Recipe:
    """The recipe in a picture of ours or in a JSON file. Raises UserError."""
    require_file(path)
    if path.suffix.lower() == ".json":
        return Recipe.from_json(_start_of(path))
    text = await codecs.read_recipe(path)
    if text is None:
        raise UserError(f"{path} carries no recipe; only PNGs that dreambot made do.")
    return Recipe.from_json(text)


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
