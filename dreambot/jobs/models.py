"""A job and its parts: the request, its source, the reply target, its states, its progress and its id."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from dreambot.recipe import Recipe
from dreambot.recipe.request import Request, request_kind


class JobState(StrEnum):
    """Where a job is. The last three states are final."""

    received = "received"
    queued = "queued"
    running = "running"
    delivering = "delivering"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({JobState.done, JobState.failed, JobState.cancelled})


@dataclass(frozen=True)
class AttachmentSource:
    """A file that Discord keeps.

    Attributes:
        url: From Discord's payload.
        filename: From Discord's payload.
        size: In bytes, from Discord's payload; 0 if unknown.
        explicit: Whether Discord has marked it as explicit.
    """

    url: str
    filename: str
    size: int
    explicit: bool = False


@dataclass(frozen=True)
class UrlSource:
    """An address from a person or an embed, to be fetched with every precaution."""

    url: str


@dataclass(frozen=True)
class FileSource:
    """A file of this machine, which is not changed."""

    path: Path


Source = AttachmentSource | UrlSource | FileSource

SOURCE_NAME, GUIDE_NAME, MASK_NAME, SOUND_NAME = "source", "guide", "mask", "sound"
"""Names of a job's files that are not results; of an album, the number of the picture follows."""
MAX_ALBUM_PICTURES = 10
"""The most files of a message of Discord."""


@dataclass(frozen=True)
class SourceImage:
    """A picture that a job starts from, or looks at.

    Attributes:
        source: Where its file is.
        label: What it is called, for the alt text.
        spoiler: Whether it was posted as a spoiler.
        message: The message that it was posted in, if it was.
        person: Who posted it, or whose portrait it is, if known.
        gone: Whether it was deleted, while other pictures of its message can still be dreamed.
    """

    source: Source
    label: str
    spoiler: bool
    message: int | None
    person: int | None = None
    gone: bool = False


ReferenceKind = Literal["newest", "message", "parent", "parent-or-result", "nothing"]


@dataclass(frozen=True)
class SourceReference:
    """Where the source of a job is to be looked for. It is stored, so that a resumed job finds it too.

    Attributes:
        kind: The newest image in the job's channel; the image of a message in that channel; the source of the
            parent job; or the same, but the parent's result if it was made from noise; or nowhere, because
            the job starts from nothing.
        message: The message with the image; of `newest`, the message before which to search, if any.
        missing: The code of the error if that message, or a newest image, does not exist.
        spoiler: Whether the result is hidden even if the source is not.
    """

    kind: ReferenceKind
    message: int | None = None
    missing: str = ""
    spoiler: bool = False


