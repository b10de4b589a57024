"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path, typer.Option("--output", "-o", help="Where the picture goes: .png, .webp or .jpg.")]
Intensity = Annotated[int | None, typer.Option(help="From 1, a breath, to 11.")]
Model = Annotated[str | None, typer.Option(help="A network: `dreambot models` lists them.")]
Bend = Annotated[str | None, typer.Option(help="Circuit bends: swap@mixed1=0.3+cut@mixed2=0.6, or random.")]
Chaos = Annotated[int | None, typer.Option(help="How wild random bends are: 1 to 11.")]
Seed = Annotated[int | None, typer.Option(help="The same seed gives the same dream.")]
Recipe = Annotated[
    str | None, typer.Option(help="Repeat the recipe in this dream (PNG, MP4 …), JSON file or line of text.")
]
DeviceName = Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda:0, mps.")]
Precision = Annotated[str | None, typer.Option(help="fp32, bf16, or auto, which measures what is faster.")]
MaxPixels = Annotated[int | None, typer.Option(help="Larger pictures are dreamed at this many.")]
