"""The bot's side of a film in the making."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from dreambot.media.encode import Encoded
from dreambot.media.film_plan import FilmPlan
from dreambot.media.picture import Pixels
from dreambot.media.wire import Message

Ask = Callable[[dict[str, Any], list[bytes]], Awaitable[Message]]


class Filming:
    """A film being made, in a codec process of its own that is held for it.

    Leave its context, or abandon it, so that the process ends. Its methods raise as the pool's do; after that
    only `abandon` is left.
    """

    def __init__(self, plan: FilmPlan, ask: Ask, let_go: Callable[[], Awaitable[None]]) -> None:
        """Use CodecPool.film."""
        self._ask, self._let_go = ask, let_go
        self._usual_ms = 1000 / plan.fps

    async def add(self, rgb: Pixels, ms: float | None = None) -> None:
        """One frame, (height, width, 3) uint8 sRGB, shown for `ms` milliseconds (None: as the fps say)."""
        height, width, _ = rgb.shape
        shown = self._usual_ms if ms is None else ms
        await self._ask({"task": "film_add", "height": height, "width": width, "ms": shown}, [rgb.tobytes()])

    async def finish(self) -> Encoded:
        """The film's file. Its process ends."""
        while True:
            answer = await self._ask({"task": "film_finish"}, [])
            described = dict(answer.values)
            if described.pop("done"):
                await self._let_go()
                return Encoded(data=answer.buffers[0], **described)

    async def abandon(self) -> None:
        """Ends the process; nothing happens when it has ended."""
        await self._let_go()

    async def __aenter__(self) -> Self:
        """Nothing more than the film."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abandons what was not finished."""
        await self.abandon()


def begun(plan: FilmPlan, limit: int | None) -> dict[str, Any]:
    """The request that begins a film."""
    return {"task": "film_begin", "plan": asdict(plan), "limit": limit}
