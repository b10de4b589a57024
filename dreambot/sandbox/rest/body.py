"""Request bodies: JSON, or multipart with `payload_json` and files."""

import email
import email.policy
import json
import re
from dataclasses import dataclass, field
from typing import Any

from dreambot.sandbox.refusal import Refusal, refuse


@dataclass(frozen=True)
class Part:
    """A file of a multipart body."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Body:
    """A request's body: its JSON (None without one), files by field name, and other form fields."""

    json: Any = None
    files: dict[str, Part] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def read_body(raw: bytes, content_type: str) -> Body:
    """Take a body apart. Raises Refusal 50109 for broken JSON, 50035 for another content type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _multipart(raw, content_type)
    if not raw:
        return Body()
    if kind != "application/json":
        allowed = "{'application/json'}"
        error = {
            "code": "CONTENT_TYPE_INVALID",
            "message": f'Expected "Content-Type" header to be one of {allowed}.',
        }
        raise Refusal(400, 50035, "Invalid Form Body", {"_errors": [error]})
    return Body(read_json(raw))


def read_json(raw: bytes | str) -> Any:
    """Read JSON. Raises Refusal 50109 for what is broken or nested too deeply."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise refuse(50109) from None


def _multipart(raw: bytes, content_type: str) -> Body:
    found = re.search(r'boundary="?([^";,]+)"?', content_type, re.IGNORECASE)
    if found is None:
        raise refuse(50109)
    chunks = (b"\r\n" + raw).split(b"\r\n--" + found[1].encode())
    body: Any = None
    files: dict[str, Part] = {}
    fields: dict[str, str] = {}
    for chunk in chunks[1:-1]:
        head, _, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = email.message_from_bytes(head + b"\r\n\r\n", policy=email.policy.HTTP)
        name = str(headers.get_param("name", "", header="content-disposition"))
        filename = headers.get_filename()
        if name == "payload_json":
            body = read_json(data)
        elif filename is not None:
            files[name] = Part(filename, data)
        else:
            fields[name] = data.decode("utf-8", "replace")
    if body is None and fields and not any(name.startswith("files[") for name in fields):
        return Body(dict(fields), files, fields)
    return Body(body, files, fields)
