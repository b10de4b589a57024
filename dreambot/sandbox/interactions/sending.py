"""Creates an interaction, sends it to the bot, and marks it failed after three seconds without a response."""

import asyncio
import secrets
import time
from collections.abc import Collection

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Channel, Interaction, Json, Member, Message, User
from dreambot.sandbox.payload.guilds import channel_json
from dreambot.sandbox.payload.messages import message_json
from dreambot.sandbox.payload.users import member_json, user_json
from dreambot.sandbox.permissions import Permission, channel_permissions
from dreambot.sandbox.rest.interactions import RESPONSE_DEADLINE_S
from dreambot.sandbox.world import World

GUILD, BOT_DM, PRIVATE = 0, 1, 2
# The permissions of a user-installed application in conversations that the bot is not part of.
_EXTERNAL_APP_PERMISSIONS = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE


def interaction_context(world: World, channel: Channel) -> int:
    """Returns Discord's context of an interaction: guild, conversation with the bot, or other conversation.

    Args:
        world: The sandbox's state.
        channel: The channel.
    """
    if channel.guild is not None:
        return GUILD
    return BOT_DM if world.has_bot(channel) else PRIVATE


def installation_owners(world: World, channel: Channel, user: User, kinds: Collection[int]) -> dict[str, str]:
    """Returns Discord's authorizing_integration_owners: "0" with the guild's id, "1" with the user's id.

    Args:
        world: The sandbox's state.
        channel: The channel.
        user: The user.
        kinds: The installation types that the command is for: 0 guild, 1 user.
    """
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
        return _EXTERNAL_APP_PERMISSIONS
    return channel_permissions(channel, Member(world.bot, 0.0), world.clock.now())


def interaction_json(world: World, interaction: Interaction) -> Json:
    """Returns the data of INTERACTION_CREATE.

    Args:
        world: The sandbox's state.
        interaction: The interaction.
    """
    channel, guild, user = interaction.channel, interaction.channel.guild, interaction.user
    channel_body = channel_json(channel, world.bot)
    has = world.permissions(channel, user)
    if guild is not None:
        channel_body["permissions"] = str(int(has))
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": channel_body,
        "channel_id": str(channel.id),
        "locale": user.locale,
        "app_permissions": str(int(_app_permissions(world, channel))),
        "attachment_size_limit": world.upload_limit if guild is None else guild.upload_limit,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": interaction.owners,
        "context": interaction_context(world, channel),
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


def check_can_view(world: World, user: User, channel: Channel) -> None:
    """Checks that a user can view the channel of an action.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.

    Raises:
        RejectedByClient: The user cannot view it.
    """
    if not world.permissions(channel, user) & Permission.VIEW_CHANNEL:
        raise RejectedByClient("You cannot see that channel.")


def send_interaction(
    world: World,
    user: User,
    channel: Channel,
    data: Json,
    *,
    kind: int,
    name: str,
    message: Message | None = None,
    triggered_by: Interaction | None = None,
    kinds: Collection[int] = (0, 1),
) -> Interaction:
    """Sends an interaction to the bot.

    Args:
        world: The sandbox's state.
        user: The user.
        channel: The channel.
        data: The `data` of the interaction.
        kind: Discord's interaction type.
        name: The command's name or the component's custom_id.
        message: The message whose component was used.
        triggered_by: The interaction whose modal is submitted.
        kinds: The installation types that the command is for: 0 guild, 1 user.
    """
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=kind,
        user=user,
        channel=channel,
        data=data,
        created_at=world.clock.now(),
        sent_at=time.perf_counter(),
        name=name,
        message=message,
        triggered_by=triggered_by,
        owners=_inherited_owners(world, channel, user, kinds, message, triggered_by),
    )
    world.interactions[interaction.token] = interaction
    body = interaction_json(world, interaction)
    world.events.publish(Event("INTERACTION_CREATE", guild=channel.guild, interaction=interaction, data=body))
    world.track_task(asyncio.create_task(_fail_after_deadline(world, interaction)))
    return interaction


def _inherited_owners(
    world: World,
    channel: Channel,
    user: User,
    kinds: Collection[int],
    message: Message | None,
    triggered_by: Interaction | None,
) -> dict[str, str]:
    """Returns the owners. Components and modals have those of the interaction that created them."""
    before = triggered_by or (message.interaction if message else None)
    return installation_owners(world, channel, user, kinds) if before is None else before.owners


async def _fail_after_deadline(world: World, interaction: Interaction) -> None:
    """Marks an interaction failed if the bot has not answered in time, and publishes the event."""
    await world.clock.sleep_until(interaction.created_at + RESPONSE_DEADLINE_S)
    if interaction.answered_at is None:
        interaction.failed = True
        event = Event("INTERACTION_FAILED", channel=interaction.channel, interaction=interaction)
        world.events.publish(event)
