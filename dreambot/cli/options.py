"""Options shared by several commands: declarations, value parsers and shell completion.

An invalid value is rejected while the command line is parsed: the message names the option, and nothing has
been started yet. Nothing heavy is imported here, because the shell starts a process for each completion.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer


def complete_layers(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Completes the last layer of an expression.

    Args:
        context: Has the network, if one was named.
        incomplete: The expression so far.

    Returns:
        (expression, what the layer shows) pairs.
    """
    from dreambot.recipe.layers import LAYERS

    before, last = _split_last_term(incomplete, r"[+>\-\s]")
    model = context.params.get("model") or "inception_v3"
    layers = [layer for layer in LAYERS.get(model, ()) if layer.offered]
    return [(before + layer.name, layer.shows) for layer in layers if layer.name.startswith(last)]


def complete_presets(incomplete: str) -> list[tuple[str, str]]:
    """Completes a preset.

    Args:
        incomplete: Its name so far.

    Returns:
        (name, what it looks like) pairs.
    """
    from dreambot.recipe.presets import OFFERED_PRESETS

    return [(name, preset.shows) for name, preset in OFFERED_PRESETS.items() if name.startswith(incomplete)]


def complete_hellscape_presets(incomplete: str) -> list[tuple[str, str]]:
    """Completes a hellscape preset.

    Args:
        incomplete: Its name so far.

    Returns:
        (name, what it shows) pairs.
    """
    from dreambot.recipe.journeys import HELLSCAPE_PRESETS

    return [(name, one.shows) for name, one in HELLSCAPE_PRESETS.items() if name.startswith(incomplete)]


def complete_models(incomplete: str) -> list[str]:
    """Completes a network that `dreambot models` lists.

    Args:
        incomplete: Its name so far.
    """
    from dreambot.errors import UserError
    from dreambot.zoo.registry import model_names

    try:
        return [name for name in model_names() if name.startswith(incomplete)]
    except UserError:
        return []


def complete_classes(incomplete: str) -> list[str]:
    """Completes the last of ImageNet's classes in a sum.

    Args:
        incomplete: The sum so far.
    """
    from dreambot.recipe.classes import class_names

    before, last = _split_last_term(incomplete, r"[+]\s*")
    found = [name for name in class_names() if name.lower().startswith(last.lower())]
    return [before + name for name in found] if last else []


def _split_last_term(text: str, separator: str) -> tuple[str, str]:
    """Returns the text up to the last separator, and the rest."""
    ends = [match.end() for match in re.finditer(separator, text)]
    return (text[: ends[-1]], text[ends[-1] :]) if ends else ("", text)


WHAT_PANEL = "What to dream"
HOW_PANEL = "How to dream it"
FILES_PANEL = "Files"
COMPUTE_PANEL = "Where and how to compute"

MIN_PIXELS, MAX_PIXELS = 1024, 67_108_864
MAX_SEED = 2**32 - 1


