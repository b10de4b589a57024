"""All handles in one place."""

from dreambot.sandbox.driver.channel import ChannelHandle
from dreambot.sandbox.driver.guild import GuildHandle
from dreambot.sandbox.driver.interaction import InteractionHandle
from dreambot.sandbox.driver.message import AttachmentHandle, MessageHandle
from dreambot.sandbox.driver.role import RoleHandle
from dreambot.sandbox.driver.user import UserHandle

__all__ = [
    "AttachmentHandle",
    "ChannelHandle",
    "GuildHandle",
    "InteractionHandle",
    "MessageHandle",
    "RoleHandle",
    "UserHandle",
]
