"""Validates messages to be sent or edited: content, files, embeds, components, flags, mentions."""

import re
from dataclasses import dataclass, field

from dreambot.sandbox.errors import api_error
from dreambot.sandbox.messages import MessageDraft, Upload, safe_filename
from dreambot.sandbox.models import Attachment, Json, Message, MessageFlag
from dreambot.sandbox.requests import FilePart
from dreambot.sandbox.validation.components import ComponentValidator
from dreambot.sandbox.validation.form import FieldPath, FormValidator

MAX_EMBED_CHARACTERS = 6000
_EMBED_FIELDS = (
    "title",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "author",
    "fields",
)


FORWARD = 1
"""The type of a message reference."""


def check_embeds(form: FormValidator, body: Json, at: FieldPath = ()) -> list[Json]:
    """Validates the embeds of a message and returns them with the fields that Discord stores.

    Args:
        form: Collects the errors.
        body: The object that has the embeds.
        at: The path of the object.
    """
    embeds = []
    total = 0
    for index, embed in enumerate(form.object_list(body, "embeds", at, max_items=10)):
        path = (*at, "embeds", index)
        total += _check_embed(form, embed, path)
        embeds.append({key: embed[key] for key in _EMBED_FIELDS if embed.get(key) not in (None, [], {})})
        if not embeds[-1]:
            form.add_error((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    if total > MAX_EMBED_CHARACTERS:
        reason = f"Embed size exceeds maximum size of {MAX_EMBED_CHARACTERS}"
        form.add_error((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", reason)
    return embeds


def _check_embed(form: FormValidator, embed: Json, at: FieldPath) -> int:
    texts = [
        form.string(embed, "title", at, max_length=256),
        form.string(embed, "description", at, max_length=4096),
    ]
    form.integer(embed, "color", at, low=0, high=0xFFFFFF)
    _check_url(form, embed, "url", at)
    for key, text, limit in (("footer", "text", 2048), ("author", "name", 256)):
        part = embed.get(key)
        if isinstance(part, dict):
            texts.append(form.string(part, text, (*at, key), min_length=1, max_length=limit, required=True))
            _check_url(form, part, "icon_url", (*at, key), attachment=True)
    for key in ("image", "thumbnail"):
        part = embed.get(key)
        if isinstance(part, dict) and form.require(part, "url", (*at, key)):
            _check_url(form, part, "url", (*at, key), attachment=True)
    for index, entry in enumerate(form.object_list(embed, "fields", at, max_items=25)):
        path = (*at, "fields", index)
        texts.append(form.string(entry, "name", path, min_length=1, max_length=256, required=True))
        texts.append(form.string(entry, "value", path, min_length=1, max_length=1024, required=True))
    return sum(len(text or "") for text in texts)


def _check_url(form: FormValidator, body: Json, key: str, at: FieldPath, *, attachment: bool = False) -> None:
    value = form.string(body, key, at, max_length=2048)
    schemes = ("http", "https", "attachment") if attachment else ("http", "https")
    if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        scheme, found, _ = value.partition("://")
        if found:
            reason = f'Scheme "{scheme[:20]}" must be one of {schemes}.'
            form.add_error((*at, key), "URL_TYPE_INVALID_SCHEME", reason)
        else:
            form.add_error((*at, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")


MAX_FILES, MAX_CONTENT_LENGTH = 10, 2000
_FILE_FIELD = re.compile(r"files\[(\d+)\]|file")
_V2 = MessageFlag.COMPONENTS_V2
_SETTABLE_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | _V2


@dataclass(frozen=True)
class MessageEdit:
    """The change of a message; fields that are None stay the same.

    `keep` are the attachments that remain, in order.
    """

    content: str | None
    embeds: list[Json] | None
    components: list[Json] | None
    flags: int
    keep: list[Attachment]
    uploads: list[Upload]
    descriptions: dict[int, str | None] = field(default_factory=dict)
    allowed_mentions: Json | None = None


def is_forward(body: Json) -> bool:
    """Returns whether a new message is a forward.

    Args:
        body: The message.
    """
    reference = body.get("message_reference")
    return isinstance(reference, dict) and reference.get("type") == FORWARD


def check_draft(
    body: Json, files: dict[str, FilePart], *, upload_limit: int, at: FieldPath = (), ephemeral: bool = False
) -> MessageDraft:
    """Validates a new message.

    Args:
        body: The message.
        files: The files of the request by field name.
        upload_limit: Bytes per file.
        at: The path of the message in the request's body.
        ephemeral: Whether the EPHEMERAL flag may be set.

    Raises:
        ApiError: 50035 for invalid fields, 40005 for a file above the limit, 50006 for an empty message.
    """
    form = FormValidator()
    content = form.string(body, "content", at, max_length=MAX_CONTENT_LENGTH) or ""
    settable = _SETTABLE_FLAGS | (MessageFlag.EPHEMERAL if ephemeral else MessageFlag(0))
    flags = (form.integer(body, "flags", at, low=0) or 0) & settable
    uploads, _, _ = _check_files(form, body, files, at, existing=[], upload_limit=upload_limit)
    embeds = check_embeds(form, body, at)
    names = {safe_filename(one.filename) for one in uploads}
    components = ComponentValidator(form, names, v2=bool(flags & _V2)).message(body, at)
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > 25:
        form.add_error((*at, "nonce"), "NONCE_TYPE_TOO_LONG", "Nonce is too long.")
    mentions = _check_mentions(form, body, at)
    _check_v2(form, body, flags, at)
    form.raise_errors()
    filled = bool(content.strip() or embeds or components or uploads)
    if filled == is_forward(body):
        if filled:
            form.add_error((*at, "message_reference"), "MESSAGE_FORWARD_CONTENT", "A forward has no content.")
            form.raise_errors()
        raise api_error(50006)
    return MessageDraft(
        content, uploads, embeds, components, int(flags), None, nonce, mentions, bool(body.get("tts"))
    )


def check_edit(
    body: Json, files: dict[str, FilePart], message: Message, *, upload_limit: int, at: FieldPath = ()
) -> MessageEdit:
    """Validates the change of a message.

    Args:
        body: The change.
        files: The files of the request by field name.
        message: The message.
        upload_limit: Bytes per file.
        at: The path of the change in the request's body.

    Raises:
        ApiError: 50035 for invalid fields, 40005 for a file above the limit, 50006 if nothing would be left.
    """
    form = FormValidator()
    content = form.string(body, "content", at, max_length=MAX_CONTENT_LENGTH)
    flags = form.integer(body, "flags", at, low=0) or 0
    settable = MessageFlag.SUPPRESS_EMBEDS if "flags" in body else MessageFlag(0)
    kept_flags = message.flags & ~settable & ~MessageFlag.LOADING
    flags = kept_flags | (flags & (settable | _V2))
    uploads, keep, descriptions = _check_files(
        form, body, files, at, existing=message.attachments, upload_limit=upload_limit
    )
    embeds = check_embeds(form, body, at)
    names = {safe_filename(one.filename) for one in uploads} | {one.filename for one in keep}
    components = ComponentValidator(form, names, v2=bool(flags & _V2)).message(body, at)
    mentions = _check_mentions(form, body, at)
    _check_v2(form, body, flags, at)
    edit = MessageEdit(
        content=(content or "") if "content" in body else None,
        embeds=embeds if "embeds" in body else None,
        components=components if "components" in body else None,
        flags=flags,
        keep=keep,
        uploads=uploads,
        descriptions=descriptions,
        allowed_mentions=mentions,
    )
    if flags & _V2 and not message.flags & _V2:
        _check_switch_to_v2(form, edit, message, at)
    form.raise_errors()
    left = message.content if edit.content is None else edit.content
    shown = message.embeds if edit.embeds is None else edit.embeds
    controls = message.components if edit.components is None else edit.components
    if not (left.strip() or shown or controls or keep or uploads):
        raise api_error(50006)
    return edit


def _check_v2(form: FormValidator, body: Json, flags: int, at: FieldPath) -> None:
    for key in ("content", "embeds", "sticker_ids", "poll"):
        if flags & _V2 and body.get(key):
            reason = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.add_error((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", reason)


def _check_switch_to_v2(form: FormValidator, edit: MessageEdit, message: Message, at: FieldPath) -> None:
    for key, stays in (("content", edit.content is None), ("embeds", edit.embeds is None)):
        if stays and getattr(message, key):
            reason = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.add_error((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", reason)


def _check_mentions(form: FormValidator, body: Json, at: FieldPath) -> Json | None:
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return None
    parse = allowed.get("parse") or []
    for index, one in enumerate(parse):
        if one not in ("users", "roles", "everyone"):
            path = (*at, "allowed_mentions", "parse", index)
            form.add_error(path, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
    for key in ("users", "roles"):
        if key in parse and allowed.get(key):
            path = (*at, "allowed_mentions")
            reason = f"parse:[{key!r}] and {key}: [ids...] are mutually exclusive."
            form.add_error(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", reason)
    return allowed


def _check_files(
    form: FormValidator,
    body: Json,
    files: dict[str, FilePart],
    at: FieldPath,
    *,
    existing: list[Attachment],
    upload_limit: int,
) -> tuple[list[Upload], list[Attachment], dict[int, str | None]]:
    """Returns (new files, attachments that stay, their new descriptions by id)."""
    sent: dict[str, FilePart] = {}
    for name, part in files.items():
        found = _FILE_FIELD.fullmatch(name)
        if found:
            sent[found[1] or "0"] = part
    if any(len(part.data) > upload_limit for part in sent.values()):
        raise api_error(40005)
    listed = form.object_list(body, "attachments", at, max_items=MAX_FILES)
    if body.get("attachments") is None:
        if len(sent) + len(existing) > MAX_FILES:
            reason = f"Must be {MAX_FILES} or fewer in length."
            form.add_error((*at, "attachments"), "BASE_TYPE_MAX_LENGTH", reason)
        return [Upload(part.filename, part.data) for part in sent.values()], list(existing), {}
    uploads: list[Upload] = []
    keep: list[Attachment] = []
    descriptions: dict[int, str | None] = {}
    by_id = {str(one.id): one for one in existing}
    for index, entry in enumerate(listed):
        path = (*at, "attachments", index)
        number = str(entry.get("id"))
        description = form.string(entry, "description", path, max_length=1024)
        if number in by_id:
            keep.append(by_id[number])
            if "description" in entry:
                descriptions[by_id[number].id] = description
        elif number in sent:
            part = sent.pop(number)
            name = form.string(entry, "filename", path, min_length=1, max_length=1024) or part.filename
            title = form.string(entry, "title", path, max_length=1024)
            if entry.get("is_spoiler") and not name.startswith("SPOILER_"):
                name = f"SPOILER_{name}"
            uploads.append(Upload(name, part.data, description, title))
        else:
            form.add_error((*path, "id"), "ATTACHMENT_NOT_FOUND", "Attachment data not found")
    for number in sent:
        reason = f"files[{number}] is uploaded but not listed"
        form.add_error((*at, "attachments"), "ATTACHMENT_NOT_LISTED", reason)
    return uploads, keep, descriptions
