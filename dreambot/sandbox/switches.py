"""The switches of the wire view: each makes one thing fail, and counts how often it did."""

from collections.abc import Callable
from dataclasses import dataclass

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.events import Event
from dreambot.sandbox.faults import Fault, Faults
from dreambot.sandbox.gateway.server import Gateway
from dreambot.sandbox.models import Json
from dreambot.sandbox.rest.interactions import DEFERRED, DEFERRED_UPDATE
from dreambot.sandbox.wire import WireLog

MAX_COUNT = 50
RETRY_AFTER_S = 0.5
SLOW_CDN_S = 5.0

# Calls of the bot except downloads. The first response to a command is left out: Discord's client reports the
# command as failed when it takes more than three seconds, and no bot can prevent that.
_API_CALLS = r"^/(?!(ephemeral-)?attachments/|interactions/\d+/[^/]+/callback)"
_DOWNLOADS = r"^/(ephemeral-)?attachments/"


@dataclass
class Switch:
    """One switch.

    Attributes:
        name: Its name in the API.
        label: The text of its button.
        description: What it does, and what the bot is expected to do.
        default: How many times it applies unless the page says otherwise; None if it acts at once.
        hits: How often it has hit.
        planned: How often it is still going to hit.
    """

    name: str
    label: str
    description: str
    default: int | None = None
    hits: int = 0
    planned: int = 0


class Switches:
    """All switches.

    Args:
        gateway: The gateway whose connections are dropped.
        faults: Where the faults of requests are planned.
        wire: The log that shows when a switch is used.

    Attributes:
        kill_worker: Kills the bot's worker processes and returns how many. None if the sandbox does not run
            the bot.
    """

    def __init__(self, gateway: Gateway, faults: Faults, wire: WireLog) -> None:
        self._gateway = gateway
        self._faults = faults
        self._wire = wire
        self.kill_worker: Callable[[], int] | None = None
        self._drop = Switch(
            "drop-gateway",
            "Drop the gateway socket",
            "Cuts the WebSocket without a close frame. The bot reconnects, resumes, and receives the events "
            "that it missed.",
        )
        self._limit = Switch(
            "rate-limit",
            "Answer 429",
            f"The next calls get 429 with Retry-After ({RETRY_AFTER_S:g} s in the body). The bot waits and "
            "repeats them. The first response to a command is spared: Discord gives it only 3 s.",
            3,
        )
        self._error = Switch(
            "server-error",
            "Answer 500",
            "The next calls get 500 and nothing is done. The bot repeats them with growing pauses. The first "
            "response to a command is spared.",
            2,
        )
        self._slow = Switch(
            "slow-cdn",
            "Slow CDN",
            f"The bot’s next downloads of pictures begin after {SLOW_CDN_S:g} s.",
            1,
        )
        self._expire = Switch(
            "expire-token",
            "Expire the interaction token",
            "The token of the next command or button that the bot answers later becomes invalid at once, as "
            "after 15 minutes. The bot posts the result as a message that mentions the member.",
            1,
        )
        self._kill = Switch(
            "kill-worker",
            "Kill the worker process",
            "Ends the process that dreams, as a crash does. The bot starts another and dreams again. A dream "
            "that loses its worker twice fails with a message.",
        )
        self._actions: dict[str, tuple[Switch, Callable[[int], None]]] = {
            one.name: (one, action)
            for one, action in (
                (self._drop, self._drop_gateway),
                (self._limit, lambda count: self._plan(self._limit, Fault.RATE_LIMITED, _API_CALLS, count)),
                (self._error, lambda count: self._plan(self._error, Fault.SERVER_ERROR, _API_CALLS, count)),
                (self._slow, lambda count: self._plan(self._slow, Fault.SLOW, _DOWNLOADS, count)),
                (self._expire, self._plan_expiry),
                (self._kill, self._kill_workers),
            )
        }
        gateway.world.events.listen(self._on_event)

    def json(self) -> list[Json]:
        """Returns the switches as the page shows them."""
        return [
            {
                "name": one.name,
                "label": one.label,
                "description": one.description,
                "default": one.default,
                "hits": one.hits,
                "planned": one.planned,
                "unavailable": self._unavailable(one),
            }
            for one, _ in self._actions.values()
        ]

    def use(self, name: str, count: int | None = None) -> None:
        """Uses a switch.

        Args:
            name: Its name.
            count: How many times it applies; ignored by switches that act at once.

        Raises:
            RejectedByClient: There is no such switch, it cannot be used now, or the count is out of range.
        """
        if name not in self._actions:
            raise RejectedByClient(f"There is no switch “{name}”.")
        switch, action = self._actions[name]
        if reason := self._unavailable(switch):
            raise RejectedByClient(reason)
        times = switch.default or 1 if count is None else count
        if not 1 <= times <= MAX_COUNT:
            raise RejectedByClient(f"The number of times must be between 1 and {MAX_COUNT}.")
        action(times)
        self._wire.notify()

    def cancel(self) -> None:
        """Cancels everything that is planned and has not happened yet."""
        self._faults.clear()
        for switch, _ in self._actions.values():
            switch.planned = 0
        self._wire.add_note("switch", "Planned faults cancelled")

    def _unavailable(self, switch: Switch) -> str | None:
        if switch is self._kill and self.kill_worker is None:
            return "Only with “dreambot try”, where the sandbox and the bot run together."
        return None

    def _drop_gateway(self, _count: int) -> None:
        dropped = len(self._gateway.connections)
        if not dropped:
            raise RejectedByClient("The bot has no gateway connection.")
        self._hit(self._drop, dropped)
        self._gateway.drop()

    def _plan(self, switch: Switch, fault: Fault, path: str, count: int) -> None:
        switch.planned += count

        def hit() -> None:
            switch.planned -= 1
            switch.hits += 1

        self._faults.plan(
            fault, "*", path, times=count, retry_after=RETRY_AFTER_S, delay=SLOW_CDN_S, on_hit=hit
        )
        self._wire.add_note("switch", f"{switch.label}: planned, {count}×")

    def _plan_expiry(self, count: int) -> None:
        self._expire.planned += count
        self._wire.add_note("switch", f"{self._expire.label}: planned, {count}×")

    def _on_event(self, event: Event) -> None:
        interaction = event.interaction
        if event.name != "INTERACTION_ANSWERED" or interaction is None or not self._expire.planned:
            return
        if interaction.answer_type in (DEFERRED, DEFERRED_UPDATE):
            interaction.token_expired = True
            self._expire.planned -= 1
            self._hit(self._expire, 1)

    def _kill_workers(self, _count: int) -> None:
        killed = self.kill_worker() if self.kill_worker is not None else 0
        if not killed:
            raise RejectedByClient("No worker is running at the moment: it is still starting.")
        self._hit(self._kill, killed)

    def _hit(self, switch: Switch, times: int) -> None:
        switch.hits += times
        self._wire.add_note("switch", switch.label, failed=True)
