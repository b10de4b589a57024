"""What can be learned from discord.py's own events: which shards are connected, and when somebody asked."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from dreambot.metrics.metrics import Metrics

_PATIENCE = 60.0
"""Seconds after which an interaction has no first answer to wait for; Discord gives it three."""


class GatewayWatch:
    """Hears every event that the client dispatches."""

    def __init__(self, metrics: Metrics, shards: Iterable[int]) -> None:
        """shards: the ids of those that are to be connected."""
        self._metrics = metrics
        self._connected = dict.fromkeys(shards, False)
        self._known: set[int] = set()
        self._arrived: OrderedDict[int, tuple[float, str]] = OrderedDict()

    @property
    def shards(self) -> Mapping[int, bool]:
        """Which are connected."""
        return dict(self._connected)

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """To be called with what `Client.dispatch` is called with, as it is called."""
        match event, args:
            case (("shard_ready" | "shard_resumed"), (int(shard), *_)):
                if shard in self._known and not self._connected[shard]:
                    self._metrics.reconnected(shard)
                self._known.add(shard)
                self._connected[shard] = True
            case "shard_disconnect", (int(shard), *_):
                self._connected[shard] = False
            case "interaction", (interaction, *_):
                self._note(interaction.id, interaction.type.name)

    def answered(self, interaction: int) -> None:
        """The first answer to that interaction is through. A second one is nothing."""
        arrival = self._arrived.pop(interaction, None)
        if arrival:
            at, kind = arrival
            self._metrics.acknowledged(kind, time.monotonic() - at)

    def _note(self, interaction: int, kind: str) -> None:
        now = time.monotonic()
        self._arrived[interaction] = now, kind
        while now - next(iter(self._arrived.values()))[0] > _PATIENCE:
            self._arrived.popitem(last=False)
