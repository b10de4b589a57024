"""For whom the work at hand is done, so that fetches, lookups and codecs can be shared out between people."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_asker: ContextVar[Hashable] = ContextVar("asker", default=None)


def current_asker() -> Hashable:
    """The person for whom the current task works; None where nobody was named."""
    return _asker.get()


@contextmanager
def asking(person: Hashable) -> Iterator[None]:
    """Within this context, the current task and those that it creates work for a person.

    Args:
        person: Discord's id of who asked, or anything else that tells people apart.
    """
    token = _asker.set(person)
    try:
        yield
    finally:
        _asker.reset(token)
