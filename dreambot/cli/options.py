"""Options that several commands take, and how their values are read.

A value that cannot be used is refused while the command line is read: the sentence names the option, and
nothing has been started yet.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.completion import complete_classes, complete_layers, complete_models, complete_presets

WHAT = "What to dream"
HOW = "How to dream it"
FILES = "Files"
MACHINE = "Where and how to compute"

SMALLEST_PIXELS, LARGEST_PIXELS = 1024, 67_108_864
LARGEST_SEED = 2**32 - 1


def whole_number(least: int, most: int) -> Callable[[str | int], int]:
    """A parser of whole numbers from `least` to `most`."""

    def parse(text: str | int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise typer.BadParameter(f"{_shown(text)} is not a whole number from {least} to {most}.")
        return number

    return parse


def number(least: float, most: float) -> Callable[[str | float], float]:
    """A parser of numbers from `least` to `most`."""

    def parse(text: str | float) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise typer.BadParameter(f"{_shown(text)} is not a number from {least:g} to {most:g}.")
        return value

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """A parser of one of these words."""

    def parse(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"{_shown(text)} is not {', '.join(words[:-1])} or {words[-1]}.")
        return text

    return parse


def file_name(text: str | Path) -> Path:
    """A parser of names of files."""
    if not str(text):
        raise typer.BadParameter("the name is empty.")
    return Path(some_text(str(text)))


def some_text(text: str) -> str:
    """A parser of texts that may not be empty, nor hold NUL, which no name of a file does."""
    if not text.strip():
        raise typer.BadParameter("the text is empty.")
    if "\0" in text:
        raise typer.BadParameter("it holds a NUL character.")
    return text


def device_name(text: str) -> str:
    """A parser of the name of one device."""
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,4})?", text):
        raise typer.BadParameter(f"{_shown(text)} is not auto, cpu, mps, cuda or one GPU such as cuda:0.")
    return text


def host_name(text: str) -> str:
    """A parser of names and addresses of machines."""
    if not re.fullmatch(r"[A-Za-z0-9:](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9:])?", text) or re.search(
        r"[A-Za-z0-9-]{64}|\.\.", text
    ):
        raise typer.BadParameter(f"{_shown(text)} is not an address such as 10.0.0.5.")
    return text


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")


def complete_nothing(incomplete: str) -> list[str]:
    """No values to offer: the shell completes names of files."""
    return []


Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        parser=file_name,
        metavar="FILE",
        help="Where the picture goes: .png, .webp or .jpg; - is standard output.",
        rich_help_panel=FILES,
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Overwrite a file that is read, too.", rich_help_panel=FILES)
]
Intensity = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(1, 11),
        metavar="1-11",
        help="How strong, from 1, hardly visible, to 11.",
        show_default="6",
        rich_help_panel=WHAT,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A network: `dreambot models` lists them.",
        show_default="the one that has the layer, inception_v3 first",
        autocompletion=complete_models,
        rich_help_panel=WHAT,
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A look with a name: `dreambot presets` lists them.",
        autocompletion=complete_presets,
        rich_help_panel=WHAT,
    ),
]
Layer = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER",
        help=r"A layer or a mix: mixed5, mixed3+mixed5*0.5, mixed4\[68,47], -mixed4.",
        show_default="mixed5",
        autocompletion=complete_layers,
        rich_help_panel=WHAT,
    ),
]
Journey = Annotated[
    str | None,
    typer.Option(
        metavar="LAYERS",
        help=r'One layer after another: "mixed4\[68,47,728] > mixed5\[256,310,320] > mixed4".',
        show_default="the most nightmarish ones",
        autocompletion=complete_layers,
        rich_help_panel=WHAT,
    ),
]
Classes = Annotated[
    str | None,
    typer.Argument(
        parser=some_text,
        metavar="CLASSES",
        help='What to summon: "golden retriever", "castle + volcano*0.5 - cat".',
        autocompletion=complete_classes,
    ),
]
Bend = Annotated[
    str | None,
    typer.Option(
        metavar="BENDS",
        help="Circuit bends: swap@mixed1=0.3+cut@mixed2=0.6, or random.",
        rich_help_panel=WHAT,
    ),
]
Chaos = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(1, 11),
        metavar="1-11",
        help="How wild random bends are.",
        show_default="6, with --bend random",
        rich_help_panel=WHAT,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(0, LARGEST_SEED),
        metavar="NUMBER",
        help="The same seed gives the same dream.",
        show_default="random",
        rich_help_panel=HOW,
    ),
]
Recipe = Annotated[
    str | None,
    typer.Option(
        parser=some_text,
        metavar="FILE or TEXT",
        help="Repeat the recipe in this dream (PNG, MP4 …), JSON file or line of text.",
        autocompletion=complete_nothing,
        rich_help_panel=WHAT,
    ),
]
DeviceName = Annotated[
    str | None,
    typer.Option(
        "--device",
        parser=device_name,
        metavar="NAME",
        help="auto, cpu, cuda:0, mps.",
        show_default="the settings', else auto",
        rich_help_panel=MACHINE,
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        parser=one_of("auto", "fp32", "bf16"),
        metavar="NAME",
        help="fp32, bf16, or auto, which measures what is faster.",
        show_default="the settings', else auto",
        rich_help_panel=MACHINE,
    ),
]
MaxPixels = Annotated[
    int | None,
    typer.Option(
        parser=whole_number(SMALLEST_PIXELS, LARGEST_PIXELS),
        metavar="NUMBER",
        help="Larger pictures are dreamed at this many pixels.",
        show_default="the settings', else 786432",
        rich_help_panel=MACHINE,
    ),
]
