"""The commands `dreambot dream` and `dreambot summon`."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import (
    FILES_PANEL,
    HOW_PANEL,
    WHAT_PANEL,
    BendOption,
    ChaosOption,
    ClassesArgument,
    DeviceOption,
    ForceOption,
    IntensityOption,
    LayerOption,
    MaxPixelsOption,
    ModelOption,
    OutputOption,
    PrecisionOption,
    PresetOption,
    RecipeOption,
    SeedOption,
    float_between,
    int_between,
    one_of,
    parse_path,
    parse_text,
)


def dream(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            parser=parse_path,
            metavar="FILE",
            help="Pictures or videos to dream on; - is standard input. With --text they are optional, and "
            "with --source noise there are none.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=parse_text,
            metavar="FILE or FOLDER",
            help="Where the dream goes: .png, .webp or .jpg; of a video .mp4, .webp or .gif; a folder; "
            "- is standard output.",
            show_default="NAME.dream.png, or .mp4, beside each file; without a file, dream.png",
            rich_help_panel=FILES_PANEL,
        ),
    ] = None,
    force: ForceOption = False,
    layer: LayerOption = None,
    intensity: IntensityOption = None,
    preset: PresetOption = None,
    four: Annotated[
        bool,
        typer.Option(
            "--four", help="Four different looks at once, small, in one file.", rich_help_panel=WHAT_PANEL
        ),
    ] = False,
    model: ModelOption = None,
    bend: BendOption = None,
    chaos: ChaosOption = None,
    source: Annotated[
        str | None,
        typer.Option(
            parser=one_of("picture", "noise"),
            metavar="picture|noise",
            help="What it starts from: the pictures, or noise.",
            show_default="picture; of a text without one, the dark",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            parser=parse_text,
            metavar="WORDS",
            help="Words that appear in the dream, at most 60 characters.",
            show_default="none",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    guide: Annotated[
        Path | None,
        typer.Option(
            parser=parse_path,
            metavar="FILE",
            help="Another picture, whose shapes or style the dream takes.",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    guide_as: Annotated[
        str | None,
        typer.Option(
            parser=one_of("shapes", "style"),
            metavar="shapes|style",
            help="What is taken of the guide: its shapes, or its strokes and colours.",
            show_default="shapes",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    caricature: Annotated[
        bool,
        typer.Option(
            "--caricature",
            help="Exaggerate what the picture itself is.",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = False,
    where: Annotated[
        str | None,
        typer.Option(
            parser=one_of("everywhere", "faces", "background"),
            metavar="everywhere|faces|background",
            help="What is dreamed of each picture: all of it, its faces, or all but the faces.",
            show_default="everywhere",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    recipe: RecipeOption = None,
    palette: Annotated[
        str | None,
        typer.Option(
            parser=parse_text,
            metavar="NAME",
            help="The colours of what is added: natural, source (the picture's own) or acid (neon).",
            show_default="the preset's, or natural",
            rich_help_panel=HOW_PANEL,
        ),
    ] = None,
    mask: Annotated[
        Path | None,
        typer.Option(
            parser=parse_path,
            metavar="FILE",
            help="A picture that is bright where the dream should happen.",
            rich_help_panel=HOW_PANEL,
        ),
    ] = None,
    closeness: Annotated[
        float,
        typer.Option(
            parser=float_between(0, 1),
            metavar="0-1",
            help="How much of the picture is kept: at 0 the dream is free, at 1 nothing changes.",
            rich_help_panel=HOW_PANEL,
        ),
    ] = 0,
    keep_colour: Annotated[
        bool,
        typer.Option(
            "--keep-colour", help="Dream light and shadow only, keep the colours.", rich_help_panel=HOW_PANEL
        ),
    ] = False,
    octaves_above: Annotated[
        int,
        typer.Option(
            parser=int_between(0, 3),
            metavar="0-3",
            help="Octaves larger than the picture, for the finest detail.",
            rich_help_panel=HOW_PANEL,
        ),
    ] = 0,
    tile: Annotated[
        int | None,
        typer.Option(
            parser=int_between(128, 4096),
            metavar="PIXELS",
            help="Work in tiles of about this many pixels, 128 to 4096, to save memory.",
            show_default="no tiles",
            rich_help_panel=HOW_PANEL,
        ),
    ] = None,
    seed: SeedOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
    max_pixels: MaxPixelsOption = None,
) -> None:
    """Dream on pictures, on videos frame by frame, or out of noise.

    A source that fails does not stop the others; the exit code is 1 then, or 2 if all failed.
    """
    from dreambot.cli.context import DeviceChoice
    from dreambot.cli.local_dreams import DreamOptions, run_dream

    wish = DreamOptions(
        sources=sources or [],
        output=output,
        request={
            "layer": layer,
            "intensity": intensity,
            "preset": preset,
            "four": four,
            "palette": palette,
            "source": source,
            "text": text,
            "guide_as": guide_as,
            "where": where,
            "model": model,
            "bend": bend,
            "chaos": chaos,
            "closeness": closeness,
            "keep_colour": keep_colour,
            "octaves_above": octaves_above,
            "tile": tile,
            "seed": seed,
        },
        guide=guide,
        caricature=caricature,
        mask=mask,
        recipe=recipe,
        device=DeviceChoice(device, precision),
        max_pixels=max_pixels,
        force=force,
    )
    raise typer.Exit(run_dream(wish))


def summon(
    output: OutputOption,
    classes: ClassesArgument = None,
    force: ForceOption = False,
    into: Annotated[
        Path | None,
        typer.Option(
            parser=parse_path,
            metavar="FILE",
            help="A picture to summon it into.",
            show_default="noise",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    intensity: IntensityOption = None,
    size: Annotated[
        int | None,
        typer.Option(
            parser=int_between(128, 1024),
            metavar="128-1024",
            help="The sides in pixels, of a picture from noise.",
            show_default="384",
            rich_help_panel=WHAT_PANEL,
        ),
    ] = None,
    recipe: RecipeOption = None,
    seed: SeedOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
    max_pixels: MaxPixelsOption = None,
) -> None:
    """Summon one of ImageNet's thousand kinds of thing."""
    from dreambot.cli.context import DeviceChoice
    from dreambot.cli.local_dreams import SummonOptions, run_summon
    from dreambot.errors import UserError
    from dreambot.recipe.summon import SummonRequest

    if (classes is None) == (recipe is None) or (recipe and (intensity or size or seed is not None)):
        raise UserError("cli-summon-nothing")
    request = SummonRequest.of(classes, intensity=intensity, size=size, seed=seed) if classes else None
    wish = SummonOptions(
        request=request,
        recipe=recipe,
        output=output,
        into=into,
        device=DeviceChoice(device, precision),
        max_pixels=max_pixels,
        force=force,
    )
    run_summon(wish)
