"""Records every request and what was delivered for it, and reports lost and doubled deliveries."""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Message, MessageFlag
from dreambot.sandbox.sandbox import Sandbox
from tests.chaos.job_rows import RowReader

GRID_CELLS, CELL_PIXELS = 4, 16
ALBUM_STEP = 4096
ASK_AGAIN = re.compile(r"(ask|try) again")
FINAL_STATES = {"done", "failed", "cancelled"}


def encode_number(number: int) -> bytes:
    """Encodes a number below 65,536 as black and white cells of a PNG that can be enlarged."""
    bits = np.array([number >> bit & 1 for bit in range(GRID_CELLS * GRID_CELLS)], np.uint8).reshape(
        GRID_CELLS, GRID_CELLS
    )
    grey = np.kron(bits * 255, np.ones((CELL_PIXELS, CELL_PIXELS), np.uint8))
    out = io.BytesIO()
    Image.fromarray(grey).convert("RGB").save(out, "PNG")
    return out.getvalue()


def decode_number(data: bytes, *, inverted: bool) -> int:
    """Decodes the number in a dreamed picture. inverted: as the engine without torch leaves it."""
    with Image.open(io.BytesIO(data)) as picture:
        grey = picture.convert("L").resize((GRID_CELLS, GRID_CELLS), Image.Resampling.BOX)
    bits = (np.asarray(grey).ravel() < 128) == inverted
    return sum(1 << index for index, bit in enumerate(bits) if bit)


@dataclass
class AuditedRequest:
    """One request. Each user makes one, so that a job's owner identifies it.

    Attributes:
        number: Encoded in the picture; in the pictures of an album, with a multiple of `ALBUM_STEP` added.
        kind: How it was made.
        person: Who made it.
        how: The interaction of a slash command, or a message.
        job: The row as it was read last, if there was one.
        message_is_enough: An error may be delivered instead of a dream, whatever was stored.
        pictures: The number of pictures.
    """

    number: int
    kind: str
    person: UserHandle
    how: InteractionHandle | MessageHandle
    job: dict[str, Any] | None = None
    message_is_enough: bool = False
    pictures: int = 1


@dataclass
class AuditReport:
    """The result of an audit. Each list describes requests."""

    asked: int = 0
    accepted: int = 0
    dreamed: int = 0
    asked_to_retry: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.asked} asked, {self.accepted} accepted: {self.dreamed} dreamed, "
            f"{self.asked_to_retry} told to ask again, {len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{len(self.left_over)} left over, {len(self.unfinished)} unfinished"
        )

    def require_complete(self) -> None:
        """Fails unless every accepted request was answered exactly once."""
        wrong = [*self.lost, *self.doubled, *self.left_over, *self.unfinished]
        assert not wrong, "\n".join([str(self), *wrong])


