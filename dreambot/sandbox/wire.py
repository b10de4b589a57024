"""The wire log: the newest REST calls, gateway frames and downloads of the bot, for the page's wire view.

It holds text that is ready to show. Secrets are masked and bodies are cut before they are stored.
"""

import hashlib
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dreambot.sandbox.errors import ApiError
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.models import Json
from dreambot.sandbox.requests import FilePart, RecordedRequest

KEEP_ENTRIES = 500
MAX_BODY_CHARS = 8192
MAX_TITLE_CHARS = 300

_TOKEN_IN_PATH = re.compile(r"(/webhooks/[^/]+/|/interactions/[^/]+/)([^/?]+)")
_RATE_LIMIT_HEADERS = {
    "bucket": "X-RateLimit-Bucket",
    "limit": "X-RateLimit-Limit",
    "remaining": "X-RateLimit-Remaining",
    "reset_after": "X-RateLimit-Reset-After",
    "retry_after": "Retry-After",
    "scope": "X-RateLimit-Scope",
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, indent=2)
_OPCODES = {
    0: "dispatch",
    1: "heartbeat",
    2: "identify",
    3: "presence update",
    4: "voice state update",
    6: "resume",
    7: "reconnect",
    8: "request guild members",
    9: "invalid session",
    10: "hello",
    11: "heartbeat acknowledged",
}


def mask_secret(secret: str) -> str:
    """Returns a name for a secret, which is the same for the same secret and does not reveal it.

    Args:
        secret: A token.
    """
    return f"<token:{hashlib.sha256(secret.encode()).hexdigest()[:6]}>"


def mask_json(value: Any) -> Any:
    """Returns a copy of JSON with the values of all keys that hold tokens or secrets masked.

    Args:
        value: The JSON.
    """
    if isinstance(value, dict):
        return {
            key: mask_secret(one) if isinstance(one, str) and _is_secret(str(key)) else mask_json(one)
            for key, one in value.items()
        }
    return [mask_json(one) for one in value] if isinstance(value, list) else value


def mask_path(path: str) -> str:
    """Returns a path of the API with its interaction token masked.

    Args:
        path: The path, with or without a query.
    """
    return _TOKEN_IN_PATH.sub(lambda found: found[1] + mask_secret(found[2]), path)


def _is_secret(key: str) -> bool:
    return key.lower().endswith(("token", "secret", "password"))


