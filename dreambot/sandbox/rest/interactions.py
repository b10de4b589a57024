"""REST handlers for interactions: the initial response, its edits, and follow-up messages by token."""

import time
from dataclasses import replace

from dreambot.sandbox.errors import api_error
from dreambot.sandbox.events import Event
from dreambot.sandbox.messages import MessageDraft, remove_message, store_message
from dreambot.sandbox.models import Interaction, Json, Message, MessageFlag
from dreambot.sandbox.payload.messages import REPLY, message_json
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.requests import ApiCall
from dreambot.sandbox.rest.channels import apply_edit, upload_limit
from dreambot.sandbox.validation.commands import check_autocomplete_choices
from dreambot.sandbox.validation.form import FormValidator
from dreambot.sandbox.validation.messages import check_draft, check_edit
from dreambot.sandbox.validation.modals import check_modal
from dreambot.sandbox.world import World

RESPONSE_DEADLINE_S = 3.0
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ALLOWED_RESPONSES = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}


async def create_response(call: ApiCall) -> Json | None:
    """Handles POST /interactions/{interaction_id}/{token}/callback.

    Args:
        call: The request; `with_response` in its query asks for the message.

    Returns:
        The response with the message if it was asked for, otherwise None.

    Raises:
        ApiError: 10062 if the interaction is unknown or older than 3 s, 40060 if it was answered already,
            50035 for an invalid response.
    """
    received = time.perf_counter()
    world = call.world
    interaction = world.interactions.get(call.path["token"])
    if interaction is None or interaction.id != call.id("interaction_id"):
        raise api_error(10062)
    if interaction.answered_at is not None:
        raise api_error(40060)
    if interaction.failed or world.clock.now() > interaction.created_at + RESPONSE_DEADLINE_S:
        raise api_error(10062)
    form = FormValidator()
    form.choice(call.json.get("type"), _allowed_types(interaction), ("type",))
    form.raise_errors()
    message = _apply_response(call, interaction, call.json["type"])
    interaction.answered_at = received
    interaction.answer_type = call.json["type"]
    world.events.publish(Event("INTERACTION_ANSWERED", interaction=interaction))
    if call.query.get("with_response") not in ("1", "true", "True"):
        return None
    return _callback_json(world, interaction, message)


def _allowed_types(interaction: Interaction) -> tuple[int, ...]:
    """Returns the response types for an interaction.

    A modal can update a message only if a component opened it.
    """
    allowed = _ALLOWED_RESPONSES[interaction.kind]
    if interaction.message is None:
        allowed = tuple(one for one in allowed if one not in (DEFERRED_UPDATE, UPDATE))
    return allowed


def _apply_response(call: ApiCall, interaction: Interaction, kind: int) -> Message | None:
    world, channel = call.world, interaction.channel
    data = call.json.get("data")
    data = data if isinstance(data, dict) else {}
    if kind == CHOICES:
        interaction.choices = check_autocomplete_choices(data, interaction.data.get("options", []))
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
        draft = MessageDraft(flags=flags | MessageFlag.LOADING)
    else:
        limit = upload_limit(world, channel)
        draft = check_draft(data, call.body.files, upload_limit=limit, at=("data",), ephemeral=True)
    interaction.original = store_response_message(world, interaction, draft)
    return interaction.original


def store_response_message(world: World, interaction: Interaction, draft: MessageDraft) -> Message:
    """Adds the message that answers an interaction to its channel.

    Args:
        world: The sandbox's state.
        interaction: The interaction.
        draft: The content.
    """
    kind, reply_to = 20, None
    if interaction.message is not None:
        kind, reply_to = REPLY, interaction.message.id
    elif interaction.kind == MODAL_SUBMIT:
        kind = 0
    elif interaction.data.get("type", 1) != 1:
        kind = 23
    full = replace(draft, reply_to=reply_to, flags=draft.flags | forced_ephemeral_flag(world, interaction))
    return store_message(world, interaction.channel, world.bot, full, kind=kind, interaction=interaction)


