"""Repeats operations that fail for a while, as on a full disk or a lost server, with exponential backoff."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dreambot.errors import DreambotError

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_TIMEOUT_S = 600.0
_FIRST_BACKOFF_S, _MAX_BACKOFF_S = 0.1, 5.0


class RetriesExhausted(DreambotError):
    """It did not succeed within the timeout. Whether the last attempt changed anything is not known."""

    def __init__(self, cause: BaseException) -> None:
        """Keeps the cause.

        Args:
            cause: Why the last attempt failed.
        """
        super().__init__(describe_error(cause))
        self.cause = cause


class Retrier:
    """Repeats operations until they succeed, with pauses that grow to five seconds."""

    def __init__(self, what: str, seconds: float, transient: Callable[[Exception], bool]) -> None:
        """Starts nothing yet.

        Args:
            what: What may be lost, for the log.
            seconds: Timeout of one operation.
            transient: Whether an error may pass.
        """
        self._what = what
        self._seconds = seconds
        self._transient = transient
        self._ended = asyncio.Event()
        self._lost = False

    def end(self) -> None:
        """Stops repeating: operations in progress fail with their next error."""
        self._ended.set()

    def begin(self) -> None:
        """Repeats again after `end`."""
        self._ended.clear()

    async def call(self, attempt: Callable[[], Awaitable[T]], seconds: float | None = None) -> T:
        """Runs an operation until it succeeds, and returns its result.

        Args:
            attempt: The operation.
            seconds: Another timeout; 0 is a single attempt without one.

        Raises:
            RetriesExhausted: The timeout is over, or `end` was called.
        """
        seconds = self._seconds if seconds is None else seconds
        last: list[Exception] = []
        try:
            async with asyncio.timeout(seconds or None):
                return await self._try(attempt, last, once=not seconds)
        except TimeoutError as error:
            raise RetriesExhausted(last[-1] if last else error) from error

    async def _try(self, attempt: Callable[[], Awaitable[T]], last: list[Exception], *, once: bool) -> T:
        pause = _FIRST_BACKOFF_S
        while True:
            try:
                outcome = await attempt()
            except Exception as error:
                if not self._transient(error):
                    raise
                last[:] = [error]
                if once:
                    raise RetriesExhausted(error) from error
                self._note(error)
                if await self._ends_within(pause):
                    raise RetriesExhausted(error) from error
                pause = min(2 * pause, _MAX_BACKOFF_S)
            else:
                self._note(None)
                return outcome

    async def _ends_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        return self._ended.is_set()

    def _note(self, error: Exception | None) -> None:
        """Logs once when it is lost, and once when it is back."""
        if error and not self._lost:
            log.warning("%s cannot be used: %s; trying again", self._what, describe_error(error))
        elif self._lost and not error:
            log.warning("%s can be used again", self._what)
        self._lost = error is not None


def describe_error(error: BaseException) -> str:
    """Returns the message of the original error.

    Args:
        error: An error, perhaps of a library that wraps another.
    """
    if isinstance(error, RetriesExhausted):
        error = error.cause
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().rstrip(".") or type(cause).__name__
