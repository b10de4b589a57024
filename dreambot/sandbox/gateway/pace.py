"""How often an application may IDENTIFY: `max_concurrency` shards at once, every five seconds."""

import time

from dreambot.sandbox.world import World

EVERY = 5.0


class IdentifyPace:
    """Discord's limit, where the sandbox was told to hold bots to it: a bot that starts every other second in
    a test would only wait."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: dict[int, float] = {}

    def allows(self, shard: int) -> bool:
        """Whether this IDENTIFY comes late enough after the last one of its bucket."""
        if self._world.identify_concurrency is None:
            return True
        bucket, now = shard % self._world.identify_concurrency, time.monotonic()
        if now - self._last.get(bucket, -EVERY) < EVERY:
            return False
        self._last[bucket] = now
        return True
