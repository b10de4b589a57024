"""A local stand-in for Discord (REST, gateway, CDN and a chat page) for trying and testing bots.

    async with Sandbox() as sandbox:
        guild = sandbox.add_guild()
        memes = guild.add_channel("memes")
        ada = guild.add_member("Ada")
        ...  # start a bot with sandbox.api and sandbox.bot_token
        await sandbox.wait_until_bot_ready()
        interaction = await ada.slash("dream", channel=memes, image=Path("cat.png"), layer="mixed5")
        message = await interaction.response()
        await message.until(lambda message: message.attachments)

Users act through `UserHandle`: `post`, `forward`, `edit`, `delete`, `react`, `slash`, `menu`, `autocomplete`,
`press`, `choose`, `submit` (a modal). `visible_messages` returns what they see in a channel, ephemeral
messages included. An action that Discord's client would not allow raises `RejectedByClient`. A request that
the API would refuse gets Discord's HTTP status and error code. `MessageHandle` and `ChannelHandle` are live
views with `until` and `wait_for_message`.

Tests can cause failures: `sandbox.faults.plan(Fault.RATE_LIMITED, "PATCH", "@original")`,
`sandbox.clock.advance(901)`, `sandbox.gateway.close(4000)`, `async with sandbox.gateway.offline()`,
`sandbox.grant_message_content(False)`, `sandbox.set_upload_limit(1000)`, `sandbox.revoke_bot_token()`,
`memes.revoke(Permission.ATTACH_FILES)`. `sandbox.requests` records what the bot sent, `sandbox.interactions`
how fast it answered.

Threads are started from a message with `start_thread`. Forums, polls and voice are not implemented.
"""

from dreambot.sandbox.driver.channels import AttachmentHandle, ChannelHandle, MessageHandle
from dreambot.sandbox.driver.guilds import GuildHandle, RoleHandle
from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox

__all__ = [
    "AttachmentHandle",
    "ChannelHandle",
    "Fault",
    "GuildHandle",
    "InteractionHandle",
    "MessageHandle",
    "Permission",
    "RejectedByClient",
    "RoleHandle",
    "Sandbox",
    "Upload",
    "UserHandle",
]
