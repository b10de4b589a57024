"""A job as the bot sees it: asked, stored, worked on, answered."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from dreambot.media.encode import Encoded
from dreambot.recipe import DreamRequest, Recipe


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
        return self in FINAL


FINAL = frozenset({JobState.done, JobState.failed, JobState.cancelled})


@dataclass(frozen=True)
class Ask:
    """Who asked for what, and where to answer. Ids are Discord's.

    token: the interaction's, a secret, which the store erases when the job ends or it has expired.
    """

    owner: int
    guild: int | None
    channel: int
    request: DreamRequest
    spoiler: bool
    application: int
    token: str | None = field(repr=False)
    source_message: int | None


@dataclass(frozen=True)
class Job:
    """A stored job. id: at most 25 characters, in the order of creation. recipe: once it is resolved.
    attempts: how often it was started on. error: the sentence its owner was or should be told."""

    id: str
    ask: Ask
    state: JobState
    attempts: int
    recipe: Recipe | None
    error: str | None
    result_message: int | None
    created: datetime
    updated: datetime


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


@dataclass(frozen=True)
class Waiting:
    """In the queue. place: 1 is the next. eta: seconds until the dream is done, if they can be told."""

    place: int
    eta: float | None


@dataclass(frozen=True)
class Dreaming:
    """Being dreamed. fraction: 0 to 1. octave and step count from 1. eta: seconds left. preview: a small
    JPEG of the picture as it stands, now and then."""

    fraction: float
    octave: int
    octaves: int
    step: int
    steps: int
    eta: float | None
    preview: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Finished:
    """The dream, encoded to the limit. seconds: the device's. width, height: of `encoded`, in pixels."""

    encoded: Encoded
    recipe: Recipe
    seconds: float
    width: int
    height: int


Update = Waiting | Dreaming | Finished
