"""The first answer to an interaction."""

import time
from dataclasses import replace

from dreambot.sandbox.check.form import Form
from dreambot.sandbox.check.message import check_draft, check_edit
from dreambot.sandbox.check.modal import check_modal
from dreambot.sandbox.check.options import check_choices
from dreambot.sandbox.editing import apply_edit
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Interaction, Json, Message, MessageFlag
from dreambot.sandbox.payload.message import REPLY, message_json
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.posting import Draft, post
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.context import Call
from dreambot.sandbox.rest.messages import upload_limit
from dreambot.sandbox.world import World

ANSWER_WITHIN = 3.0
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ALLOWED = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}


async def answer(call: Call) -> Json | None:
    """POST /interactions/{interaction_id}/{token}/callback"""
    received = time.perf_counter()
    world = call.world
    interaction = world.interactions.get(call.path["token"])
    if interaction is None or interaction.id != call.id("interaction_id"):
        raise refuse(10062)
    if interaction.answered is not None:
        raise refuse(40060)
    if interaction.failed or world.clock.now() > interaction.created + ANSWER_WITHIN:
        raise refuse(10062)
    form = Form()
    form.choice(call.json.get("type"), _allowed(interaction), ("type",))
    form.done()
    message = _carry_out(call, interaction, call.json["type"])
    interaction.answered = received
    interaction.answer_type = call.json["type"]
    world.hub.publish(Event("INTERACTION_ANSWERED", interaction=interaction))
    if call.query.get("with_response") not in ("1", "true", "True"):
        return None
    return _callback_json(world, interaction, message)


def _allowed(interaction: Interaction) -> tuple[int, ...]:
    """The types of answer it may get; a modal has a message to change only where a component opened it."""
    allowed = _ALLOWED[interaction.kind]
    if interaction.message is None:
        allowed = tuple(one for one in allowed if one not in (DEFERRED_UPDATE, UPDATE))
    return allowed


def _carry_out(call: Call, interaction: Interaction, kind: int) -> Message | None:
    world, channel = call.world, interaction.channel
    data = call.json.get("data")
    data = data if isinstance(data, dict) else {}
    if kind == CHOICES:
        interaction.choices = check_choices(data, interaction.data.get("options", []))
        return None
    if kind == MODAL:
        interaction.modal = check_modal(data)
        return None
    if kind == DEFERRED_UPDATE:
        interaction.original = interaction.message
        return None
    if kind == UPDATE and interaction.message is not None:
        limit = upload_limit(world, channel)
        edit = check_edit(data, call.body.files, interaction.message, upload_limit=limit, at=("data",))
        interaction.original = interaction.message
        apply_edit(world, interaction.message, edit)
        return interaction.message
    if kind == DEFERRED:
        flags = int(data.get("flags") or 0) & MessageFlag.EPHEMERAL
        draft = Draft(flags=flags | MessageFlag.LOADING)
    else:
        limit = upload_limit(world, channel)
        draft = check_draft(data, call.body.files, upload_limit=limit, at=("data",), ephemeral=True)
    interaction.original = respond(world, interaction, draft)
    return interaction.original


def respond(world: World, interaction: Interaction, draft: Draft) -> Message:
    """Put the message that answers an interaction in its channel."""
    kind, reply_to = 20, None
    if interaction.message is not None:
        kind, reply_to = REPLY, interaction.message.id
    elif interaction.kind == MODAL_SUBMIT:
        kind = 0
    elif interaction.data.get("type", 1) != 1:
        kind = 23
    full = replace(draft, reply_to=reply_to, flags=draft.flags | hushed(world, interaction))
    return post(world, interaction.channel, world.bot, full, kind=kind, interaction=interaction)


def hushed(world: World, interaction: Interaction) -> int:
    """EPHEMERAL where an application that is here on a person's account alone may not speak to all."""
    loud = world.permissions(interaction.channel, interaction.user) & Permission.USE_EXTERNAL_APPS
    return MessageFlag.EPHEMERAL if interaction.only_user_installed and not loud else 0


def _callback_json(world: World, interaction: Interaction, message: Message | None) -> Json:
    body: Json = {"id": str(interaction.id), "type": interaction.kind}
    if message is None:
        return {"interaction": body}
    body |= {
        "response_message_id": str(message.id),
        "response_message_loading": bool(message.flags & MessageFlag.LOADING),
        "response_message_ephemeral": message.ephemeral,
        "channel_id": str(interaction.channel.id),
    }
    if interaction.channel.guild is not None:
        body["guild_id"] = str(interaction.channel.guild.id)
    kind = UPDATE if interaction.answer_type == UPDATE else MESSAGE
    resource = {"type": kind, "message": message_json(message, world.links, world.application.id)}
    return {"interaction": body, "resource": resource}
