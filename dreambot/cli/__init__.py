"""The command line. `dreambot --help` must come at once: heavy modules are imported by the command that
needs them, never up here."""

import sys

import typer

from dreambot.cli.doctor import doctor
from dreambot.cli.dream import dream
from dreambot.cli.hellscape import hellscape
from dreambot.cli.invite import invite
from dreambot.cli.layers import layers
from dreambot.cli.models import app as models
from dreambot.cli.presets import presets
from dreambot.cli.recipe import recipe
from dreambot.cli.run import run
from dreambot.cli.sandbox import sandbox
from dreambot.cli.summon import summon
from dreambot.cli.trial import trial
from dreambot.cli.worker import worker
from dreambot.errors import UserError

app = typer.Typer(
    name="dreambot",
    help="The Discord bot that dreams posted images.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("dream")(dream)
app.command("hellscape")(hellscape)
app.command("summon")(summon)
app.command("layers")(layers)
app.command("presets")(presets)
app.command("recipe")(recipe)
app.command("run")(run)
app.command("doctor")(doctor)
app.command("invite")(invite)
app.command("worker")(worker)
app.command("try")(trial)
app.command("sandbox")(sandbox)
app.add_typer(models, name="models")


def main() -> None:
    """Entry point. A mistake of the person's is one sentence on stderr and exit code 2."""
    try:
        app()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
