"""A gateway session: what a bot's shard identified as, and the events numbered for it."""

import secrets
from collections import deque
from dataclasses import dataclass, field

from dreambot.sandbox.events import Event
from dreambot.sandbox.gateway.dispatch import dispatch_json
from dreambot.sandbox.model import Json
from dreambot.sandbox.snowflake import shard_of
from dreambot.sandbox.world import World

_KEPT = 1000


@dataclass(eq=False)
class Session:
    """One shard's subscription. It outlives its socket for a while, so that RESUME finds what was missed."""

    world: World
    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT))
    left_at: float | None = None

    def hear(self, event: Event) -> Json | None:
        """Number the event and return its frame, or None where this session does not get it."""
        home = 0 if event.guild is None else shard_of(event.guild.id, self.shard[1])
        if home != self.shard[0]:
            return None
        data = dispatch_json(self.world, event, self.intents)
        return None if data is None else self.frame(event.name, data)

    def frame(self, name: str, data: Json) -> Json:
        """The next dispatch of this session."""
        self.sequence += 1
        frame = {"op": 0, "s": self.sequence, "t": name, "d": data}
        self.sent.append(frame)
        return frame

    def since(self, sequence: int) -> list[Json] | None:
        """The dispatches after `sequence`, or None where they are no longer kept."""
        if sequence > self.sequence or (self.sent and sequence < self.sent[0]["s"] - 1):
            return None
        return [frame for frame in self.sent if frame["s"] > sequence]
