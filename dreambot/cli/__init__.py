"""The command line. `dreambot --help` must come at once: heavy modules are imported by the command that
needs them, never up here."""

import sys
from typing import Annotated

import typer

from dreambot import __version__
from dreambot.cli.console import discard_output, prepare_streams, say
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
from dreambot.errors import DreambotError, UserError

DREAM, CHOOSE, HOST, TRY = "Dream", "What there is to choose from", "Host the bot", "Try the bot"
WRONG = 2
"""The exit code of a command that was asked for something it cannot do."""
FAILED = 1

app = typer.Typer(
    name="dreambot",
    invoke_without_command=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def dreambot(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """The Discord bot that dreams posted images."""
    if version:
        typer.echo(f"dreambot {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(WRONG)


app.command("dream", rich_help_panel=DREAM)(dream)
app.command("hellscape", rich_help_panel=DREAM)(hellscape)
app.command("summon", rich_help_panel=DREAM)(summon)
app.command("recipe", rich_help_panel=DREAM)(recipe)
app.command("layers", rich_help_panel=CHOOSE)(layers)
app.command("presets", rich_help_panel=CHOOSE)(presets)
app.add_typer(models, name="models", rich_help_panel=CHOOSE)
app.command("try", rich_help_panel=TRY)(trial)
app.command("sandbox", rich_help_panel=TRY)(sandbox)
app.command("run", rich_help_panel=HOST)(run)
app.command("doctor", rich_help_panel=HOST)(doctor)
app.command("invite", rich_help_panel=HOST)(invite)
app.command("worker", rich_help_panel=HOST)(worker)


def main() -> None:
    """Entry point. What somebody did wrong is a sentence on stderr and exit code 2."""
    prepare_streams()
    try:
        status = _status()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough, as `head` has.
        discard_output()
        status = FAILED
    sys.exit(status)


def _status() -> int:
    """Runs the command and returns its exit code."""
    try:
        return app(prog_name="dreambot", standalone_mode=False) or 0
    except UserError as error:
        say(str(error))
        return WRONG
    except typer.TyperException as error:
        say(_usage_error(error))
        return WRONG
    except BrokenPipeError:
        raise
    except DreambotError as error:
        say(f"{error}.")
        return FAILED
    except OSError as error:
        say(f"{error.filename or 'The system'}: {error.strerror or error}.")
        return FAILED


def _usage_error(error: typer.TyperException) -> str:
    """What is wrong with the command line, the option first, and where to read about it."""
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    sentence = error.format_message()
    if isinstance(error, typer.BadParameter) and parameter is not None and error.message:
        option = max(parameter.opts, key=len)
        sentence = f"{option if option.startswith('-') else parameter.metavar}: {error.message}"
    return f"{sentence}\nSee `{context.command_path} --help`." if context else sentence
