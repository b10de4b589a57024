"""Files that the command line reads and writes: regular files, pipes, standard input and standard output."""

import codecs as encodings
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self, cast

from dreambot.cli.console import print_path
from dreambot.errors import UserError
from dreambot.media.picture_file import MAX_FILE_BYTES
from dreambot.media.video_settings import VideoFormat, choose_video_format
from dreambot.recipe import MAX_RECIPE_BYTES, Recipe
from dreambot.recipe.text import is_recipe_text, parse_recipe
from dreambot.workers.codec_pool import CodecPool

STDIN_PATH = Path("-")
_PROCESS_LOCAL_INPUTS = ("/dev/", "/proc/")
"""Names that mean another file in another process, such as /dev/stdin."""
_BLOCK_BYTES = 1 << 20


class InputFiles:
    """Opens input files so that other processes can read them by name and more than once.

    An ordinary file stays where it is. `-`, a pipe (`<(…)`) and anything else that can be read only once, or
    by this process alone, is copied to a temporary folder, which exists as long as this context.

    Attributes:
        paths: The inputs other than standard input, which must not be overwritten.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._copies: dict[Path, Path] = {}
        self.paths: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, given: Path) -> Path:
        """Returns the path under which a file can be read. Blocks until a pipe ends.

        Args:
            given: What the user named; `-` is standard input.

        Raises:
            UserError: It is missing, a folder, unreadable or too large.
        """
        if given in self._copies:
            return self._copies[given]
        if given == STDIN_PATH:
            return self._copied(given, "Standard input")
        ordinary = require_readable(given)
        self.paths.append(given)
        if not ordinary or str(given.absolute()).startswith(_PROCESS_LOCAL_INPUTS):
            return self._copied(given, str(given))
        return given

    def recipe(self, given: str) -> "RecipeSource":
        """Opens the recipe that `--recipe` names.

        Args:
            given: A recipe's text, or a file.

        Raises:
            UserError: See `open`.
        """
        return (
            RecipeSource(given, None)
            if is_recipe_text(given)
            else RecipeSource(given, self.open(Path(given)))
        )

    def _copied(self, given: Path, name: str) -> Path:
        if not self._copies:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="dreambot-")))
        copy = self._folder / str(len(self._copies))
        try:
            source = 0 if given == STDIN_PATH else given
            # Unbuffered, so that Ctrl+C is noticed between two reads.
            with open(source, "rb", buffering=0, closefd=given != STDIN_PATH) as stream:
                if stream.isatty():
                    raise UserError("cli-input-terminal", name=name)
                with copy.open("wb") as file:
                    left = MAX_FILE_BYTES
                    while block := stream.read(min(_BLOCK_BYTES, left + 1)):
                        left -= len(block)
                        if left < 0:
                            raise UserError("cli-input-too-large", name=name, most=MAX_FILE_BYTES >> 20)
                        file.write(block)
        except OSError as error:
            raise UserError("cli-input-unreadable", path=name, reason=error.strerror) from error
        self._copies[given] = copy
        return copy


class RecipeSource:
    """A recipe's text, or a file with a recipe in it."""

    def __init__(self, given: str, path: Path | None) -> None:
        """Stores the source.

        Args:
            given: What the user typed.
            path: The file; None for a text.
        """
        self._given = given
        self._path = path

    async def read(self, codecs: CodecPool) -> Recipe:
        """Returns the recipe in the text, in a text or JSON file, or in a picture or video of dreambot.

        Args:
            codecs: Reads the metadata of pictures and videos.

        Raises:
            UserError: There is none, or it is invalid.
        """
        if self._path is None:
            return parse_recipe(self._given)
        text = _read_head(self._path)
        if is_recipe_text(text):
            return parse_recipe(text)
        if text.lstrip().startswith("{") or self._path.suffix.lower() in (".json", ".txt"):
            return Recipe.from_json(text)
        found = await codecs.read_recipe(self._path)
        if found is None:
            raise UserError("cli-no-recipe", path=self._given)
        return Recipe.from_json(found)


