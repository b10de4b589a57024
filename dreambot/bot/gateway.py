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
    """The API's answers do not allow a connection."""


class ApiUnreachable(ConnectError):
    """The API does not answer at the moment."""


@dataclass(frozen=True)
class GatewayInfo:
    """What the client connects with.

    Attributes:
        intents: The intents that the application may use.
        shards: The total number of shards.
        max_concurrency: How many shards may identify in the same five seconds.
    """

    intents: discord.Intents
    shards: int
    max_concurrency: int


async def discover_gateway(settings: Settings) -> GatewayInfo:
    """Asks the API for its gateway and the application's intents, and points discord.py at them.

    API, gateway and asset URL are class attributes of discord.py, so a process talks to one API only. It logs
    in for this and logs out again.

    Args:
        settings: Settings with the token and the API's URL.

    Raises:
        ConnectError: The API's answers do not allow a connection, or it cannot be reached.
        discord.LoginFailure: The token is wrong.
    """
    discord.http.Route.BASE = settings.discord_api
    if settings.local:
        # Avatars, emoji and stickers are served next to the sandbox's API.
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
    # With a given number of shards, discord.py does not ask for the gateway.
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
    flags = application.flags if application else discord.ApplicationFlags()
    has_message_content = flags.gateway_message_content or flags.gateway_message_content_limited
    if not has_message_content:
        log.warning(
            "The bot may not read messages (the message content intent is off in the developer portal). "
            "Commands, menus, mentions and direct messages work; auto-dream and finding other people's "
            "pictures do not.",
        )
    return GatewayInfo(
        build_intents(has_message_content), settings.shard_count or recommended, starts["max_concurrency"]
    )


def build_intents(has_message_content: bool) -> discord.Intents:
    """Builds the intents: guilds, messages, reactions, and message content where it is allowed.

    Args:
        has_message_content: Whether the application may read other users' messages.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        message_content=has_message_content,
    )