class WireLog:
    """The newest entries, oldest first.

    Args:
        bot_token: Returns the bot's token, which is masked wherever it appears.
        keep: How many entries it keeps.
    """

    def __init__(self, bot_token: Callable[[], str], *, keep: int = KEEP_ENTRIES) -> None:
        self._bot_token = bot_token
        self._entries: deque[Json] = deque(maxlen=keep)
        self._listeners: list[Callable[[], None]] = []
        self.last_id = 0

    @property
    def first_id(self) -> int:
        """The id of the oldest entry it still has; the id of the next entry if it is empty."""
        return int(self._entries[0]["id"]) if self._entries else self.last_id + 1

    def after(self, entry_id: int) -> list[Json]:
        """Returns the entries that are newer than one.

        Args:
            entry_id: The id of that entry; 0 for all.
        """
        return [one for one in self._entries if one["id"] > entry_id]

    def clear(self) -> None:
        """Removes all entries."""
        self._entries.clear()
        self.notify()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Registers a listener.

        Args:
            listener: Called after each change.

        Returns:
            A function that removes the listener.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def notify(self) -> None:
        """Calls the listeners."""
        for listener in tuple(self._listeners):
            listener()

    def add_call(
        self, recorded: RecordedRequest, headers: Mapping[str, str], fault: Fault | int | None = None
    ) -> None:
        """Adds a finished REST call.

        Args:
            recorded: The request with its response.
            headers: The headers of the response.
            fault: The planned fault that the request met.
        """
        path = mask_path(recorded.path) + (f"?{recorded.query}" if recorded.query else "")
        limits = {name: headers[key] for name, key in _RATE_LIMIT_HEADERS.items() if key in headers}
        request, files = self._request_text(recorded)
        self._add(
            "rest",
            "discord",
            f"{recorded.method} {path}",
            started=recorded.received_at,
            status="no answer" if recorded.status is None else recorded.status,
            failed=recorded.status is None or recorded.status >= 400,
            fault=fault_label(fault),
            rate_limit=limits or None,
            files=files,
            bodies=[
                ("Request", request),
                ("Response", self._json_text(recorded.response_body)),
            ],
        )

    def add_download(
        self, path: str, *, started: float, status: int | None, size: int, fault: Fault | int | None
    ) -> None:
        """Adds a download of the bot from the CDN.

        Args:
            path: The path of the file.
            started: When the request arrived, in `time.perf_counter()` seconds.
            status: The HTTP status; None if the connection was dropped.
            size: Bytes sent.
            fault: The planned fault that the request met.
        """
        self._add(
            "cdn",
            "discord",
            f"GET {path}",
            started=started,
            status="no answer" if status is None else status,
            failed=status is None or status >= 400,
            fault=fault_label(fault),
            files=[{"name": path.rpartition("/")[2], "size": size}] if size else [],
        )

    def add_frame(self, frame: Json, *, to: str, lost: bool = False) -> None:
        """Adds a gateway frame.

        Args:
            frame: The frame.
            to: Who receives it, "bot" or "discord".
            lost: Whether the connection was gone, so that the bot receives it after it resumes.
        """
        op = frame.get("op")
        kind = _OPCODES.get(op, "unknown opcode") if isinstance(op, int) else "no opcode"
        name = str(frame.get("t") or kind)
        sequence = f", sequence {frame['s']}" if isinstance(frame.get("s"), int) else ""
        self._add(
            "gateway",
            to,
            f"{name} (op {op}{sequence})",
            status="not sent" if lost else "",
            failed=lost,
            bodies=[("Data", self._text(_ENCODER.iterencode(mask_json(frame.get("d")))))],
        )

    def add_note(self, kind: str, title: str, *, to: str = "bot", failed: bool = False) -> None:
        """Adds something that has no body: a connection that opens or closes, or a switch that hits.

        Args:
            kind: "gateway" or "switch".
            title: What happened.
            to: Whom it concerns, "bot" or "discord".
            failed: Whether it is shown as a failure.
        """
        self._add(kind, to, title, failed=failed)

    def _add(
        self,
        kind: str,
        to: str,
        title: str,
        *,
        started: float | None = None,
        status: str | int = "",
        failed: bool = False,
        fault: str | None = None,
        rate_limit: Json | None = None,
        files: list[Json] | None = None,
        bodies: Iterable[tuple[str, str]] = (),
    ) -> None:
        seconds = None if started is None else time.perf_counter() - started
        self.last_id += 1
        self._entries.append(
            {
                "id": self.last_id,
                "time": round((time.time() - (seconds or 0.0)) * 1000),
                "kind": kind,
                "to": to,
                "title": self._mask_bot_token(title)[:MAX_TITLE_CHARS],
                "status": status,
                "failed": failed,
                "ms": None if seconds is None else round(seconds * 1000, 1),
                "fault": fault,
                "rate_limit": rate_limit,
                "files": files or [],
                "bodies": [{"title": head, "text": text} for head, text in bodies if text],
            }
        )
        self.notify()

    def _request_text(self, recorded: RecordedRequest) -> tuple[str, list[Json]]:
        """Returns the request's JSON as text, and its files."""
        if not recorded.body:
            return "", []
        try:
            parsed = recorded.parsed
            text = "" if parsed.json is None else self._text(_ENCODER.iterencode(mask_json(parsed.json)))
        except (ApiError, RecursionError):
            return f"({len(recorded.body):,} bytes that are not valid JSON)", []
        return text, [_file_json(one) for one in parsed.files.values()]

    def _json_text(self, body: bytes) -> str:
        return self._text(_ENCODER.iterencode(mask_json(json.loads(body)))) if body else ""

    def _text(self, chunks: Iterable[str]) -> str:
        """Joins chunks of JSON up to the limit, so that long bodies cost no more than short ones."""
        parts, length = [], 0
        for chunk in chunks:
            parts.append(chunk)
            length += len(chunk)
            if length > MAX_BODY_CHARS:
                break
        # Masked before it is cut: a token at the end would otherwise be cut and not be recognised.
        text = self._mask_bot_token("".join(parts))
        return text if len(text) <= MAX_BODY_CHARS else text[:MAX_BODY_CHARS] + "\n… (cut)"

    def _mask_bot_token(self, text: str) -> str:
        token = self._bot_token()
        return text.replace(token, mask_secret(token)) if token in text else text


def _file_json(part: FilePart) -> Json:
    return {"name": part.filename[:200], "size": len(part.data)}


def fault_label(fault: Fault | int | None) -> str | None:
    """Returns the description of a planned fault.

    Args:
        fault: The fault, or one of Discord's JSON error codes.
    """
    if fault is None:
        return None
    return fault.value if isinstance(fault, Fault) else f"error code {fault}"
