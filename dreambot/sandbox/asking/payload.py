"""An interaction as the gateway sends it."""

from collections.abc import Collection

from dreambot.sandbox.model import Channel, Interaction, Json, Member, User
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.payload.people import member_json, user_json
from dreambot.sandbox.payload.places import channel_json
from dreambot.sandbox.permissions import Permission, in_channel
from dreambot.sandbox.world import World

GUILD, BOT_DM, PRIVATE = 0, 1, 2
# What an application on a person's account may do in conversations it is not part of.
_ABROAD = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE


def context(world: World, channel: Channel) -> int:
    """Where an interaction happens: a guild, a conversation with the bot, or another conversation."""
    if channel.guild is not None:
        return GUILD
    return BOT_DM if world.has_bot(channel) else PRIVATE


def owners(world: World, channel: Channel, user: User, kinds: Collection[int]) -> dict[str, str]:
    """Whose installations bring an application here that has `kinds` of them: the guild's, the person's."""
    found = {}
    if world.has_bot(channel) and 0 in kinds:
        found["0"] = str(channel.guild.id if channel.guild else 0)
    if user.id in world.application.installs and 1 in kinds:
        found["1"] = str(user.id)
    return found


def _app_permissions(world: World, channel: Channel) -> Permission:
    if world.has_bot(channel):
        return world.permissions(channel, world.bot)
    if channel.guild is None:
        return _ABROAD
    return in_channel(channel, Member(world.bot, 0.0), world.clock.now())


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
        "locale": user.locale,
        "app_permissions": str(int(_app_permissions(world, channel))),
        "attachment_size_limit": world.upload_limit if guild is None else guild.upload_limit,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": interaction.owners,
        "context": context(world, channel),
    }
    if interaction.message is not None:
        body["message"] = message_json(interaction.message, world.links, world.application.id)
    if guild is None:
        return {**body, "user": user_json(user)}
    member = member_json(guild.members[user.id], world.clock.now(), permissions=int(has))
    return {
        **body,
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "member": member,
    }
