"""Embeds: lengths, counts, addresses."""

from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.model import Json

TOTAL = 6000
_KNOWN = (
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


def check_embeds(form: Form, body: Json, at: Path = ()) -> list[Json]:
    """The embeds of a message form, with the fields Discord keeps."""
    embeds = []
    total = 0
    for index, embed in enumerate(form.listing(body, "embeds", at, at_most=10)):
        path = (*at, "embeds", index)
        total += _check(form, embed, path)
        embeds.append({key: embed[key] for key in _KNOWN if embed.get(key) not in (None, [], {})})
        if not embeds[-1]:
            form.wrong((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    if total > TOTAL:
        words = f"Embed size exceeds maximum size of {TOTAL}"
        form.wrong((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", words)
    return embeds


def _check(form: Form, embed: Json, at: Path) -> int:
    texts = [form.text(embed, "title", at, at_most=256), form.text(embed, "description", at, at_most=4096)]
    form.whole(embed, "color", at, low=0, high=0xFFFFFF)
    _address(form, embed, "url", at)
    for key, text, limit in (("footer", "text", 2048), ("author", "name", 256)):
        part = embed.get(key)
        if isinstance(part, dict):
            texts.append(form.text(part, text, (*at, key), at_least=1, at_most=limit, required=True))
            _address(form, part, "icon_url", (*at, key), attachment=True)
    for key in ("image", "thumbnail"):
        part = embed.get(key)
        if isinstance(part, dict) and form.require(part, "url", (*at, key)):
            _address(form, part, "url", (*at, key), attachment=True)
    for index, entry in enumerate(form.listing(embed, "fields", at, at_most=25)):
        path = (*at, "fields", index)
        texts.append(form.text(entry, "name", path, at_least=1, at_most=256, required=True))
        texts.append(form.text(entry, "value", path, at_least=1, at_most=1024, required=True))
    return sum(len(text or "") for text in texts)


def _address(form: Form, body: Json, key: str, at: Path, *, attachment: bool = False) -> None:
    value = form.text(body, key, at, at_most=2048)
    schemes = ("http", "https", "attachment") if attachment else ("http", "https")
    if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        scheme, found, _ = value.partition("://")
        if found:
            words = f'Scheme "{scheme[:20]}" must be one of {schemes}.'
            form.wrong((*at, key), "URL_TYPE_INVALID_SCHEME", words)
        else:
            form.wrong((*at, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
