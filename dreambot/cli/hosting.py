"""The commands that start or check the bot: `run`, `doctor`, `invite`, `sandbox` and `try`."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from dreambot.cli.console import error_text, print_status
from dreambot.cli.options import int_between, parse_host

_STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_NO_USE_RESTARTING = (2, 4, 5)
"""Exit codes that a restart does not help with: invalid settings, unknown token, missing intent."""


def run(
    wait_before_exit: Annotated[
        int,
        typer.Option(
            parser=int_between(0, 86_400),
            metavar="SECONDS",
            help="Wait this long before exit codes 2, 4 and 5, for containers that are restarted at once.",
        ),
    ] = 0,
) -> None:
    """Run the bot. It needs DREAMBOT_TOKEN; SIGTERM and Ctrl+C end it cleanly."""
    from dreambot.config import ConfigError

    try:
        status = _run_bot()
    except ConfigError as error:
        if not wait_before_exit:
            raise
        print_status(error_text(error))
        status = 2
    if wait_before_exit and status in _NO_USE_RESTARTING:
        # Blocked, because the kernel drops a signal that the first process of a container has no handler for.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        print_status(f"Exiting with code {status} in {wait_before_exit} s: correct this, and start again.")
        signal.sigtimedwait(_STOP_SIGNALS, wait_before_exit)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    raise typer.Exit(status)


def _run_bot() -> int:
    """Runs the bot until it ends, and returns its exit code."""
    from dreambot import logs
    from dreambot.config import load_settings, require_token

    settings = load_settings()
    # Checked before the imports below, which take seconds.
    require_token(settings)
    secrets = (settings.token, settings.database_url)
    hidden = tuple(secret.get_secret_value() for secret in secrets if secret)
    logs.configure(settings.log_level, hidden, settings.log_format)

    import asyncio

    from dreambot.bot import client

    return int(asyncio.run(client.run_bot(settings)))


_MARKS = {
    "ok": ("✓", typer.colors.GREEN),
    "warning": ("!", typer.colors.YELLOW),
    "error": ("✗", typer.colors.RED),
}


def doctor() -> None:
    """Check everything the bot needs: ✓ fine, ! could be better, ✗ wrong (exit code 1)."""
    import asyncio

    raise typer.Exit(asyncio.run(_run_checks()))


async def _run_checks() -> int:
    from dreambot.cli.doctor_account import check_discord
    from dreambot.cli.doctor_checks import CheckResult, check_machine, error_result, ok_result
    from dreambot.config import ConfigError, load_settings

    worst = 0

    def tell(finding: CheckResult) -> None:
        nonlocal worst
        mark, colour = _MARKS[finding.state]
        typer.echo(f"{typer.style(mark, fg=colour, bold=True)} {finding.what}")
        if finding.fix:
            typer.echo(f"  → {finding.fix}")
        worst = max(worst, int(finding.state == "error"))

    async def tell_all(findings: AsyncIterator[CheckResult]) -> None:
        async for finding in findings:
            tell(finding)

    try:
        settings = load_settings()
    except ConfigError as error:
        for line in str(error).splitlines()[1:]:
            tell(
                error_result(
                    line.strip(),
                    f"Correct it in the environment, or in .env or dreambot.toml in {Path.cwd()}.",
                )
            )
        return worst
    tell(ok_result("The settings can be read."))
    await tell_all(check_machine(settings))
    await tell_all(check_discord(settings))
    return worst


def invite(
    application: Annotated[
        int | None,
        typer.Argument(
            parser=int_between(1, 2**63 - 1),
            metavar="ID",
            help="The application's id.",
            show_default="that of the token, which Discord is asked for",
        ),
    ] = None,
) -> None:
    """Print the link that invites the bot, with just the permissions it uses."""
    from dreambot.bot.invite import build_invite_url

    if application is None:
        import asyncio

        application = asyncio.run(_fetch_application_id())
    typer.echo(build_invite_url(application))


async def _fetch_application_id() -> int:
    import aiohttp

    from dreambot.cli.doctor_account import API_TIMEOUT_S, ApiError, DiscordApi
    from dreambot.config import load_settings, require_token
    from dreambot.errors import UserError

    settings = load_settings()
    if settings.token is None:
        raise UserError("cli-invite-no-token")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=API_TIMEOUT_S)) as session:
            api = DiscordApi(session, settings.discord_api, require_token(settings))
            return int((await api.get("/applications/@me"))["id"])
    except (ApiError, aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        raise UserError("cli-invite-token-unknown", reason=error) from error


def sandbox(
    port: Annotated[
        int,
        typer.Option(parser=int_between(0, 65535), metavar="PORT", help="The port to listen on; 0 is any."),
    ] = 8765,
    host: Annotated[
        str,
        typer.Option(
            parser=parse_host,
            metavar="ADDRESS",
            help="The address to listen on; anyone who can reach it is let in.",
        ),
    ] = "127.0.0.1",
) -> None:
    """Run the sandbox: a local stand-in for Discord with a chat page, for any bot."""
    import asyncio
    import contextlib

    from dreambot import logs
    from dreambot.errors import UserError
    from dreambot.sandbox.demo import serve
    from dreambot.sandbox.errors import CannotListen

    # The log shows the addresses and the bot's token, which is valid in this sandbox only.
    logs.configure("INFO")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(host, port))
    except CannotListen as error:
        raise UserError("cli-port-taken", reason=error) from error


def try_bot(
    once: Annotated[bool, typer.Option("--once", help="Make the first dream and stop.")] = False,
    port: Annotated[
        int | None,
        typer.Option(
            parser=int_between(0, 65535),
            metavar="PORT",
            help="The page's port; 0 is any.",
            show_default="8765, or another where that is taken",
        ),
    ] = None,
) -> None:
    """Try the bot in your browser. No Discord account needed."""
    import contextlib

    # Ctrl+C is a clean exit at any time, so that make reports no error.
    with contextlib.suppress(KeyboardInterrupt):
        import asyncio

        from dreambot.cli.models import fetch
        from dreambot.cli.try_command import Interrupted, play
        from dreambot.errors import UserError
        from dreambot.sandbox.errors import CannotListen

        fetch("inception_v3", None)
        try:
            with contextlib.suppress(Interrupted):
                asyncio.run(play(once=once, port=port))
        except CannotListen as error:
            raise UserError("cli-port-taken", reason=error) from error
