"""What follows the first answer: the original response and follow-ups, by the interaction's token."""

from dataclasses import replace

from dreambot.sandbox.check.message import check_draft, check_edit
from dreambot.sandbox.editing import apply_edit
from dreambot.sandbox.model import Interaction, Json, Message, MessageFlag
from dreambot.sandbox.payload.message import REPLY, message_json
from dreambot.sandbox.posting import delete, post
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.callbacks import hushed
from dreambot.sandbox.rest.context import Call
from dreambot.sandbox.rest.messages import upload_limit

TOKEN_LIFETIME = 15 * 60.0
# Of one interaction, where the application is here on a person's account alone.
FOLLOW_UPS = 5


def _interaction(call: Call) -> Interaction:
    """The interaction of the token. Raises Refusal 50027 after its 15 minutes or where it is none, 10015
    where it has not been answered, 10003 where its channel is gone."""
    interaction = call.world.interactions.get(call.path["token"])
    if interaction is None or call.id("application_id") != call.world.application.id:
        raise refuse(50027)
    if call.world.clock.now() > interaction.created + TOKEN_LIFETIME:
        raise refuse(50027)
    if interaction.answered is None:
        raise refuse(10015)
    call.world.find_channel(interaction.channel.id)
    return interaction


def _message(call: Call, interaction: Interaction) -> Message:
    if call.path["message_id"] == "@original":
        message = interaction.original
    else:
        message = interaction.channel.messages.get(call.id("message_id"))
        if (
            message is not None
            and message.interaction is not interaction
            and message is not interaction.original
        ):
            message = None
    if message is None or message.deleted:
        raise refuse(10008)
    return message


async def get(call: Call) -> Json:
    """GET /webhooks/{application_id}/{token}/messages/{message_id}"""
    message = _message(call, _interaction(call))
    return message_json(message, call.world.links, call.world.application.id)


async def edit(call: Call) -> Json:
    """PATCH /webhooks/{application_id}/{token}/messages/{message_id}"""
    return _edit(call, _message(call, _interaction(call)))


def _edit(call: Call, message: Message) -> Json:
    world = call.world
    limit = upload_limit(world, message.channel)
    change = check_edit(call.json, call.body.files, message, upload_limit=limit)
    # Filling in a deferred answer is not an edit in anyone's eyes.
    apply_edit(world, message, change, edited=not message.flags & MessageFlag.LOADING)
    return message_json(message, world.links, world.application.id)


async def remove(call: Call) -> None:
    """DELETE /webhooks/{application_id}/{token}/messages/{message_id}"""
    delete(call.world, _message(call, _interaction(call)))


async def follow_up(call: Call) -> Json:
    """POST /webhooks/{application_id}/{token}: the first one after a deferral fills in the deferred answer"""
    world, interaction = call.world, _interaction(call)
    limit = upload_limit(world, interaction.channel)
    draft = check_draft(call.json, call.body.files, upload_limit=limit, ephemeral=True)
    original = interaction.original
    if original is not None and original.flags & MessageFlag.LOADING and not original.deleted:
        return _edit(call, original)
    follows = None if original is None else original.id
    if interaction.only_user_installed:
        earlier = [one for one in interaction.channel.messages.values() if one.interaction is interaction]
        if sum(one is not original for one in earlier) >= FOLLOW_UPS:
            raise refuse(40094)
    draft = replace(draft, reply_to=follows, flags=draft.flags | hushed(world, interaction))
    message = post(
        world,
        interaction.channel,
        world.bot,
        draft,
        kind=0 if follows is None else REPLY,
        interaction=interaction,
        follows=follows,
    )
    return message_json(message, world.links, world.application.id)
