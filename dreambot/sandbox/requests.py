"""HTTP requests: parsed bodies, the object that REST handlers receive, and the log of the bot's requests."""

import email
import email.policy
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dreambot.sandbox.errors import ApiError, api_error
from dreambot.sandbox.models import Channel, Guild, Json
from dreambot.sandbox.world import World


@dataclass(frozen=True)
class FilePart:
    """A file in a multipart body."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class RequestBody:
    """A parsed request body: its JSON (or None), its files by field name, and its other form fields."""

    json: Any = None
    files: dict[str, FilePart] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def read_body(raw: bytes, content_type: str) -> RequestBody:
    """Parses a request body.

    Args:
        raw: The body.
        content_type: The Content-Type header.

    Raises:
        ApiError: 50109 for invalid JSON, 50035 for an unsupported content type.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _read_multipart(raw, content_type)
    if not raw:
        return RequestBody()
    if kind != "application/json":
        allowed = "{'application/json'}"
        error = {
            "code": "CONTENT_TYPE_INVALID",
            "message": f'Expected "Content-Type" header to be one of {allowed}.',
        }
        raise ApiError(400, 50035, "Invalid Form Body", {"_errors": [error]})
    return RequestBody(read_json(raw))


def read_json(raw: bytes | str) -> Any:
    """Parses JSON.

    Args:
        raw: The JSON text.

    Raises:
        ApiError: 50109, it is invalid or nested too deeply.
    """
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise api_error(50109) from None


def _read_multipart(raw: bytes, content_type: str) -> RequestBody:
    found = re.search(r'boundary="?([^";,]+)"?', content_type, re.IGNORECASE)
    if found is None:
        raise api_error(50109)
    chunks = (b"\r\n" + raw).split(b"\r\n--" + found[1].encode())
    body: Any = None
    files: dict[str, FilePart] = {}
    fields: dict[str, str] = {}
    for chunk in chunks[1:-1]:
        head, _, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = email.message_from_bytes(head + b"\r\n\r\n", policy=email.policy.HTTP)
        name = str(headers.get_param("name", "", header="content-disposition"))
        filename = headers.get_filename()
        if name == "payload_json":
            body = read_json(data)
        elif filename is not None:
            files[name] = FilePart(filename, data)
        else:
            fields[name] = data.decode("utf-8", "replace")
    if body is None and fields and not any(name.startswith("files[") for name in fields):
        return RequestBody(dict(fields), files, fields)
    return RequestBody(body, files, fields)


@dataclass(frozen=True)
class ApiCall:
    """A request to the API. `path` holds the parameters of the route."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: RequestBody

    def id(self, name: str) -> int:
        """Returns a route parameter that is an id.

        Args:
            name: The parameter's name.

        Raises:
            ApiError: 50035, it is not a snowflake.
        """
        value = self.path[name]
        if not value.isdecimal() or len(value) > 20:
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise ApiError(400, 50035, "Invalid Form Body", {name: {"_errors": [error]}})
        return int(value)

    def number(self, name: str) -> int | None:
        """Returns a query parameter that is a number; None if it is absent.

        Args:
            name: The parameter's name.

        Raises:
            ApiError: 50035, it is not a number.
        """
        value = self.query.get(name)
        if value is None:
            return None
        if not value.isdecimal():
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not int.'}
            raise ApiError(400, 50035, "Invalid Form Body", {name: {"_errors": [error]}})
        return int(value)

    @property
    def json(self) -> Json:
        """The body as an object; empty without one. Raises ApiError 50035 if it is not an object."""
        if self.body.json is None:
            return {}
        if not isinstance(self.body.json, dict):
            error = {"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used in a ModelType"}
            raise ApiError(400, 50035, "Invalid Form Body", {"_errors": [error]})
        return self.body.json

    @property
    def channel(self) -> Channel:
        """The channel of the route."""
        return self.world.find_channel(self.id("channel_id"))

    @property
    def guild(self) -> Guild:
        """The guild of the route."""
        return self.world.find_guild(self.id("guild_id"))


Handler = Callable[[ApiCall], Awaitable[Any]]


@dataclass(eq=False)
class RecordedRequest:
    """A request and its response.

    Times are `time.perf_counter()` seconds. `status` is None if the connection was dropped without a
    response.
    """

    method: str
    path: str
    query: str
    content_type: str
    body: bytes
    received_at: float = field(default_factory=time.perf_counter)
    answered_at: float | None = None
    status: int | None = None
    response_body: bytes = b""

    @property
    def json(self) -> Any:
        """The JSON of the request, also if it was sent as `payload_json`; None without JSON."""
        return self.parsed.json

    @property
    def parsed(self) -> RequestBody:
        """The parsed body: JSON and files."""
        return read_body(self.body, self.content_type)

    @property
    def response_json(self) -> Any:
        """The JSON of the response, or None."""
        return json.loads(self.response_body) if self.response_body else None

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"


class RequestLog:
    """A log of the newest requests, oldest first. `on_finished` is called with each finished request.

    Args:
        keep: How many requests it keeps.
    """

    def __init__(self, keep: int) -> None:
        self._all: deque[RecordedRequest] = deque(maxlen=keep)
        self.on_finished: Callable[[RecordedRequest], None] | None = None

    def add(self, recorded: RecordedRequest) -> None:
        """Adds a request when it arrives.

        Args:
            recorded: The request.
        """
        self._all.append(recorded)

    def finish(self, recorded: RecordedRequest, status: int | None, answer: bytes) -> None:
        """Records the response of a request.

        Args:
            recorded: The request.
            status: The HTTP status; None if the connection was dropped.
            answer: The body of the response.
        """
        recorded.status, recorded.response_body, recorded.answered_at = status, answer, time.perf_counter()
        if self.on_finished is not None:
            self.on_finished(recorded)

    def matching(self, method: str, path: str) -> list[RecordedRequest]:
        """Returns the requests with this method and a matching path.

        Args:
            method: The HTTP method.
            path: A regular expression that is searched for in the path below /api/v10.
        """
        return [one for one in self._all if one.method == method and re.search(path, one.path)]

    def clear(self) -> None:
        """Removes all requests."""
        self._all.clear()

    def __iter__(self) -> Iterator[RecordedRequest]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
