"""A checked change applied to a message."""

from dreambot.sandbox.check.message import Edit
from dreambot.sandbox.model import Message
from dreambot.sandbox.payload.media import used_by_embeds
from dreambot.sandbox.posting import attach, changed, resolve_mentions
from dreambot.sandbox.world import World


def apply_edit(world: World, message: Message, edit: Edit, *, edited: bool = True) -> None:
    """Change `message` and tell everyone; `edited` marks it as edited. Files no longer listed are gone."""
    keep = list(edit.keep)
    if edit.embeds is None:
        keep += [one for one in used_by_embeds(message) if one not in keep]
    for attachment in message.attachments:
        if attachment in keep:
            attachment.description = edit.descriptions.get(attachment.id, attachment.description)
        else:
            world.uploads.pop(attachment.id, None)
    channel, ephemeral = message.channel.id, message.ephemeral
    message.attachments = keep + [attach(world, channel, one, ephemeral=ephemeral) for one in edit.uploads]
    message.content = message.content if edit.content is None else edit.content
    message.embeds = message.embeds if edit.embeds is None else edit.embeds
    message.components = message.components if edit.components is None else edit.components
    message.flags = edit.flags
    if edit.content is not None:
        resolve_mentions(world, message, edit.allowed_mentions)
    changed(world, message, edited=edited)
