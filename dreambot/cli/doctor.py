"""`dreambot doctor`: what is wrong, and how to mend it."""

from collections.abc import AsyncIterator
from pathlib import Path

import typer

_MARKS = {
    "good": ("✓", typer.colors.GREEN),
    "look": ("!", typer.colors.YELLOW),
    "bad": ("✗", typer.colors.RED),
}


def doctor() -> None:
    """See whether everything the bot needs is there: ✓ fine, ! worth a look, ✗ wrong (exit code 1)."""
    import asyncio

    raise typer.Exit(asyncio.run(_examine()))


async def _examine() -> int:
    from dreambot.cli.checkup.account import discord_side
    from dreambot.cli.checkup.finding import Finding, bad, good
    from dreambot.cli.checkup.machine import machine_side
    from dreambot.config import ConfigError
    from dreambot.config_files import load_settings

    worst = 0

    def tell(finding: Finding) -> None:
        nonlocal worst
        mark, colour = _MARKS[finding.state]
        typer.echo(f"{typer.style(mark, fg=colour, bold=True)} {finding.what}")
        if finding.mend:
            typer.echo(f"  → {finding.mend}")
        worst = max(worst, int(finding.state == "bad"))

    async def tell_all(findings: AsyncIterator[Finding]) -> None:
        async for finding in findings:
            tell(finding)

    try:
        settings = load_settings()
    except ConfigError as error:
        for line in str(error).splitlines()[1:]:
            tell(
                bad(
                    line.strip(),
                    f"Correct it in the environment, or in .env or dreambot.toml in {Path.cwd()}.",
                )
            )
        return worst
    tell(good("The settings can be read."))
    await tell_all(machine_side(settings))
    await tell_all(discord_side(settings))
    return worst
