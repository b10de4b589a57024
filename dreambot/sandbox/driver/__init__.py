"""The interface for tests and for `dreambot try`: users, guilds, channels and messages as objects."""

from dreambot.sandbox.driver.channels import AttachmentHandle, ChannelHandle, MessageHandle
from dreambot.sandbox.driver.guilds import GuildHandle, RoleHandle
from dreambot.sandbox.driver.users import InteractionHandle, UserHandle

__all__ = [
    "AttachmentHandle",
    "ChannelHandle",
    "GuildHandle",
    "InteractionHandle",
    "MessageHandle",
    "RoleHandle",
    "UserHandle",
]
