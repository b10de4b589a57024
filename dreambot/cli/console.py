"""Output of the command line.

Messages and progress go to stderr, results to stdout, so that a pipe carries results only. Names and
expressions that users type are printed unchanged: never parsed as markup, never wrapped.
"""

import codecs
import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from dreambot.errors import UserError

_ASCII_FALLBACKS = {
    "×": "x",
    "→": "->",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "✓": "+",
    "✗": "x",
}
_BIDIRECTIONAL = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_PIPE_WIDTH = 1000
"""The width of a table that is not shown in a terminal: in a pipe, each row is one line."""


def prepare_streams() -> None:
    """Makes stdout and stderr accept any text, and opens those of the three standard streams that are closed.

    A character that the encoding lacks becomes a plain one or an escape. Undecodable bytes of file names
    (surrogates, see PEP 383) become the bytes that they were.
    """
    codecs.register_error("dreambot", _encode_fallback)
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Otherwise the next file or socket would get this descriptor, and our output.
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="dreambot")


def error_text(error: UserError) -> str:
    """Returns the message of an error in the language of the user's locale, English if we do not have it.

    Args:
        error: The error.
    """
    from dreambot.i18n.catalogue import environment_locale, translator_for

    return error.text(translator_for(environment_locale(os.environ)))


def discard_output() -> None:
    """Discards further output, because its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _encode_fallback(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = b""
    for character in error.object[error.start : error.end]:
        if "\udc80" <= character <= "\udcff":
            written += bytes([ord(character) - 0xDC00])
        else:
            written += _ASCII_FALLBACKS.get(character, character).encode("ascii", "backslashreplace")
    return written, error.end


def print_status(text: str) -> None:
    """Prints a sentence to stderr. Control characters, which file names may contain, are escaped.

    Args:
        text: The sentence.
    """
    print(escape_control_characters(text), file=sys.stderr)


def escape_control_characters(text: str) -> str:
    """Returns a text with its control characters as escapes, except newlines.

    Args:
        text: The text.
    """
    return "".join(
        character.encode("unicode_escape").decode()
        if (character < " " and character != "\n")
        or "\x7f" <= character <= "\x9f"
        or character in _BIDIRECTIONAL
        else character
        for character in text
    )


def print_path(path: Path) -> None:
    """Prints the path of a written file to stdout, byte for byte, unless stdout is a terminal.

    A terminal already shows the sentence on stderr.

    Args:
        path: The path.
    """
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")
        sys.stdout.buffer.flush()


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table, fitted to the terminal; in a pipe each row is one line.

    Args:
        header: The titles of the columns.
        rows: The cells, row by row.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*header)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)
