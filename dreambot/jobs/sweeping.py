"""Which of the jobs' files have had their time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from dreambot.jobs.folder import StoredFile

SOURCE, GUIDE = "source", "guide"
"""What the files are called that a job dreams upon, and looks at; any other of its files is a result."""
_FRESH = timedelta(minutes=10)
"""A job so young may not have been known to whoever listed the unfinished ones."""


@dataclass(frozen=True)
class Limits:
    """How long files are kept, and the bytes they may take together."""

    sources: timedelta
    results: timedelta
    size: int


def swept(
    files: Iterable[StoredFile], limits: Limits, now: datetime, unfinished: Collection[str]
) -> list[str]:
    """The keys of those to be removed: all that are too old, and as many as it takes to keep to the size,
    oldest first, those of unfinished jobs last."""
    old: list[StoredFile] = []
    young: list[StoredFile] = []
    for file in files:
        life = limits.sources if PurePosixPath(file.key).name in {SOURCE, GUIDE} else limits.results
        (old if file.changed < now - life else young).append(file)

    def patience(file: StoredFile) -> tuple[bool, datetime]:
        job = PurePosixPath(file.key).parts[0]
        return job in unfinished or file.changed > now - _FRESH, file.changed

    excess = sum(file.size for file in young) - limits.size
    for file in sorted(young, key=patience):
        if excess <= 0:
            break
        old.append(file)
        excess -= file.size
    return [file.key for file in old]
