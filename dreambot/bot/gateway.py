"""Checks the API before connecting: finds the gateway URL, the number of shards and the allowed intents."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from dreambot.config import Settings, is_loopback
from dreambot.errors import UserError

log = logging.getLogger(__name__)


class ConnectError(UserError):
    """The API cannot be used as it answers."""


class ApiUnreachable(ConnectError):
    """The API does not answer now, and may later."""


@dataclass(frozen=True)
class GatewayInfo:
    """What to connect with. shards: how many there are in all. together: how many of them may identify every
    five seconds. has_message_content: whether other people's messages will be readable."""

    intents: discord.Intents
    shards: int
    together: int
    has_message_content: bool


async def discover_gateway(settings: Settings) -> GatewayInfo:
    """Logs in, asks, and logs out again; points discord.py at the API, its gateway and a stand-in's pictures.

    All are class attributes of discord.py, so one process talks to one API. Raises ConnectError and
    discord.LoginFailure.
    """
    discord.http.Route.BASE = settings.discord_api
    if settings.local:
        # Avatars, emoji and stickers lie beside the stand-in's API.
        discord.asset.Asset.BASE = str(URL(settings.discord_api).origin())
    token = settings.token.get_secret_value() if settings.token else ""
    async with discord.Client(intents=build_intents(False)) as client:
        try:
            await client.login(token)
            recommended, gateway, starts = await client.http.get_bot_gateway()
        except (OSError, aiohttp.ClientError, discord.DiscordServerError) as error:
            raise ApiUnreachable("setup-api-unreachable", api=settings.discord_api, reason=error) from error
        except discord.GatewayNotFound as error:
            raise ConnectError("setup-gateway-unknown", api=settings.discord_api) from error
        application = client.application
    if settings.local and not is_loopback(urlsplit(gateway).hostname or ""):
        raise ConnectError("setup-gateway-elsewhere", api=settings.discord_api, gateway=gateway)
    # With a number of shards given, discord.py does not ask for the gateway.
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
    flags = application.flags if application else discord.ApplicationFlags()
    sees = flags.gateway_message_content or flags.gateway_message_content_limited
    if not sees:
        log.warning(
            "The bot may not read messages (the message content intent is off in the developer portal). "
            "Commands, menus, mentions and direct messages work; auto-dream and finding other people's "
            "pictures do not.",
        )
    return GatewayInfo(
        build_intents(sees), settings.shard_count or recommended, starts["max_concurrency"], sees
    )


def build_intents(has_message_content: bool) -> discord.Intents:
    """Guilds, messages and the reactions to them; what other people's messages say only where that is
    allowed."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        message_content=has_message_content,
    )
