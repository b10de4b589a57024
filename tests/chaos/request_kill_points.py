"""Kills the bot when a request arrives at the sandbox, or when it was handled and not yet answered."""

import asyncio
import re
from dataclasses import dataclass

from dreambot.sandbox.faults import Fault
from dreambot.sandbox.requests import RecordedRequest
from dreambot.sandbox.sandbox import Sandbox
from tests.chaos.bot_processes import BotProcess
from tests.chaos.delivery_audit import DeliveryAudit
from tests.chaos.kill_points import BOT

_TOKEN_IN_PATH = re.compile(r"/webhooks/\d+/([^/]+)/")
_MENTION = re.compile(r"<@(\d+)>")
_MESSAGE_IN_PATH = re.compile(r"/messages/(\d+)$")


@dataclass(frozen=True)
class RequestKillPoint:
    """A request at which to kill.

    Attributes:
        method: The HTTP method.
        path: A regular expression.
        when: "before" or "after" the request is handled.
        kind: Only for a job requested that way.
        dream: Whether it carries a dream; None for either.
        target: What is killed.
        delay: Seconds from then.
        fault: How the request also fails.
    """

    method: str
    path: str
    when: str
    kind: str | None = None
    dream: bool | None = None
    target: str = BOT
    delay: float = 0.0
    fault: Fault | None = None

    def __str__(self) -> str:
        what = {None: "", True: " with a dream", False: " without a dream"}[self.dream]
        how = f", {self.fault.name}" if self.fault else ""
        return f"{self.target} {self.when} {self.method} {self.path}{what} of a {self.kind or 'job'}{how}"


class RequestInterceptor:
    """Sees every request before and after it is done."""

    def __init__(self, sandbox: Sandbox, audit: DeliveryAudit) -> None:
        self._sandbox, self._ledger = sandbox, audit
        self._take = sandbox.faults.take
        self.kill_point: RequestKillPoint | None = None
        self.target_bot: BotProcess | None = None
        # The sandbox asks for a fault when a request has arrived, and calls the hook when it was done.
        sandbox.faults.take = self._arrived
        sandbox.requests.on_finished = self._done

    def _arrived(self, method: str, path: str) -> tuple[Fault, float] | None:
        kill_point, arrived = self.kill_point, self._newest(method, path)
        if kill_point is None or arrived is None or not self._fits(kill_point, arrived):
            return self._take(method, path)
        if kill_point.when == "before":
            self._trigger(kill_point)
            return Fault.DROP_BEFORE, 0.0
        return (kill_point.fault, 0.0) if kill_point.fault else self._take(method, path)

    def _done(self, recorded: RecordedRequest) -> None:
        if self.kill_point and self.kill_point.when == "after" and self._fits(self.kill_point, recorded):
            self._trigger(self.kill_point)

    def _newest(self, method: str, path: str) -> RecordedRequest | None:
        found = (
            one for one in reversed(list(self._sandbox.requests)) if (one.method, one.path) == (method, path)
        )
        return next(found, None)

    def _fits(self, kill_point: RequestKillPoint, recorded: RecordedRequest) -> bool:
        return (
            kill_point.method == recorded.method
            and re.search(kill_point.path, recorded.path) is not None
            and kill_point.dream in (None, _has_dream(recorded))
            and kill_point.kind in (None, self._kind(recorded))
        )

    def _trigger(self, kill_point: RequestKillPoint) -> None:
        assert self.target_bot
        self.kill_point = None
        if kill_point.delay:
            asyncio.get_running_loop().call_later(kill_point.delay, self.target_bot.kill, kill_point.target)
        else:
            self.target_bot.kill(kill_point.target)

    def _kind(self, recorded: RecordedRequest) -> str | None:
        if found := _TOKEN_IN_PATH.search(recorded.path):
            return self._ledger.kind_of(None, token=found[1])
        if found := _MESSAGE_IN_PATH.search(recorded.path):
            return self._ledger.kind_of(self._replied_to(int(found[1])))
        body = recorded.json or {}
        if named := _MENTION.match(body.get("content") or ""):
            return self._ledger.kind_of(None, person=int(named[1]))
        reference = body.get("message_reference") or {}
        return self._ledger.kind_of(int(reference.get("message_id") or 0))

    def _replied_to(self, message: int) -> int | None:
        for channel in self._sandbox.world.channels.values():
            if message in channel.messages:
                return channel.messages[message].reply_to
        return None


def _has_dream(recorded: RecordedRequest) -> bool:
    multipart = recorded.content_type.startswith("multipart/")
    return multipart and b'filename="dreaming.jpg"' not in recorded.body