def require_readable(path: Path) -> bool:
    """Checks that a file can be read.

    Args:
        path: The file.

    Returns:
        Whether it is an ordinary file, not a pipe or device.

    Raises:
        UserError: It cannot be read.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UserError("cli-no-file", path=path) from None
    except OSError as error:
        raise UserError("cli-input-unreadable", path=path, reason=error.strerror) from error
    if stat.S_ISDIR(mode):
        raise UserError("cli-input-folder", path=path)
    if not os.access(path, os.R_OK):
        raise UserError("cli-input-forbidden", path=path)
    return stat.S_ISREG(mode)


def _read_head(path: Path) -> str:
    """Reads as much text as a recipe may have, and a little more, so that a longer one is noticed."""
    with path.open("rb") as file:
        data = file.read(2 * MAX_RECIPE_BYTES + 4)
    # A shell on Windows writes UTF-16 into files.
    utf16 = data.startswith((encodings.BOM_UTF16_LE, encodings.BOM_UTF16_BE))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


STILL_FORMATS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}
VIDEO_SUFFIXES = (".mp4", ".webp", ".gif")
_STDOUT_NAMES = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}
_PROCESS_LOCAL_OUTPUTS = ("/dev/fd/", "/dev/std", "/proc/")


def is_stdout(path: Path) -> bool:
    """Returns whether a path means standard output.

    Args:
        path: The path.
    """
    return str(path) in _STDOUT_NAMES


def is_stream(path: Path) -> bool:
    """Returns whether a path is standard output, a pipe or a device, whose name says no format.

    Args:
        path: The path.
    """
    if is_stdout(path):
        return True
    mode = _stat_mode(path)
    if mode is None or stat.S_ISDIR(mode):
        return False
    return not stat.S_ISREG(mode) or str(path.absolute()).startswith(_PROCESS_LOCAL_OUTPUTS)


def still_format(path: Path) -> str | None:
    """Returns Pillow's name for the format of a picture; None if the file's name says none.

    Args:
        path: The file.
    """
    return "PNG" if is_stream(path) else STILL_FORMATS.get(path.suffix.lower())


def is_video_path(path: Path) -> bool:
    """Returns whether a file of that name can contain a video.

    Args:
        path: The file.
    """
    return is_stream(path) or path.suffix.lower() in VIDEO_SUFFIXES


def is_directory(path: Path) -> bool:
    """Returns whether there is a folder.

    Args:
        path: The path.

    Raises:
        UserError: No file can have that name.
    """
    mode = _stat_mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def require_writable(path: Path, inputs: Iterable[Path] = (), *, force: bool = False) -> None:
    """Checks, before work begins, that a file can be written.

    Args:
        path: The file.
        inputs: Input files, which must not be overwritten under any name.
        force: Allow overwriting them.

    Raises:
        UserError: It cannot be written, or would overwrite an input.
    """
    if is_stdout(path):
        if sys.stdout.isatty():
            raise UserError("cli-output-terminal")
        return
    if is_directory(path):
        raise UserError("cli-output-folder", path=path)
    if not force:
        for read in inputs:
            if _is_same_file(path, read):
                raise UserError("cli-overwrite", path=path, input=read)
    if is_stream(path):
        return
    folder = path.resolve().parent
    if not is_directory(folder):
        raise UserError("cli-output-no-folder", path=folder if path.is_symlink() else path.parent)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError("cli-folder-not-writable", path=path.parent, reason=error.strerror) from error


def make_directory(path: Path) -> None:
    """Creates a folder unless it exists.

    Args:
        path: The folder.

    Raises:
        UserError: It cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("cli-folder-not-made", path=path, reason=error.strerror) from error


def write_file(path: Path, data: bytes) -> None:
    """Writes a file and prints its path if stdout is a pipe. An ordinary file is never half written.

    Args:
        path: The file; a symbolic link is followed.
        data: Its content.

    Raises:
        UserError: It cannot be written.
        BrokenPipeError: The reader of standard output has gone.
    """
    if is_stdout(path):
        with _interruptible():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        return
    try:
        if is_stream(path):
            with _interruptible(), path.open("wb") as stream:
                stream.write(data)
            return
        _write_atomically(path.resolve(), data)
    except OSError as error:
        raise UserError("cli-output-not-writable", path=path, reason=error.strerror) from error
    print_path(path)


def _write_atomically(path: Path, data: bytes) -> None:
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


def _stat_mode(path: Path) -> int | None:
    """Returns the mode of a file, None if there is no file. Raises UserError for impossible names."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError("cli-output-not-writable", path=path, reason=error.strerror) from error


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets Ctrl+C end a write that waits for a reader; asyncio would delay it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def default_video_suffix() -> str:
    """Returns the default suffix of a video: .mp4 if PyAV is installed."""
    return f".{choose_video_format(None)}"


def require_video_path(output: Path) -> None:
    """Checks that a file of that name can contain a video that can be encoded here.

    Args:
        output: The file.

    Raises:
        UserError: It cannot.
    """
    if not is_video_path(output):
        raise UserError("cli-suffix", path=output, suffixes=list(VIDEO_SUFFIXES))
    video_format(output)


def video_format(output: Path) -> VideoFormat:
    """Returns the format of a video of that name; a stream gets the default.

    Args:
        output: The file to write.
    """
    if is_stream(output):
        return choose_video_format(None)
    return choose_video_format(cast(VideoFormat, output.suffix.lower().removeprefix(".")))
