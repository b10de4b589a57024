"""`dreambot try`: the bot in a sandbox, with a first dream already in it."""

from typing import Annotated

import typer

from dreambot.cli.options import whole_number


def trial(
    once: Annotated[bool, typer.Option("--once", help="Make the first dream and stop.")] = False,
    port: Annotated[
        int | None,
        typer.Option(
            parser=whole_number(0, 65535),
            metavar="PORT",
            help="The page's port; 0 is any.",
            show_default="8765, or another where that is taken",
        ),
    ] = None,
) -> None:
    """Try the bot in your browser. No Discord account needed."""
    import contextlib

    # Ctrl+C ends it well at any time, so that make has no error to report.
    with contextlib.suppress(KeyboardInterrupt):
        import asyncio

        from dreambot.cli.models import fetch
        from dreambot.cli.playing import Interrupted, play

        fetch("inception_v3", None)
        with contextlib.suppress(Interrupted):
            asyncio.run(play(once=once, port=port))
