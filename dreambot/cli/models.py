"""The command `dreambot models`: lists, downloads, adds, removes and exports networks."""

from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.options import complete_layers, complete_models, parse_path

app = typer.Typer(invoke_without_command=True, rich_markup_mode="rich")


@app.callback()
def models(context: typer.Context) -> None:
    """The networks that dreambot dreams with: without a command, list them."""
    if context.invoked_subcommand is None:
        list_models()


@app.command("list")
def list_models() -> None:
    """List the networks: what they are, their size and origin, and whether they are installed."""
    from dreambot.cli.console import print_table
    from dreambot.zoo import cache, registry, weights
    from dreambot.zoo.catalogue import DOWNLOADS, MODELS

    folder = _weights_dir()
    rows = []
    for model in MODELS.values():
        size = f"{model.carrier.archive.size / 1e6:.0f} MB"
        source = f"{model.carrier.package} {model.carrier.version}, from your package index"
        found = weights.locate(model.name, weights_dir=folder)
        rows.append((model.name, model.title, size, source, "yes" if found else "no"))
    for download in DOWNLOADS.values():
        found = weights.locate(download.name, weights_dir=folder)
        size = f"{download.megabytes} MB"
        rows.append(
            (download.name, download.title, size, "torchvision, by internet", "yes" if found else "no")
        )
    for name, entry in registry.read_registry(cache.default_folder()).items():
        if name not in DOWNLOADS:
            heads = f"{entry.classes} classes" if entry.classes else "no classes"
            title = f"{entry.architecture} with {heads}, sha256 {entry.sha256[:12]}…"
            rows.append((name, title, "", "added here", "yes" if weights.locate(name) else "no"))
    print_table(("network", "what it is", "download", "where from", "installed?"), rows)


@app.command()
def pull(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A network that `dreambot models` lists.", autocompletion=complete_models
        ),
    ],
) -> None:
    """Download a network's weights, unless they are installed already."""
    typer.echo(f"{name} is installed: {fetch(name, _weights_dir())}")


@app.command()
def add(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What to call it: small letters, digits, - and _.")
    ],
    arch: Annotated[str, typer.Option(metavar="NAME", help="Its architecture: googlenet, resnet50, vgg16 …")],
    weights: Annotated[
        Path,
        typer.Option(
            parser=parse_path,
            metavar="FILE",
            help="Its checkpoint: .safetensors, or a .pth with nothing but weights.",
        ),
    ],
) -> None:
    """Add a network of your own, trained with torchvision's classes: on places, say."""
    from dreambot.cli.files import require_readable
    from dreambot.zoo import registry

    require_readable(weights)
    entry = registry.add_checkpoint(name, arch, weights)
    heads = f"{entry.classes} classes" if entry.classes else "no classes"
    typer.echo(f"{name} is a {arch} with {heads} now (sha256 {entry.sha256}).")


@app.command()
def remove(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A network that was added or downloaded from torchvision.",
            autocompletion=complete_models,
        ),
    ],
) -> None:
    """Remove a network that was added, and its tensors."""
    from dreambot.zoo import registry

    registry.remove_model(name)
    typer.echo(f"{name} is removed. Dreams made with it can no longer be repeated here.")


@app.command()
def export(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A network that `dreambot models` lists.", autocompletion=complete_models
        ),
    ],
    cut: Annotated[
        str,
        typer.Option(
            metavar="LAYER", help="The deepest layer that will be dreamed.", autocompletion=complete_layers
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", parser=parse_path, metavar="FILE", help="The file to write."),
    ],
    bf16: Annotated[bool, typer.Option("--bf16", help="Half the size, for dreams in bf16.")] = False,
) -> None:
    """Write the part of a network that a layer needs to one small file, to carry to another machine."""
    from dreambot.cli.console import print_status
    from dreambot.cli.files import require_writable, write_file
    from dreambot.recipe import find_layer
    from dreambot.zoo import weights
    from dreambot.zoo.registry import find_model

    folder = _weights_dir()
    model = find_model(name)
    layer = find_layer(cut, model.architecture).name
    here = weights.locate(name, weights_dir=folder)
    require_writable(output, [here] if here else [])
    tensors = weights.tensors(name, weights_dir=folder)

    from dreambot.zoo.loading import pack_export

    data = pack_export(model, tensors, layer, bf16=bf16)
    write_file(output, data)
    print_status(f"{output}: {name} up to {layer}, {len(data) / 1e6:.1f} MB")


def fetch(name: str, weights_dir: Path | None) -> Path:
    """Downloads a network's weights unless they are installed, with a progress bar on stderr.

    Args:
        name: The network.
        weights_dir: See DREAMBOT_WEIGHTS_DIR.

    Returns:
        The file.

    Raises:
        WeightsError: They cannot be downloaded.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from dreambot.zoo import weights

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(name)

    def progress(done: int, total: int) -> None:
        # Started by the first bytes: no empty bar for weights that are installed or unavailable.
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        return weights.pull(name, weights_dir=weights_dir, progress=progress)
    finally:
        if bar.live.is_started:
            bar.stop()


def _weights_dir() -> Path | None:
    from dreambot.config import load_settings

    return load_settings().weights_dir