class DeliveryAudit:
    """Watches every message of the bot, and the rows of its database."""

    def __init__(self, sandbox: Sandbox, rows: RowReader, *, inverted: bool) -> None:
        """Starts watching. rows: reads the stored jobs. inverted: see `decode_number`."""
        self._inverted = inverted
        self.requests: list[AuditedRequest] = []
        self._sandbox, self._rows = sandbox, rows
        self._dreams: dict[int, set[int]] = {}
        self._words: dict[int, set[int]] = {}
        self._known: dict[int, int] = {}
        sandbox.world.events.listen(self._hear)

    def note(
        self,
        kind: str,
        person: UserHandle,
        how: InteractionHandle | MessageHandle,
        number: int,
        pictures: int = 1,
    ) -> AuditedRequest:
        """Records a request."""
        request = AuditedRequest(number, kind, person, how, pictures=pictures)
        self.requests.append(request)
        return request

    def look(self) -> None:
        """Reads the rows."""
        owners = {request.person.id: request for request in self.requests}
        for row in self._rows():
            if request := owners.get(row["owner"]):
                request.job = row

    def unfinished(self) -> int:
        """Returns the number of unfinished jobs."""
        self.look()
        return sum(1 for request in self.requests if request.job and request.job["state"] not in FINAL_STATES)

    def kind_of(
        self, message: int | None, *, token: str | None = None, person: int | None = None
    ) -> str | None:
        """Returns how a request was made, by the message that it answers, its token or its user."""
        for request in self.requests:
            if person == request.person.id:
                return request.kind
            if isinstance(request.how, InteractionHandle):
                if token == request.how.model.token:
                    return request.kind
            elif request.how.id == message:
                return request.kind
        return None

    def close(self) -> AuditReport:
        """Adds it all up."""
        self.look()
        report = AuditReport(
            asked=len(self.requests), accepted=sum(1 for request in self.requests if request.job)
        )
        for request in self.requests:
            self._judge(request, report)
        states = Counter(request.job["state"] for request in self.requests if request.job)
        report.unfinished = [f"{states[state]} are {state}" for state in states if state not in FINAL_STATES]
        report.left_over = [self._described(one) for one in self._left_over()]
        return report

    def _judge(self, request: AuditedRequest, report: AuditReport) -> None:
        dreams = self._dreams.get(request.number, set())
        for other in range(1, request.pictures):
            if self._dreams.get(request.number + other * ALBUM_STEP, set()) != dreams:
                report.lost.append(f"lost: picture {other} of {request.kind} {request.number}")
        words = self._words.get(request.person.id, set())
        job = request.job and {key: request.job[key] for key in ("id", "state", "error")}
        name = f"{request.kind} {request.number}, job {job}"
        report.dreamed += bool(dreams)
        report.asked_to_retry += bool(words)
        if len(dreams) + len(words) > 1:
            report.doubled.append(f"doubled: {name} has dreams {dreams} and words {words}")
        if request.job is None:
            return
        if not dreams and not (words and request.message_is_enough):
            report.lost.append(f"lost: {name} ({'told to ask again' if words else 'nothing came'})")

    def _described(self, message: Message) -> str:
        people = self._addressed(message)
        whose = [
            f"{request.kind} {request.number}, {request.job}"
            for request in self.requests
            if request.person.id in people
        ]
        return f"left over: {MessageHandle(self._sandbox.world, message)!r} for {whose}"

    def _left_over(self) -> list[Message]:
        """Messages of the bot that still promise something: a Cancel button, a preview, a thought."""
        promised = {
            request.how.model.original
            for request in self.requests
            if request.job and isinstance(request.how, InteractionHandle)
        }
        found = []
        for channel in self._sandbox.world.channels.values():
            for message in channel.messages.values():
                if message.author is not self._sandbox.world.bot:
                    continue
                thinking = message.flags & MessageFlag.LOADING and message in promised
                if thinking or "dream:cancel" in str(message.components) or _is_preview(message):
                    found.append(message)
        return found

    def _hear(self, event: Event) -> None:
        message = event.message
        if message is None or message.author is not self._sandbox.world.bot:
            return
        if event.name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return
        if ASK_AGAIN.search(message.content):
            for person in self._addressed(message):
                self._words.setdefault(person, set()).add(message.id)
        if message.attachments and not _is_preview(message):
            for picture in message.attachments:
                if picture.id not in self._known:
                    self._known[picture.id] = decode_number(picture.data, inverted=self._inverted)
                self._dreams.setdefault(self._known[picture.id], set()).add(message.id)

    def _addressed(self, message: Message) -> set[int]:
        if message.interaction:
            return {message.interaction.user.id}
        asked = message.channel.messages.get(message.reply_to or 0)
        return {user.id for user in message.mentions} | ({asked.author.id} if asked else set())


def _is_preview(message: Message) -> bool:
    names = [one.filename.removeprefix("SPOILER_") for one in message.attachments]
    return "dreaming.jpg" in names
