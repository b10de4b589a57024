"""A job and its parts: the request, its source, the reply target, its states, its progress and its id."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from dreambot.recipe import Recipe
from dreambot.recipe.request import Request, request_kind


class JobState(StrEnum):
    """Where a job is. The last three are final."""

    received = "received"
    queued = "queued"
    running = "running"
    delivering = "delivering"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({JobState.done, JobState.failed, JobState.cancelled})


@dataclass(frozen=True)
class AttachmentSource:
    """A file that Discord keeps. url: its own word, in its own payload. size: in bytes, as it says."""

    url: str
    filename: str
    size: int


@dataclass(frozen=True)
class UrlSource:
    """An address from a person or an embed: to be fetched with every care."""

    url: str


@dataclass(frozen=True)
class FileSource:
    """A file of this machine, which is left as it is."""

    path: Path


Source = AttachmentSource | UrlSource | FileSource

SOURCE_NAME, GUIDE_NAME, MASK_NAME = "source", "guide", "mask"
"""Names of a job's files that are not results."""


@dataclass(frozen=True)
class SourceImage:
    """What a job is to dream upon. label: what it is called, for the alt text. message: where it was posted,
    if it was. person: who posted it, or whose portrait it is, where that is known."""

    source: Source
    label: str
    spoiler: bool
    message: int | None
    person: int | None = None


@dataclass(frozen=True)
class ReplyTarget:
    """Where a job is answered: an interaction (token), or a message (reply_to). Ids are Discord's.

    token: a secret, which the store erases when the job ends or it has expired. since: when the interaction
    was made, from which its token lives for fifteen minutes. quiet: nobody asked, so only a dream is worth a
    word. limit: bytes a file may have there. reachable: whether the bot may post there without a token.
    private: for the asker's eyes only, which takes a token. locale: the language to answer in.
    """

    channel: int
    guild: int | None
    application: int
    token: str | None = field(repr=False)
    since: datetime
    reply_to: int | None
    quiet: bool
    limit: int
    reachable: bool
    private: bool = False
    locale: str = "en"


@dataclass(frozen=True)
class Limits:
    """How much one who asks may have, beyond what the operator's settings allow anyway; None is no bound.
    pixels: of a picture. seconds: of a film."""

    pixels: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class JobRequest:
    """Who asked for what, upon what, and where to answer. subject: None until it was found, and where
    nothing is dreamed upon. guide: a second picture that the dream looks at. parent: the job whose result
    this one goes on from, and press: the button by which. mask: a picture that is bright where the dream
    happens; only the command line has one, and it is not stored."""

    owner: int
    request: Request
    place: ReplyTarget
    subject: SourceImage | None = None
    guide: SourceImage | None = None
    parent: str | None = None
    press: str | None = None
    bounds: Limits = Limits()
    mask: SourceImage | None = None

    @property
    def kind(self) -> str:
        """What sort of job it is, for those who count."""
        return "autodream" if self.place.quiet else request_kind(self.request)


@dataclass(frozen=True)
class Result:
    """The file of a finished dream.

    Attributes:
        file: Its key among the job's files.
        extension: The file name extension, without a dot.
        seconds: Device time spent on it.
        missing: Share of the source, from 0 to 1, that its file was cut off before.
    """

    file: str
    extension: str
    seconds: float = 0.0
    missing: float = 0.0


@dataclass(frozen=True)
class Job:
    """A stored job. id: at most 25 characters, in the order of creation. recipe: once it is resolved.
    attempts: how often it was started on. error: the sentence its owner was or should be told. result: once
    it is dreamed. answer: our message that shows how it goes, once there is one. withdrawn: the words for its
    owner where somebody wants it ended. delivering: since when we may have sent the dream. caption: the line
    over the result, once it was chosen."""

    id: str
    ask: JobRequest
    state: JobState
    attempts: int
    recipe: Recipe | None
    error: str | None
    result: Result | None
    answer: int | None
    withdrawn: str | None
    delivering: datetime | None
    result_message: int | None
    created: datetime
    updated: datetime
    caption: str | None = None


def new_job(request: JobRequest, answer: int | None = None) -> Job:
    """Makes a job that nothing has been done about yet.

    Args:
        request: What was asked for.
        answer: The message that shows its progress, if there is one.
    """
    now = datetime.now(UTC)
    return Job(
        id=new_job_id(),
        ask=request,
        state=JobState.received,
        attempts=0,
        recipe=None,
        error=None,
        result=None,
        answer=answer,
        withdrawn=None,
        delivering=None,
        result_message=None,
        created=now,
        updated=now,
    )


_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 52


def new_job_id() -> str:
    """20 characters that sort by the millisecond they were made in, and cannot be guessed."""
    return _encode_id(time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_id_since(since: datetime) -> str:
    """No id that was made from that moment on sorts before this one: a span of time by the primary key."""
    return _encode_id(int(since.timestamp() * 1000) << _RANDOM_BITS)


def _encode_id(number: int) -> str:
    return "".join(_DIGITS[number >> shift & 31] for shift in range(95, -1, -5))
