"""Planned faults: make the next requests on a route fail in a chosen way."""

import re
from collections.abc import Callable
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
    SLOW = "done after a delay"
    DROP_BEFORE = "the socket is dropped, nothing done"
    DROP_AFTER = "done, then the socket is dropped without an answer"


@dataclass
class _PlannedFault:
    fault: Fault | int
    method: str
    path: re.Pattern[str]
    times: int
    seconds: float
    on_hit: Callable[[], None] | None


class Faults:
    """The planned faults."""

    def __init__(self) -> None:
        self._planned: list[_PlannedFault] = []

    def plan(
        self,
        fault: Fault | int,
        method: str,
        path: str,
        *,
        times: int = 1,
        retry_after: float = 0.05,
        delay: float = 0.2,
        on_hit: Callable[[], None] | None = None,
    ) -> None:
        """Makes the next matching requests fail.

        Args:
            fault: How they fail; a number is one of Discord's JSON error codes.
            method: The HTTP method; "*" for all.
            path: A regular expression that is searched for in the path below /api/v10, or in a path of the
                CDN such as "^/attachments/".
            times: How many requests fail.
            retry_after: Seconds in the header of a 429.
            delay: Seconds that a slow request takes.
            on_hit: Called for each request that fails.
        """
        seconds = delay if fault is Fault.SLOW else retry_after
        self._planned.append(_PlannedFault(fault, method, re.compile(path), times, seconds, on_hit))

    def take(self, method: str, path: str) -> tuple[Fault | int, float] | None:
        """Returns the fault for a request and its seconds, and counts it down, or None.

        Args:
            method: The HTTP method.
            path: The path.
        """
        for planned in self._planned:
            if planned.method in (method, "*") and planned.path.search(path):
                planned.times -= 1
                if planned.times <= 0:
                    self._planned.remove(planned)
                if planned.on_hit is not None:
                    planned.on_hit()
                return planned.fault, planned.seconds
        return None

    @property
    def remaining(self) -> int:
        """The number of requests that are still going to fail."""
        return sum(planned.times for planned in self._planned)

    def clear(self) -> None:
        """Removes all planned faults."""
        self._planned.clear()
