"""The command line.

Heavy modules are imported inside the command that needs them, so that `dreambot --help` starts fast.
"""

import sys
from typing import Annotated

import typer

from dreambot import __version__
from dreambot.cli.console import discard_output, error_text, prepare_streams, print_status
from dreambot.cli.dream import dream, summon
from dreambot.cli.hellscape import hellscape
from dreambot.cli.hosting import doctor, invite, run, sandbox, try_bot
from dreambot.cli.models import app as models
from dreambot.cli.show import layers, presets, recipe
from dreambot.cli.worker import worker
from dreambot.errors import DreambotError, UserError

DREAM_PANEL, CHOOSE_PANEL, HOST_PANEL, TRY_PANEL = (
    "Dream",
    "What there is to choose from",
    "Host the bot",
    "Try the bot",
)
USAGE_ERROR = 2
"""The exit code of a command whose arguments are wrong."""
FAILURE = 1

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
        raise typer.Exit(USAGE_ERROR)


app.command("dream", rich_help_panel=DREAM_PANEL)(dream)
app.command("hellscape", rich_help_panel=DREAM_PANEL)(hellscape)
app.command("summon", rich_help_panel=DREAM_PANEL)(summon)
app.command("recipe", rich_help_panel=DREAM_PANEL)(recipe)
app.command("layers", rich_help_panel=CHOOSE_PANEL)(layers)
app.command("presets", rich_help_panel=CHOOSE_PANEL)(presets)
app.add_typer(models, name="models", rich_help_panel=CHOOSE_PANEL)
app.command("try", rich_help_panel=TRY_PANEL)(try_bot)
app.command("sandbox", rich_help_panel=TRY_PANEL)(sandbox)
app.command("run", rich_help_panel=HOST_PANEL)(run)
app.command("doctor", rich_help_panel=HOST_PANEL)(doctor)
app.command("invite", rich_help_panel=HOST_PANEL)(invite)
app.command("worker", rich_help_panel=HOST_PANEL)(worker)


def main() -> None:
    """Runs the command line: a mistake of the user is a sentence on stderr and exit code 2."""
    prepare_streams()
    try:
        status = _run_app()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has stopped, as `head` does.
        discard_output()
        status = FAILURE
    sys.exit(status)


def _run_app() -> int:
    """Runs the command and returns its exit code."""
    try:
        return app(prog_name="dreambot", standalone_mode=False) or 0
    except UserError as error:
        print_status(error_text(error))
        return USAGE_ERROR
    except typer.TyperException as error:
        print_status(_usage_error(error))
        return USAGE_ERROR
    except BrokenPipeError:
        raise
    except DreambotError as error:
        print_status(f"{error}.")
        return FAILURE
    except UnicodeEncodeError as error:
        # Every path of every command is given to the system sooner or later.
        print_status(error_text(UserError("cli-path-unencodable", path=error.object)))
        return USAGE_ERROR
    except OSError as error:
        print_status(f"{error.filename or 'The system'}: {error.strerror or error}.")
        return FAILURE


def _usage_error(error: typer.TyperException) -> str:
    """Returns what is wrong with the command line, the option first, and where to read about it."""
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    sentence = error.format_message()
    if isinstance(error, typer.BadParameter) and parameter is not None and error.message:
        option = max(parameter.opts, key=len)
        sentence = f"{option if option.startswith('-') else parameter.metavar}: {error.message}"
    return f"{sentence}\nSee `{context.command_path} --help`." if context else sentence
