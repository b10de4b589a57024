"""What the page sends, read; what it gets, written."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from dreambot.sandbox.model import Json
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.refusal import ClientRefusal, Refusal
from dreambot.sandbox.rest.body import Body, read_body, read_json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def read_form(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """(form, files by part name). The form is the body's JSON, or in multipart the part `payload` (or
    `payload_json`) or the fields themselves. Raises Refusal."""
    body: Body = read_body(await request.read(), request.headers.get("Content-Type", ""))
    form = body.json if isinstance(body.json, dict) else dict(body.fields)
    if "payload" in body.fields:
        form = read_json(body.fields["payload"])
    if isinstance(form.get("options"), str):
        form["options"] = read_json(form["options"] or "{}")
    return form, {name: Upload(part.filename, part.data) for name, part in body.files.items()}


def option_values(form: Json, files: dict[str, Upload]) -> dict[str, Any]:
    """The option values of a form, with "file:NAME" replaced by the part NAME. Raises ClientRefusal."""
    values: dict[str, Any] = {}
    for name, value in (form.get("options") or {}).items():
        if isinstance(value, str) and value.startswith("file:"):
            upload = files.get(value.removeprefix("file:"))
            if upload is None:
                raise ClientRefusal(f"“{name}” wants a file.")
            values[name] = upload
        elif value not in (None, ""):
            values[name] = value
    return values


def field_values(form: Json, files: dict[str, Upload]) -> dict[str, Any]:
    """The values of a modal's fields by custom_id; those whose parts in `files` are named "file:NAME" are
    uploads. Raises ClientRefusal."""
    values: dict[str, Any] = {}
    for name, value in (form.get("values") or {}).items():
        if isinstance(value, list):
            values[name] = [_uploaded(name, one, files) for one in value]
        elif value is not None:
            values[name] = value
    return values


def _uploaded(name: str, value: Any, files: dict[str, Upload]) -> Any:
    if not isinstance(value, str) or not value.startswith("file:"):
        return value
    upload = files.get(value.removeprefix("file:"))
    if upload is None:
        raise ClientRefusal(f"“{name}” wants a file.")
    return upload


def typed_values(form: Json) -> dict[str, Any]:
    """The option values so far while one is being completed; files are not sent yet."""
    values = dict(form.get("options") or {})
    return {key: value for key, value in values.items() if not str(value).startswith("file:")}


def answer_json(answer: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    body = json.dumps(answer).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def kindly(handler: Handler) -> Handler:
    """Turn refusals into {"error": sentence}."""

    async def kind(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ClientRefusal as refusal:
            return answer_json({"error": str(refusal)}, 400)
        except (Refusal, ValueError, RecursionError) as refusal:
            return answer_json({"error": f"That request makes no sense: {refusal}."}, 400)
        except web.HTTPRequestEntityTooLarge:
            return answer_json({"error": "That is too large to upload."}, 413)

    return kind
