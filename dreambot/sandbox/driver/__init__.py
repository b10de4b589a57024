"""Handles for tests: guilds, channels, users who act, and messages to wait for."""

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