def int_between(least: int, most: int) -> Callable[[str | int], int]:
    """Returns a parser of whole numbers.

    Args:
        least: The smallest.
        most: The largest.
    """

    def parse(text: str | int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise typer.BadParameter(f"{_shortened(text)} is not a whole number from {least} to {most}.")
        return number

    return parse


def float_between(least: float, most: float) -> Callable[[str | float], float]:
    """Returns a parser of numbers.

    Args:
        least: The smallest.
        most: The largest.
    """

    def parse(text: str | float) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise typer.BadParameter(f"{_shortened(text)} is not a number from {least:g} to {most:g}.")
        return value

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Returns a parser that accepts one of these words."""

    def parse(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"{_shortened(text)} is not {', '.join(words[:-1])} or {words[-1]}.")
        return text

    return parse


def parse_path(text: str | Path) -> Path:
    """Parses the name of a file.

    Args:
        text: The name.

    Raises:
        typer.BadParameter: It is empty or contains NUL.
    """
    if not str(text):
        raise typer.BadParameter("the name is empty.")
    return Path(parse_text(str(text)))


def parse_text(text: str) -> str:
    """Parses a text.

    Args:
        text: The text.

    Raises:
        typer.BadParameter: It is empty or contains NUL, which no name of a file does.
    """
    if not text.strip():
        raise typer.BadParameter("the text is empty.")
    if "\0" in text:
        raise typer.BadParameter("it contains a NUL character.")
    return text


def parse_device(text: str) -> str:
    """Parses the name of one device.

    Args:
        text: The name.

    Raises:
        typer.BadParameter: It is not auto, cpu, mps, cuda or one GPU.
    """
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,4})?", text):
        raise typer.BadParameter(f"{_shortened(text)} is not auto, cpu, mps, cuda or one GPU such as cuda:0.")
    return text


def parse_host(text: str) -> str:
    """Parses the name or address of a machine.

    Args:
        text: The name or address.

    Raises:
        typer.BadParameter: It is neither.
    """
    if not re.fullmatch(r"[A-Za-z0-9:](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9:])?", text) or re.search(
        r"[A-Za-z0-9-]{64}|\.\.", text
    ):
        raise typer.BadParameter(f"{_shortened(text)} is not an address such as 10.0.0.5.")
    return text


def _shortened(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")


def no_completion(incomplete: str) -> list[str]:
    """Offers no values, so that the shell completes names of files.

    Args:
        incomplete: Unused.
    """
    return []


OutputOption = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        parser=parse_path,
        metavar="FILE",
        help="Where the picture goes: .png, .webp or .jpg; - is standard output.",
        rich_help_panel=FILES_PANEL,
    ),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Overwrite an input file, too.", rich_help_panel=FILES_PANEL)
]
IntensityOption = Annotated[
    int | None,
    typer.Option(
        parser=int_between(1, 11),
        metavar="1-11",
        help="How strong, from 1 (hardly visible) to 11.",
        show_default="6",
        rich_help_panel=WHAT_PANEL,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A network: `dreambot models` lists them.",
        show_default="the one that has the layer, inception_v3 first",
        autocompletion=complete_models,
        rich_help_panel=WHAT_PANEL,
    ),
]
PresetOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A named look: `dreambot presets` lists them.",
        autocompletion=complete_presets,
        rich_help_panel=WHAT_PANEL,
    ),
]
LayerOption = Annotated[
    str | None,
    typer.Option(
        metavar="LAYER",
        help=r"A layer or a mix: mixed5, mixed3+mixed5*0.5, mixed4\[68,47], -mixed4.",
        show_default="mixed5",
        autocompletion=complete_layers,
        rich_help_panel=WHAT_PANEL,
    ),
]
HellscapePresetOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A named journey: `dreambot presets` lists them.",
        autocompletion=complete_hellscape_presets,
        rich_help_panel=WHAT_PANEL,
    ),
]
JourneyOption = Annotated[
    str | None,
    typer.Option(
        metavar="LAYERS",
        help=r'One layer after another: "mixed4\[68,47,728] > mixed5\[256,310,320] > mixed4".',
        show_default="drawn by the seed",
        autocompletion=complete_layers,
        rich_help_panel=WHAT_PANEL,
    ),
]
ClassesArgument = Annotated[
    str | None,
    typer.Argument(
        parser=parse_text,
        metavar="CLASSES",
        help='What to summon: "golden retriever", "castle + volcano*0.5 - cat".',
        autocompletion=complete_classes,
    ),
]
BendOption = Annotated[
    str | None,
    typer.Option(
        metavar="BENDS",
        help="Circuit bends: swap@mixed1=0.3+cut@mixed2=0.6, or random.",
        rich_help_panel=WHAT_PANEL,
    ),
]
ChaosOption = Annotated[
    int | None,
    typer.Option(
        parser=int_between(1, 11),
        metavar="1-11",
        help="How wild random bends are.",
        show_default="6, with --bend random",
        rich_help_panel=WHAT_PANEL,
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        parser=int_between(0, MAX_SEED),
        metavar="NUMBER",
        help="The same seed gives the same dream.",
        show_default="random",
        rich_help_panel=HOW_PANEL,
    ),
]
RecipeOption = Annotated[
    str | None,
    typer.Option(
        parser=parse_text,
        metavar="FILE or TEXT",
        help="Repeat the recipe in this dream (PNG, MP4 …), JSON file or line of text.",
        autocompletion=no_completion,
        rich_help_panel=WHAT_PANEL,
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        "--device",
        parser=parse_device,
        metavar="NAME",
        help="auto, cpu, cuda:0, mps.",
        show_default="the settings', else auto",
        rich_help_panel=COMPUTE_PANEL,
    ),
]
PrecisionOption = Annotated[
    str | None,
    typer.Option(
        parser=one_of("auto", "fp32", "bf16", "fp16"),
        metavar="NAME",
        help="fp32, bf16, fp16, or auto, which measures which is faster.",
        show_default="the settings', else auto",
        rich_help_panel=COMPUTE_PANEL,
    ),
]
MaxPixelsOption = Annotated[
    int | None,
    typer.Option(
        parser=int_between(MIN_PIXELS, MAX_PIXELS),
        metavar="NUMBER",
        help="Larger pictures are dreamed at this many pixels.",
        show_default="the settings', else 786432",
        rich_help_panel=COMPUTE_PANEL,
    ),
]
