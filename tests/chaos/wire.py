"""Traps on Discord's side: the bot is killed as its request arrives, or when it was done and not answered."""

import asyncio
import re
from dataclasses import dataclass

from dreambot.sandbox.faults import Fault
from dreambot.sandbox.records import Recorded
from dreambot.sandbox.sandbox import Sandbox
from tests.chaos.ledger import Ledger
from tests.chaos.lives import Life
from tests.chaos.traps import BOT

_TOKEN = re.compile(r"/webhooks/\d+/([^/]+)/")
_NAMED = re.compile(r"<@(\d+)>")
_EDITED = re.compile(r"/messages/(\d+)$")


@dataclass(frozen=True)
class Snare:
    """request: a method and a regular expression of paths. dream: whether it carries a dream; None for
    either. when: "before" or "after" it is done. kind: only for a wish made that way. delay: seconds from
    then. fault: how the request fails besides."""

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


class Wire:
    """Sees every request before and after it is done."""

    def __init__(self, sandbox: Sandbox, ledger: Ledger) -> None:
        self._sandbox, self._ledger = sandbox, ledger
        self._take = sandbox.faults.take
        self.snare: Snare | None = None
        self.victim: Life | None = None
        # The sandbox asks for a fault when a request has arrived, and calls the hook when it was done.
        sandbox.faults.take = self._arrived
        sandbox.requests.hook = self._done

    def _arrived(self, method: str, path: str) -> tuple[Fault, float] | None:
        snare, arrived = self.snare, self._newest(method, path)
        if snare is None or arrived is None or not self._fits(snare, arrived):
            return self._take(method, path)
        if snare.when == "before":
            self._spring(snare)
            return Fault.DROP_BEFORE, 0.0
        return (snare.fault, 0.0) if snare.fault else self._take(method, path)

    def _done(self, recorded: Recorded) -> None:
        if self.snare and self.snare.when == "after" and self._fits(self.snare, recorded):
            self._spring(self.snare)

    def _newest(self, method: str, path: str) -> Recorded | None:
        found = (
            one for one in reversed(list(self._sandbox.requests)) if (one.method, one.path) == (method, path)
        )
        return next(found, None)

    def _fits(self, snare: Snare, recorded: Recorded) -> bool:
        return (
            snare.method == recorded.method
            and re.search(snare.path, recorded.path) is not None
            and snare.dream in (None, _has_dream(recorded))
            and snare.kind in (None, self._kind(recorded))
        )

    def _spring(self, snare: Snare) -> None:
        assert self.victim
        self.snare = None
        if snare.delay:
            asyncio.get_running_loop().call_later(snare.delay, self.victim.kill, snare.target)
        else:
            self.victim.kill(snare.target)

    def _kind(self, recorded: Recorded) -> str | None:
        if found := _TOKEN.search(recorded.path):
            return self._ledger.kind_of(None, token=found[1])
        if found := _EDITED.search(recorded.path):
            return self._ledger.kind_of(self._replied_to(int(found[1])))
        body = recorded.json or {}
        if named := _NAMED.match(body.get("content") or ""):
            return self._ledger.kind_of(None, person=int(named[1]))
        reference = body.get("message_reference") or {}
        return self._ledger.kind_of(int(reference.get("message_id") or 0))

    def _replied_to(self, message: int) -> int | None:
        for channel in self._sandbox.world.channels.values():
            if message in channel.messages:
                return channel.messages[message].reply_to
        return None


def _has_dream(recorded: Recorded) -> bool:
    multipart = recorded.content_type.startswith("multipart/")
    return multipart and b'filename="dreaming.jpg"' not in recorded.body
