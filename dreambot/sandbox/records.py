"""Every request the bot made, for tests and benchmarks."""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dreambot.sandbox.rest.body import Body, read_body


@dataclass(eq=False)
class Recorded:
    """A request as it arrived and what it got. Times are `time.perf_counter()` seconds; `status` is None
    where the socket was dropped instead."""

    method: str
    path: str
    query: str
    content_type: str
    body: bytes
    received: float = field(default_factory=time.perf_counter)
    answered: float | None = None
    status: int | None = None
    answer: bytes = b""

    @property
    def json(self) -> Any:
        """The JSON sent, also when it came as `payload_json` beside files; None without one."""
        return self.parsed.json

    @property
    def parsed(self) -> Body:
        """The body taken apart: JSON and files."""
        return read_body(self.body, self.content_type)

    @property
    def reply(self) -> Any:
        """The JSON answered, or None."""
        return json.loads(self.answer) if self.answer else None

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"


class Requests:
    """The record of the newest `keep` requests, oldest first. `hook` is called with each finished one."""

    def __init__(self, keep: int) -> None:
        self._all: deque[Recorded] = deque(maxlen=keep)
        self.hook: Callable[[Recorded], None] | None = None

    def add(self, recorded: Recorded) -> None:
        """Remember a request at its arrival."""
        self._all.append(recorded)

    def finish(self, recorded: Recorded, status: int | None, answer: bytes) -> None:
        """Note what a request got."""
        recorded.status, recorded.answer, recorded.answered = status, answer, time.perf_counter()
        if self.hook is not None:
            self.hook(recorded)

    def of(self, method: str, path: str) -> list[Recorded]:
        """Requests of a method whose path matches the regular expression `path` somewhere."""
        return [one for one in self._all if one.method == method and re.search(path, one.path)]

    def clear(self) -> None:
        """Forget all."""
        self._all.clear()

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
