"""`dreambot sandbox`: the stand-in for Discord alone, for any bot."""

from typing import Annotated

import typer

from dreambot.cli.options import host_name, whole_number


def sandbox(
    port: Annotated[
        int,
        typer.Option(parser=whole_number(0, 65535), metavar="PORT", help="The port to listen on; 0 is any."),
    ] = 8765,
    host: Annotated[
        str,
        typer.Option(
            parser=host_name,
            metavar="ADDRESS",
            help="The address to listen on; anyone who reaches it is let in.",
        ),
    ] = "127.0.0.1",
) -> None:
    """Run the sandbox: a local stand-in for Discord with a chat page, for any bot."""
    import asyncio
    import contextlib

    from dreambot import logs
    from dreambot.sandbox.main import serve

    # The addresses and the bot's token, which opens nothing but this sandbox, are told by the log.
    logs.set_up("INFO")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(host, port))
