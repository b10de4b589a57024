"""Faults on purpose: the next requests on a route fail the way a test wants."""

import re
from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """How a request fails."""

    RATE_LIMITED = "429 with a Via header, as from Discord"
    BANNED = "429 without a Via header, as from Cloudflare"
    GLOBAL_LIMIT = "429 for all routes"
    SERVER_ERROR = "500, nothing done"
    UNAVAILABLE = "503, nothing done"
    TOO_LARGE = "413 with code 40005"
    DROP_BEFORE = "the socket is dropped, nothing done"
    DROP_AFTER = "done, then the socket is dropped without an answer"


@dataclass
class _Planned:
    fault: Fault
    method: str
    path: re.Pattern[str]
    times: int
    retry_after: float


class Faults:
    """The faults to come."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self, fault: Fault, method: str, path: str, *, times: int = 1, retry_after: float = 0.05
    ) -> None:
        """Let the next `times` requests of `method` whose path (below /api/v10) matches the regular
        expression `path` fail. `retry_after` is in seconds, for 429s."""
        self._planned.append(_Planned(fault, method, re.compile(path), times, retry_after))

    def take(self, method: str, path: str) -> tuple[Fault, float] | None:
        """The fault for this request, counted down, with its retry_after."""
        for planned in self._planned:
            if planned.method == method and planned.path.search(path):
                planned.times -= 1
                if planned.times <= 0:
                    self._planned.remove(planned)
                return planned.fault, planned.retry_after
        return None

    def clear(self) -> None:
        """No faults any more."""
        self._planned.clear()
