"""Rate limits: a bucket per route and major parameter and a global one, with Discord's headers."""

import hashlib
import time
from dataclasses import dataclass

from dreambot.sandbox.models import Json

GLOBAL_PER_SECOND = 50
INVALID_PER_TEN_MINUTES = 10_000
# (requests, seconds) by method and route; other routes have _DEFAULT_LIMIT. Discord does not publish these
# values. They were observed in its headers.
_LIMITS: dict[tuple[str, str], tuple[int, float]] = {
    ("POST", "/channels/{channel_id}/messages"): (5, 5.0),
    ("GET", "/channels/{channel_id}/messages"): (5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): (5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): (5, 1.0),
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"): (1, 0.25),
    ("POST", "/channels/{channel_id}/typing"): (5, 5.0),
    ("POST", "/webhooks/{application_id}/{token}"): (5, 2.0),
    ("GET", "/webhooks/{application_id}/{token}/messages/{message_id}"): (5, 2.0),
    ("PATCH", "/webhooks/{application_id}/{token}/messages/{message_id}"): (5, 2.0),
    ("DELETE", "/webhooks/{application_id}/{token}/messages/{message_id}"): (5, 2.0),
}
_DEFAULT_LIMIT = (10, 10.0)
_UNLIMITED = ("/interactions/{interaction_id}/{token}/callback",)
_MAJOR = ("channel_id", "guild_id", "application_id", "token")


@dataclass
class Bucket:
    """A window of `limit` requests that starts with the first one and ends at `reset` (monotonic seconds)."""

    id: str
    limit: int
    seconds: float
    used: int = 0
    reset: float = 0.0

    def take(self, now: float) -> bool:
        """Counts a request, and returns False if the limit is exceeded.

        Args:
            now: Monotonic seconds.
        """
        if now >= self.reset:
            self.used, self.reset = 0, now + self.seconds
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        """Returns Discord's rate limit headers for the state after a request.

        Args:
            now: Monotonic seconds.
        """
        left = max(self.reset - now, 0.0)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.id,
        }


class RateLimits:
    """All buckets.

    Args:
        enabled: Whether requests are refused; the headers are sent in any case.
    """

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self._buckets: dict[str, Bucket] = {}
        self._global = Bucket("global", GLOBAL_PER_SECOND, 1.0)
        self._invalid = Bucket("invalid", INVALID_PER_TEN_MINUTES, 600.0)

    def bucket(self, method: str, route: str, parameters: dict[str, str]) -> Bucket | None:
        """Returns the bucket of a request, or None if its route has no limit.

        Args:
            method: The HTTP method.
            route: The route's template.
            parameters: The parameters of the route.
        """
        if route in _UNLIMITED:
            return None
        limit, seconds = _LIMITS.get((method, route), _DEFAULT_LIMIT)
        hashed = hashlib.md5(f"{method} {route}".encode(), usedforsecurity=False).hexdigest()
        major = ":".join(parameters[name] for name in _MAJOR if name in parameters)
        if not self.enabled:
            limit, seconds = 1000, 1.0
        return self._buckets.setdefault(f"{hashed}:{major}", Bucket(hashed, limit, seconds))

    def take_global(self, now: float) -> float | None:
        """Counts a request against the limit of all routes together.

        Args:
            now: Monotonic seconds.

        Returns:
            Seconds to wait if the limit is exceeded, otherwise None.
        """
        if not self.enabled or self._global.take(now):
            return None
        return self._global.reset - now

    def banned(self, now: float) -> float | None:
        """Returns the seconds for which the client is banned, or None.

        A ban follows too many invalid requests (401, 403, 429).

        Args:
            now: Monotonic seconds.
        """
        full = now < self._invalid.reset and self._invalid.used >= INVALID_PER_TEN_MINUTES
        return self._invalid.reset - now if full else None

    def count_invalid(self, now: float) -> None:
        """Counts a 401, 403 or 429.

        Args:
            now: Monotonic seconds.
        """
        self._invalid.take(now)


def rate_limit_json(retry_after: float, *, everywhere: bool) -> Json:
    """Returns the body of a 429.

    Args:
        retry_after: Seconds to wait.
        everywhere: Whether it is the global limit.
    """
    return {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": round(retry_after, 3),
        "global": everywhere,
    }
