"""Runs the sandbox on its own, with a demo guild."""

import asyncio
import logging
from dataclasses import dataclass

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.guilds import GuildHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoGuild:
    """The result of `create_demo_guild`."""

    guild: GuildHandle
    memes: ChannelHandle
    art: ChannelHandle
    nsfw: ChannelHandle
    ada: UserHandle
    grace: UserHandle


def create_demo_guild(sandbox: Sandbox) -> DemoGuild:
    """Adds a guild with three channels, a member, a moderator and the bot.

    Args:
        sandbox: The sandbox.
    """
    guild = sandbox.add_guild("the meme channel")
    memes = guild.add_channel("memes", topic="Post a picture and type /dream")
    art = guild.add_channel("art", topic="The better ones")
    nsfw = guild.add_channel("nsfw", nsfw=True, topic="Age-restricted")
    ada = guild.add_member("Ada")
    guild.add_role("painters", mentionable=True).give(ada)
    moderator = (
        Permission.MANAGE_CHANNELS
        | Permission.MANAGE_MESSAGES
        | Permission.MANAGE_GUILD
        | Permission.MODERATE_MEMBERS
    )
    grace = guild.add_member("Grace")
    guild.add_role("moderators", permissions=moderator, mentionable=True).give(grace)
    return DemoGuild(guild, memes, art, nsfw, ada, grace)


async def serve(host: str, port: int) -> None:
    """Runs a sandbox with a demo guild until cancelled.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.

    Raises:
        CannotListen: The port is taken or not allowed.
    """
    async with Sandbox(host=host, port=port, keep_requests=100) as sandbox:
        create_demo_guild(sandbox)
        _log.info("The sandbox's page: %s", sandbox.url)
        _log.info("DREAMBOT_DISCORD_API=%s DREAMBOT_TOKEN=%s", sandbox.api, sandbox.bot_token)
        await asyncio.Event().wait()
