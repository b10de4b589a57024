"""Messages to be sent or edited: text, files, embeds, components, flags and how they go together."""

import re
from dataclasses import dataclass, field

from dreambot.sandbox.check.components import ComponentCheck
from dreambot.sandbox.check.embeds import check_embeds
from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.model import Attachment, Json, Message, MessageFlag
from dreambot.sandbox.posting import Draft, Upload, safe_filename
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.rest.body import Part

FILES, CONTENT = 10, 2000
_FIELD = re.compile(r"files\[(\d+)\]|file")
_V2 = MessageFlag.COMPONENTS_V2
_SET_BY_BOTS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | _V2


@dataclass(frozen=True)
class Edit:
    """What changes of a message; None stays. `keep` are the attachments that remain, in order."""

    content: str | None
    embeds: list[Json] | None
    components: list[Json] | None
    flags: int
    keep: list[Attachment]
    uploads: list[Upload]
    descriptions: dict[int, str | None] = field(default_factory=dict)
    allowed_mentions: Json | None = None


def check_draft(
    body: Json, files: dict[str, Part], *, upload_limit: int, at: Path = (), ephemeral: bool = False
) -> Draft:
    """A new message. `ephemeral` says whether the flag for it may be set. Raises Refusal 50035, 40005 (a file
    above `upload_limit` bytes) or 50006."""
    form = Form()
    content = form.text(body, "content", at, at_most=CONTENT) or ""
    settable = _SET_BY_BOTS | (MessageFlag.EPHEMERAL if ephemeral else MessageFlag(0))
    flags = (form.whole(body, "flags", at, low=0) or 0) & settable
    uploads, _, _ = _check_files(form, body, files, at, existing=[], upload_limit=upload_limit)
    embeds = check_embeds(form, body, at)
    names = {safe_filename(one.filename) for one in uploads}
    components = ComponentCheck(form, names, v2=bool(flags & _V2)).message(body, at)
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > 25:
        form.wrong((*at, "nonce"), "NONCE_TYPE_TOO_LONG", "Nonce is too long.")
    mentions = _check_mentions(form, body, at)
    _check_v2(form, body, flags, at)
    form.done()
    if not (content.strip() or embeds or components or uploads):
        raise refuse(50006)
    return Draft(
        content, uploads, embeds, components, int(flags), None, nonce, mentions, bool(body.get("tts"))
    )


def check_edit(
    body: Json, files: dict[str, Part], message: Message, *, upload_limit: int, at: Path = ()
) -> Edit:
    """A change to `message`. Raises as `check_draft` does; 50006 where nothing would be left of it."""
    form = Form()
    content = form.text(body, "content", at, at_most=CONTENT)
    flags = form.whole(body, "flags", at, low=0) or 0
    settable = MessageFlag.SUPPRESS_EMBEDS if "flags" in body else MessageFlag(0)
    kept_flags = message.flags & ~settable & ~MessageFlag.LOADING
    flags = kept_flags | (flags & (settable | _V2))
    uploads, keep, descriptions = _check_files(
        form, body, files, at, existing=message.attachments, upload_limit=upload_limit
    )
    embeds = check_embeds(form, body, at)
    names = {safe_filename(one.filename) for one in uploads} | {one.filename for one in keep}
    components = ComponentCheck(form, names, v2=bool(flags & _V2)).message(body, at)
    mentions = _check_mentions(form, body, at)
    _check_v2(form, body, flags, at)
    edit = Edit(
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
        _check_turned_v2(form, edit, message, at)
    form.done()
    left = message.content if edit.content is None else edit.content
    shown = message.embeds if edit.embeds is None else edit.embeds
    controls = message.components if edit.components is None else edit.components
    if not (left.strip() or shown or controls or keep or uploads):
        raise refuse(50006)
    return edit


def _check_v2(form: Form, body: Json, flags: int, at: Path) -> None:
    for key in ("content", "embeds", "sticker_ids", "poll"):
        if flags & _V2 and body.get(key):
            words = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def _check_turned_v2(form: Form, edit: Edit, message: Message, at: Path) -> None:
    for key, stays in (("content", edit.content is None), ("embeds", edit.embeds is None)):
        if stays and getattr(message, key):
            words = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def _check_mentions(form: Form, body: Json, at: Path) -> Json | None:
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return None
    parse = allowed.get("parse") or []
    for index, one in enumerate(parse):
        if one not in ("users", "roles", "everyone"):
            path = (*at, "allowed_mentions", "parse", index)
            form.wrong(path, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
    for key in ("users", "roles"):
        if key in parse and allowed.get(key):
            path = (*at, "allowed_mentions")
            words = f"parse:[{key!r}] and {key}: [ids...] are mutually exclusive."
            form.wrong(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)
    return allowed


def _check_files(
    form: Form,
    body: Json,
    files: dict[str, Part],
    at: Path,
    *,
    existing: list[Attachment],
    upload_limit: int,
) -> tuple[list[Upload], list[Attachment], dict[int, str | None]]:
    """(new files, attachments that stay, new descriptions of those)."""
    sent: dict[str, Part] = {}
    for name, part in files.items():
        found = _FIELD.fullmatch(name)
        if found:
            sent[found[1] or "0"] = part
    if any(len(part.data) > upload_limit for part in sent.values()):
        raise refuse(40005)
    listed = form.listing(body, "attachments", at, at_most=FILES)
    if body.get("attachments") is None:
        if len(sent) + len(existing) > FILES:
            words = f"Must be {FILES} or fewer in length."
            form.wrong((*at, "attachments"), "BASE_TYPE_MAX_LENGTH", words)
        return [Upload(part.filename, part.data) for part in sent.values()], list(existing), {}
    uploads: list[Upload] = []
    keep: list[Attachment] = []
    descriptions: dict[int, str | None] = {}
    by_id = {str(one.id): one for one in existing}
    for index, entry in enumerate(listed):
        path = (*at, "attachments", index)
        number = str(entry.get("id"))
        description = form.text(entry, "description", path, at_most=1024)
        if number in by_id:
            keep.append(by_id[number])
            if "description" in entry:
                descriptions[by_id[number].id] = description
        elif number in sent:
            part = sent.pop(number)
            name = form.text(entry, "filename", path, at_least=1, at_most=1024) or part.filename
            title = form.text(entry, "title", path, at_most=1024)
            if entry.get("is_spoiler") and not name.startswith("SPOILER_"):
                name = f"SPOILER_{name}"
            uploads.append(Upload(name, part.data, description, title))
        else:
            form.wrong((*path, "id"), "ATTACHMENT_NOT_FOUND", "Attachment data not found")
    for number in sent:
        words = f"files[{number}] is uploaded but not listed"
        form.wrong((*at, "attachments"), "ATTACHMENT_NOT_LISTED", words)
    return uploads, keep, descriptions
