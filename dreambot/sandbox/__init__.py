"""A local stand-in for Discord (REST, gateway, CDN, a chat page): for trying a bot, and for testing it.

async with Sandbox() as sandbox:
    guild = sandbox.add_guild()
    memes = guild.add_channel("memes")
    ada = guild.add_member("Ada")
    ...  # start a bot with sandbox.api and sandbox.bot_token
    await sandbox.wait_until_bot_ready()
    asked = await ada.slash("dream", channel=memes, image=png, layer="mixed5")
    answer = await asked.response()
    await answer.until(lambda message: message.attachments)
"""

from dreambot.sandbox.driver.handles import (
    AttachmentHandle,
    ChannelHandle,
    GuildHandle,
    InteractionHandle,
    MessageHandle,
    UserHandle,
)
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.sandbox import Sandbox

__all__ = [
    "AttachmentHandle",
    "ChannelHandle",
    "ClientRefusal",
    "Fault",
    "GuildHandle",
    "InteractionHandle",
    "MessageHandle",
    "Permission",
    "Sandbox",
    "UserHandle",
]
