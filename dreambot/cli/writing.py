"""Files that the command line writes."""

import os
import signal
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dreambot.cli.console import print_path
from dreambot.errors import UserError

STILLS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}
VIDEOS = (".mp4", ".webp", ".gif")
_STANDARD_OUTPUT = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}
_OF_THE_PROCESS = ("/dev/fd/", "/dev/std", "/proc/")


def is_standard_output(path: Path) -> bool:
    """Whether it means standard output."""
    return str(path) in _STANDARD_OUTPUT


def is_stream(path: Path) -> bool:
    """Whether it is written to as it is: standard output, a pipe or a device; its name says no format."""
    if is_standard_output(path):
        return True
    mode = _mode(path)
    if mode is None or stat.S_ISDIR(mode):
        return False
    return not stat.S_ISREG(mode) or str(path.absolute()).startswith(_OF_THE_PROCESS)


def still_format(path: Path) -> str | None:
    """Pillow's name for the format of a picture of that name; None if the name says none."""
    return "PNG" if is_stream(path) else STILLS.get(path.suffix.lower())


def is_video(path: Path) -> bool:
    """Whether a file of that name can hold a video."""
    return is_stream(path) or path.suffix.lower() in VIDEOS


def is_folder(path: Path) -> bool:
    """Whether there is a folder. Raises UserError for a name that no file can have."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def require_target(path: Path, inputs: Iterable[Path] = (), *, force: bool = False) -> None:
    """Checks, before work begins, that a file can be written.

    Args:
        path: Where it is to go.
        inputs: Files that are read, which are not overwritten, whatever name leads to them.
        force: Overwrites them all the same.

    Raises:
        UserError: It cannot be written, or would overwrite an input.
    """
    if is_standard_output(path):
        if sys.stdout.isatty():
            raise UserError("A terminal shows no pictures; send standard output to a file or a pipe.")
        return
    if is_folder(path):
        raise UserError(f"{path} is a folder; name the file to write.")
    if not force:
        for read in inputs:
            if _is_same(path, read):
                raise UserError(f"{path} would overwrite {read}, which is read; --force does that.")
    if is_stream(path):
        return
    folder = path.resolve().parent
    if not is_folder(folder):
        raise UserError(f"There is no folder {folder if path.is_symlink() else path.parent} to write to.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"The folder {path.parent} cannot be written to: {error.strerror}.") from error


def make_folder(path: Path) -> None:
    """Makes a folder unless it is there. Raises UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {path} cannot be made: {error.strerror}.") from error


def write_file(path: Path, data: bytes) -> None:
    """Writes a file and prints its path where a pipe wants it. An ordinary file is never half written.

    A symbolic link is followed. Raises UserError if the file cannot be written, and BrokenPipeError if
    whoever read standard output is gone.
    """
    if is_standard_output(path):
        with _interruptible():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        return
    try:
        if is_stream(path):
            with _interruptible(), path.open("wb") as stream:
                stream.write(data)
            return
        _replace(path.resolve(), data)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    print_path(path)


def _replace(path: Path, data: bytes) -> None:
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


def _mode(path: Path) -> int | None:
    """The mode of a file, None where there is none yet. Raises UserError for names that no file can have."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets Ctrl+C end a write that waits for a reader, which asyncio would put off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
