"""`dreambot invite`: the link that adds the bot to a server."""

from typing import Annotated

import typer

from dreambot.cli.options import whole_number


def invite(
    application: Annotated[
        int | None,
        typer.Argument(
            parser=whole_number(1, 2**63 - 1),
            metavar="ID",
            help="The application's id.",
            show_default="that of the token, which Discord is asked for",
        ),
    ] = None,
) -> None:
    """Print the link that invites the bot, with just the permissions it uses."""
    from dreambot.invitation import invitation

    if application is None:
        import asyncio

        application = asyncio.run(_own_id())
    typer.echo(invitation(application))


async def _own_id() -> int:
    import aiohttp

    from dreambot.cli.checkup.account import TIMEOUT, Api, Refused
    from dreambot.config_files import load_settings
    from dreambot.errors import UserError

    settings = load_settings()
    if settings.token is None:
        raise UserError("There is no token: set DREAMBOT_TOKEN, or say the application's id.")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:
            api = Api(session, settings.discord_api, settings.token.get_secret_value())
            return int((await api.get("/applications/@me"))["id"])
    except (Refused, aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        raise UserError(
            f"Discord does not say whose token this is ({error}). `dreambot doctor` looks into it; with the "
            "application's id, `dreambot invite ID` needs no token."
        ) from error