def forced_ephemeral_flag(world: World, interaction: Interaction) -> int:
    """Returns EPHEMERAL if the response must be ephemeral, otherwise 0.

    It must be for a user-installed application in a channel where the user lacks USE_EXTERNAL_APPS.

    Args:
        world: The sandbox's state.
        interaction: The interaction.
    """
    may_speak = world.permissions(interaction.channel, interaction.user) & Permission.USE_EXTERNAL_APPS
    return MessageFlag.EPHEMERAL if interaction.only_user_installed and not may_speak else 0


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


TOKEN_LIFETIME_S = 15 * 60.0
# For each interaction of a user-installed application.
MAX_FOLLOWUPS = 5


def _interaction_by_token(call: ApiCall) -> Interaction:
    """Returns the interaction of a token.

    Raises:
        ApiError: 50027 if the token is unknown or older than 15 minutes, 10015 if the interaction has not
            been answered, 10003 if its channel was deleted.
    """
    interaction = call.world.interactions.get(call.path["token"])
    if interaction is None or call.id("application_id") != call.world.application.id:
        raise api_error(50027)
    if interaction.token_expired or call.world.clock.now() > interaction.created_at + TOKEN_LIFETIME_S:
        raise api_error(50027)
    if interaction.answered_at is None:
        raise api_error(10015)
    call.world.find_channel(interaction.channel.id)
    return interaction


def _response_message(call: ApiCall, interaction: Interaction) -> Message:
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
        raise api_error(10008)
    return message


async def get_response(call: ApiCall) -> Json:
    """Handles GET /webhooks/{application_id}/{token}/messages/{message_id}.

    Args:
        call: The request; the message id may be @original.

    Raises:
        ApiError: 10008 if there is no such message, or the token is not valid.
    """
    message = _response_message(call, _interaction_by_token(call))
    return message_json(message, call.world.links, call.world.application.id)


async def edit_response(call: ApiCall) -> Json:
    """Handles PATCH /webhooks/{application_id}/{token}/messages/{message_id}.

    Args:
        call: The request; the message id may be @original.

    Raises:
        ApiError: 10008 if there is no such message, the change is invalid, or the token is not valid.
    """
    return _edit_response_message(call, _response_message(call, _interaction_by_token(call)))


def _edit_response_message(call: ApiCall, message: Message) -> Json:
    world = call.world
    limit = upload_limit(world, message.channel)
    change = check_edit(call.json, call.body.files, message, upload_limit=limit)
    # Filling in a deferred response does not mark the message as edited.
    apply_edit(world, message, change, edited=not message.flags & MessageFlag.LOADING)
    return message_json(message, world.links, world.application.id)


async def delete_response(call: ApiCall) -> None:
    """Handles DELETE /webhooks/{application_id}/{token}/messages/{message_id}.

    Args:
        call: The request; the message id may be @original.

    Raises:
        ApiError: 10008 if there is no such message, or the token is not valid.
    """
    remove_message(call.world, _response_message(call, _interaction_by_token(call)))


async def create_followup(call: ApiCall) -> Json:
    """Handles POST /webhooks/{application_id}/{token}. The first one after a deferral fills in the response.

    Args:
        call: The request.

    Raises:
        ApiError: 40094 for more than 5 follow-ups of a user-installed application, the message is invalid, or
            the token is not valid.
    """
    world, interaction = call.world, _interaction_by_token(call)
    limit = upload_limit(world, interaction.channel)
    draft = check_draft(call.json, call.body.files, upload_limit=limit, ephemeral=True)
    original = interaction.original
    if original is not None and original.flags & MessageFlag.LOADING and not original.deleted:
        return _edit_response_message(call, original)
    followup_of = None if original is None else original.id
    if interaction.only_user_installed:
        earlier = [one for one in interaction.channel.messages.values() if one.interaction is interaction]
        if sum(one is not original for one in earlier) >= MAX_FOLLOWUPS:
            raise api_error(40094)
    draft = replace(
        draft, reply_to=followup_of, flags=draft.flags | forced_ephemeral_flag(world, interaction)
    )
    message = store_message(
        world,
        interaction.channel,
        world.bot,
        draft,
        kind=0 if followup_of is None else REPLY,
        interaction=interaction,
        followup_of=followup_of,
    )
    return message_json(message, world.links, world.application.id)
