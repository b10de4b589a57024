"""An interaction sets out: it is kept, told to the bot, and given up after three seconds of silence."""

import asyncio
import secrets
import time
from collections.abc import Collection

from dreambot.sandbox.asking.payload import interaction_json, owners
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Channel, Interaction, Json, Message, User
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.rest.callbacks import ANSWER_WITHIN
from dreambot.sandbox.world import World


def check_sight(world: World, user: User, channel: Channel) -> None:
    """Raises ClientRefusal where a person cannot see the channel they act in."""
    if not world.permissions(channel, user) & Permission.VIEW_CHANNEL:
        raise ClientRefusal("You cannot see that channel.")


def send(
    world: World,
    user: User,
    channel: Channel,
    data: Json,
    *,
    kind: int,
    name: str,
    message: Message | None = None,
    cause: Interaction | None = None,
    kinds: Collection[int] = (0, 1),
) -> Interaction:
    """Send an interaction to the bot. `message` is the one whose component was used; `cause` the interaction
    whose modal is submitted; `kinds` are the installations a command is for."""
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=kind,
        user=user,
        channel=channel,
        data=data,
        created=world.clock.now(),
        sent=time.perf_counter(),
        name=name,
        message=message,
        cause=cause,
        owners=_owners(world, channel, user, kinds, message, cause),
    )
    world.interactions[interaction.token] = interaction
    body = interaction_json(world, interaction)
    world.hub.publish(Event("INTERACTION_CREATE", guild=channel.guild, interaction=interaction, data=body))
    world.keep(asyncio.create_task(_expire(world, interaction)))
    return interaction


def _owners(
    world: World,
    channel: Channel,
    user: User,
    kinds: Collection[int],
    message: Message | None,
    cause: Interaction | None,
) -> dict[str, str]:
    """Components and modals are here through the installation that brought what they belong to."""
    before = cause or (message.interaction if message else None)
    return owners(world, channel, user, kinds) if before is None else before.owners


async def _expire(world: World, interaction: Interaction) -> None:
    """Tell the person when the bot has not answered in time."""
    await world.clock.sleep_until(interaction.created + ANSWER_WITHIN)
    if interaction.answered is None:
        interaction.failed = True
        event = Event("INTERACTION_FAILED", channel=interaction.channel, interaction=interaction)
        world.hub.publish(event)