@dataclass(frozen=True)
class ReplyTarget:
    """Where a job is answered: an interaction (token) or a message (reply_to). Ids are Discord's.

    Attributes:
        channel: The channel.
        guild: The server, if it is in one.
        application: The application.
        token: A secret, which the store erases when the job ends or the token has expired.
        since: When the interaction was created; its token is valid for fifteen minutes.
        reply_to: The message that is replied to.
        quiet: An automatic dream: only a result is posted.
        limit: Most bytes of a file there.
        reachable: Whether the bot may post there without a token.
        private: Only the user sees the answer, which takes a token.
        locale: The language of the answer.
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
    """What a job may take, beyond the operator's settings; None is no limit.

    Attributes:
        pixels: Of a picture.
        seconds: Of a video; of an album, of all its videos together.
        pictures: Of an album.
    """

    pixels: int | None = None
    seconds: float | None = None
    pictures: int | None = None


@dataclass(frozen=True)
class JobRequest:
    """Who asked for what, from which source, and where to answer.

    Attributes:
        owner: The user's id.
        request: What to dream.
        reply_target: Where to answer.
        source: The picture, or the first of an album; None until it is found, and for noise.
        reference: Where to look for the source, if the request did not contain it.
        guide: A second picture, whose shapes are dreamed.
        parent: The job whose result this one was started from.
        press: The button that started it.
        limits: What it may take.
        mask: A picture that is bright where the dream happens; only the command line has one, and it is not
            stored.
        sound: An audio file or a video, whose sound drives a hellscape and is heard in it.
    """

    owner: int
    request: Request
    reply_target: ReplyTarget
    source: SourceImage | None = None
    reference: SourceReference | None = None
    guide: SourceImage | None = None
    parent: str | None = None
    press: str | None = None
    limits: Limits = Limits()
    mask: SourceImage | None = None
    sound: SourceImage | None = None

    @property
    def spoiler(self) -> bool:
        """Whether the result is hidden behind a click."""
        return any(one.spoiler for one in (self.source, self.reference, self.guide, self.sound) if one)

    @property
    def kind(self) -> str:
        """The kind of job, for metrics."""
        return "autodream" if self.reply_target.quiet else request_kind(self.request)


@dataclass(frozen=True)
class Result:
    """The file of a finished dream.

    Attributes:
        file: Its key among the job's files.
        extension: The file name extension, without a dot.
        seconds: Device time spent on it.
        missing: Share of the source, from 0 to 1, that its file was cut off before.
        sound_cut: After how many seconds a sound was cut off; 0 if it was not.
    """

    file: str
    extension: str
    seconds: float = 0.0
    missing: float = 0.0
    sound_cut: float = 0.0


@dataclass(frozen=True)
class AlbumPicture:
    """One picture of an album, which is a job with several pictures of one message.

    Attributes:
        source: The picture.
        recipe: Known once it is resolved.
        result: Known once it is dreamed.
        error: Why there is no dream of it, as `Message.to_json`.
        attempts: How often it was started.
    """

    source: SourceImage
    recipe: Recipe | None = None
    result: Result | None = None
    error: str | None = None
    attempts: int = 0

    @property
    def over(self) -> bool:
        """Whether it is dreamed, or will not be."""
        return self.result is not None or self.error is not None


@dataclass(frozen=True)
class ResultFile:
    """A dream that is delivered, with its file.

    Attributes:
        source: What it was made from; None for noise.
        recipe: What it was made by.
        result: The stored result.
        data: The file, which may be smaller than the stored one.
        extension: Its file name extension, without a dot.
    """

    source: SourceImage | None
    recipe: Recipe
    result: Result
    data: bytes = field(repr=False)
    extension: str


@dataclass(frozen=True)
class Job:
    """A stored job.

    Attributes:
        id: At most 25 characters, which sort in the order of creation.
        spec: What was asked for.
        state: Where the job is.
        attempts: How often it was started.
        recipe: Known once it is resolved. Of an album, as the result, of the first picture that has one.
        error: What its owner was or will be shown.
        result: Known once it is dreamed; of an album, once all of it is.
        answer: The message that shows its progress, if there is one.
        withdrawn: The reason for its owner, if it is to be cancelled.
        delivering: Since when the result may have been sent; None before.
        result_message: The message with the result.
        created: When it was stored.
        updated: When its state changed last.
        caption: The line over the result, once it was chosen.
        album: The pictures of an album, in the order of the message; empty for all other jobs.
    """

    id: str
    spec: JobRequest
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
    album: tuple[AlbumPicture, ...] = ()

    @property
    def spoiler(self) -> bool:
        """Whether a part of the result is hidden behind a click."""
        return self.spec.spoiler or any(picture.source.spoiler for picture in self.album)

    @property
    def inputs(self) -> tuple[SourceImage, ...]:
        """What it is made from: its picture or those of an album, its guide, and its sound."""
        pictures = [picture.source for picture in self.album]
        others = (None if pictures else self.spec.source, self.spec.guide, self.spec.sound)
        return (*pictures, *(one for one in others if one))


def new_job(request: JobRequest, answer: int | None = None, album: tuple[AlbumPicture, ...] = ()) -> Job:
    """Makes a job that nothing has been done about yet.

    Args:
        request: What was asked for.
        answer: The message that shows its progress, if there is one.
        album: The pictures of an album.
    """
    now = datetime.now(UTC)
    return Job(
        id=new_job_id(),
        spec=request,
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
        album=album,
    )


_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 52


def new_job_id() -> str:
    """Returns 20 characters that sort by their millisecond and cannot be guessed."""
    return _encode_id(time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_id_since(since: datetime) -> str:
    """Returns an id before all that were made from a moment on: a span of time by the primary key.

    Args:
        since: The moment.
    """
    return _encode_id(int(since.timestamp() * 1000) << _RANDOM_BITS)


def _encode_id(number: int) -> str:
    return "".join(_DIGITS[number >> shift & 31] for shift in range(95, -1, -5))
