"""Discord's ids: milliseconds since 2015 in the upper 42 bits, a counter below."""

from dreambot.sandbox.clock import Clock

EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Gives out ids that only ever grow; no two share a millisecond, so guilds spread over shards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A new id, carrying the time of its making."""
        self._last = max(int(self._clock.now() * 1000) - EPOCH_MS, self._last + 1)
        return self._last << 22


def shard_of(guild_id: int, shards: int) -> int:
    """The shard (0 … shards - 1) that hears of a guild."""
    return (guild_id >> 22) % shards
