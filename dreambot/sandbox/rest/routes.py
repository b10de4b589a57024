"""The table of routes."""

from dreambot.sandbox.rest import callbacks, channels, commands, guilds, messages, reactions, users, webhooks
from dreambot.sandbox.rest.context import Handler

_CHANNEL = "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"
_GUILD = "/guilds/{guild_id}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_HOOK = "/webhooks/{application_id}/{token}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/gateway", users.gateway),
    ("GET", "/gateway/bot", users.gateway_bot),
    ("GET", "/oauth2/applications/@me", users.application),
    ("GET", "/applications/@me", users.application),
    ("GET", "/users/@me", users.me),
    ("GET", "/users/@me/guilds", users.my_guilds),
    ("POST", "/users/@me/channels", users.open_direct),
    ("GET", "/users/{user_id}", users.user),
    ("GET", _CHANNEL, channels.get),
    ("PATCH", _CHANNEL, channels.edit),
    ("POST", _CHANNEL + "/typing", channels.typing),
    ("GET", _CHANNEL + "/messages", messages.listing),
    ("POST", _CHANNEL + "/messages", messages.create),
    ("GET", _MESSAGE, messages.get),
    ("PATCH", _MESSAGE, messages.edit),
    ("DELETE", _MESSAGE, messages.remove),
    ("POST", _CHANNEL + "/messages/bulk-delete", messages.bulk_delete),
    ("DELETE", _REACTIONS, reactions.clear_all),
    ("GET", _REACTIONS + "/{emoji}", reactions.users),
    ("DELETE", _REACTIONS + "/{emoji}", reactions.clear_emoji),
    ("PUT", _REACTIONS + "/{emoji}/@me", reactions.add),
    ("DELETE", _REACTIONS + "/{emoji}/@me", reactions.remove_own),
    ("DELETE", _REACTIONS + "/{emoji}/{user_id}", reactions.remove),
    ("GET", _GUILD, guilds.get),
    ("GET", _GUILD + "/channels", guilds.channels),
    ("GET", _GUILD + "/roles", guilds.roles),
    ("GET", _GUILD + "/emojis", guilds.emojis),
    ("GET", _GUILD + "/stickers", guilds.stickers),
    ("GET", "/stickers/{sticker_id}", guilds.sticker),
    ("GET", _GUILD + "/members", guilds.members),
    ("GET", _GUILD + "/members/{user_id}", guilds.member),
    ("GET", _COMMANDS, commands.listing),
    ("PUT", _COMMANDS, commands.replace),
    ("POST", _COMMANDS, commands.create),
    ("GET", _COMMANDS + "/{command_id}", commands.get),
    ("PATCH", _COMMANDS + "/{command_id}", commands.edit),
    ("DELETE", _COMMANDS + "/{command_id}", commands.remove),
    ("GET", _GUILD_COMMANDS, commands.listing),
    ("PUT", _GUILD_COMMANDS, commands.replace),
    ("POST", _GUILD_COMMANDS, commands.create),
    ("GET", _GUILD_COMMANDS + "/{command_id}", commands.get),
    ("PATCH", _GUILD_COMMANDS + "/{command_id}", commands.edit),
    ("DELETE", _GUILD_COMMANDS + "/{command_id}", commands.remove),
    ("POST", "/interactions/{interaction_id}/{token}/callback", callbacks.answer),
    ("POST", _HOOK, webhooks.follow_up),
    ("GET", _HOOK + "/messages/{message_id}", webhooks.get),
    ("PATCH", _HOOK + "/messages/{message_id}", webhooks.edit),
    ("DELETE", _HOOK + "/messages/{message_id}", webhooks.remove),
]
