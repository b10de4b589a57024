"""An interaction as the gateway sends it."""

from dreambot.sandbox.model import Interaction, Json
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.payload.people import member_json, user_json
from dreambot.sandbox.payload.places import channel_json
from dreambot.sandbox.world import World

GUILD, BOT_DM = 0, 1


def interaction_json(world: World, interaction: Interaction) -> Json:
    """The `d` of INTERACTION_CREATE."""
    channel, guild, user = interaction.channel, interaction.channel.guild, interaction.user
    place = channel_json(channel, world.bot)
    has = world.permissions(channel, user)
    if guild is not None:
        place["permissions"] = str(int(has))
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": place,
        "channel_id": str(channel.id),
        "locale": "en-US",
        "app_permissions": str(int(world.permissions(channel, world.bot))),
        "attachment_size_limit": world.upload_limit if guild is None else guild.upload_limit,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
        "context": GUILD if guild else BOT_DM,
    }
    if interaction.message is not None:
        body["message"] = message_json(interaction.message, world.links, world.application.id)
    if guild is None:
        return {**body, "user": user_json(user)}
    member = member_json(guild.members[user.id], world.clock.now(), permissions=int(has))
    return {
        **body,
        "guild_id": str(guild.id),
        "guild_locale": "en-US",
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "member": member,
    }
