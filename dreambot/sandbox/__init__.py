"""A local stand-in for Discord (REST, gateway, CDN, a chat page): for trying a bot, and for testing it.

    async with Sandbox() as sandbox:
        guild = sandbox.add_guild()
        memes = guild.add_channel("memes")
        ada = guild.add_member("Ada")
        ...  # start a bot with sandbox.api and sandbox.bot_token
        await sandbox.wait_until_bot_ready()
        asked = await ada.slash("dream", channel=memes, image=Path("cat.png"), layer="mixed5")
        answer = await asked.response()
        await answer.until(lambda message: message.attachments)

People act through `UserHandle`: `post`, `forward`, `edit`, `delete`, `react`, `slash`, `menu`,
`autocomplete`, `press`, `choose`, `submit` (a modal); `sees` tells what is in front of them, ephemeral
messages included. What Discord's client would not let them do raises `RejectedByClient`. What the API
would not
let the bot do it answers with Discord's status and error code. `MessageHandle` and `ChannelHandle` are live
views with `until` and `wait_for_message`.

What can go wrong goes wrong on purpose: `sandbox.faults.plan(Fault.RATE_LIMITED, "PATCH", "@original")`,
`sandbox.clock.advance(901)`, `sandbox.gateway.close(4000)`, `async with sandbox.gateway.offline()`,
`sandbox.grant_message_content(False)`, `sandbox.set_upload_limit(1000)`, `sandbox.revoke_bot_token()`,
`memes.revoke(Permission.ATTACH_FILES)`.
`sandbox.requests` has what the bot sent, `sandbox.interactions` how fast it answered.

A person starts a thread from a message with `start_thread`. Not here: forums, polls, voice.
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
