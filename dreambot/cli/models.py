"""`dreambot models`: what is in the zoo, fetching it, and bringing networks of one's own."""

from pathlib import Path

import typer

app = typer.Typer(help="The networks dreambot dreams with.", invoke_without_command=True)


@app.callback()
def models(context: typer.Context) -> None:
    """The networks dreambot dreams with: without a command, lists them."""
    if context.invoked_subcommand is None:
        show()


@app.command("list")
def show() -> None:
    """Lists them: what they are, how large, where from, and whether they are here."""
    from rich.console import Console
    from rich.table import Table

    from dreambot.zoo import cache, registry, weights
    from dreambot.zoo.catalogue import DOWNLOADS, MODELS

    folder = _weights_dir()
    table = Table("model", "what it is", "download", "where from", "here?")
    for model in MODELS.values():
        size = f"{model.carrier.archive.size / 1e6:.0f} MB"
        source = f"{model.carrier.package} {model.carrier.version}, from your package index"
        found = weights.locate(model.name, weights_dir=folder)
        table.add_row(model.name, model.title, size, source, "yes" if found else "no")
    for download in DOWNLOADS.values():
        found = weights.locate(download.name, weights_dir=folder)
        size = f"{download.megabytes} MB"
        table.add_row(
            download.name, download.title, size, "torchvision, by internet", "yes" if found else "no"
        )
    for name, entry in registry.read(cache.default_folder()).items():
        if name not in DOWNLOADS:
            heads = f"{entry.classes} classes" if entry.classes else "no classes"
            title = f"{entry.architecture} with {heads}, sha256 {entry.sha256[:12]}…"
            table.add_row(name, title, "", "added here", "yes" if weights.locate(name) else "no")
    Console().print(table)


@app.command()
def pull(name: str = typer.Argument(help="A model that `dreambot models` lists.")) -> None:
    """Fetches a model's weights, unless they are here already."""
    typer.echo(f"{name} is here: {fetch(name, _weights_dir())}")


@app.command()
def add(
    name: str = typer.Argument(help="What to call it: small letters, digits, - and _."),
    arch: str = typer.Option(help="Its architecture: googlenet, resnet50, vgg16 …"),
    weights: Path = typer.Option(help="Its checkpoint: .safetensors, or a .pth with nothing but weights."),
) -> None:
    """Adds a network of your own, trained with torchvision's classes: on places, say."""
    from dreambot.zoo import own

    entry = own.add(name, arch, weights)
    heads = f"{entry.classes} classes" if entry.classes else "no classes"
    typer.echo(f"{name} is a {arch} with {heads} now (sha256 {entry.sha256}).")


@app.command()
def remove(name: str = typer.Argument(help="A model that was added or fetched from torchvision.")) -> None:
    """Forgets a network that was added, and its tensors."""
    from dreambot.zoo import own

    own.remove(name)
    typer.echo(f"{name} is gone. Dreams made with it can no longer be repeated here.")


@app.command()
def export(
    name: str = typer.Argument(help="A model that `dreambot models` lists."),
    cut: str = typer.Option(help="The deepest layer that will be dreamed."),
    output: Path = typer.Option(..., "-o", "--output", help="The file to write."),
    bf16: bool = typer.Option(False, "--bf16", help="Half the size, for dreams in bf16."),
) -> None:
    """Writes the part of a network that a layer needs to one small file, to carry to another machine."""
    from dreambot.cli.reading import require_target, write_whole
    from dreambot.recipe import find_layer
    from dreambot.zoo import weights
    from dreambot.zoo.export import pack
    from dreambot.zoo.known import trained

    require_target(output)
    tensors = weights.tensors(name, weights_dir=_weights_dir())
    model = trained(name)
    layer = find_layer(cut, model.architecture).name
    data = pack(model, tensors, layer, bf16=bf16)
    write_whole(output, data)
    typer.echo(f"{output} holds {name} up to {layer}, {len(data) / 1e6:.1f} MB.")


def fetch(name: str, weights_dir: Path | None) -> Path:
    """Fetches a model's weights, with a progress bar on stderr unless they are here already. WeightsError."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from dreambot.zoo import weights

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(name)

    def progress(done: int, total: int) -> None:
        # Started by the first bytes: no empty bar for what is here already or cannot be had.
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        return weights.pull(name, weights_dir=weights_dir, progress=progress)
    finally:
        if bar.live.is_started:
            bar.stop()


def _weights_dir() -> Path | None:
    from dreambot.config_files import load_settings

    return load_settings().weights_dir
