"""The interfaces of an engine that runs in a worker. Tests use an engine without torch."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast, runtime_checkable

from dreambot.engine.progress import Frame, Progress
from dreambot.errors import DreambotError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Precision, Recipe
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels


@dataclass(frozen=True)
class EngineSettings:
    """device: "auto", "cpu", "cuda:0" … precision: "auto", "fp32", "bf16". The folders are as for
    `zoo.weights.pull`. memory_gigabytes: for networks that are kept. workers: how many share the processor,
    where it is the device."""

    device: str
    precision: Precision | Literal["auto"]
    cache: Path | None
    weights_dir: Path | None
    memory_gigabytes: float = 2.0
    workers: int = 1


class Engine(Protocol):
    """An engine with its models resident. It is made with one argument, EngineSettings; making it warms it
    up, and raises UserError when it cannot work here."""

    ready: Ready

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """Dreams, step by step, and returns the dream and the plan (see `Done`); after `stop` says True it
        may end any way it likes."""


class OutOfMemory(DreambotError):
    """A batch is too large for the memory."""


class EngineBatch(Protocol):
    """Dreams of one `batch_key` that go on together; `dreambot.engine.cuda.batch.Batch` is one."""

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """Lets a dream join in at the next octave; its number. Raises OutOfMemory."""

    def leave(self, number: int) -> None:
        """Ends a dream before its time, between two octaves."""

    def octave(
        self, stop: Callable[[], bool]
    ) -> Generator[Mapping[int, Progress], None, Mapping[int, Pixels]]:
        """Dreams an octave of those that are least far; yields their steps by their numbers, and returns what
        dreams are done with it. After `stop` says True it may end any way it likes. Raises OutOfMemory."""


@runtime_checkable
class BatchEngine(Protocol):
    """What an engine may offer besides, whose `ready.batch` is more than 1."""

    def batch(self, recipe: Recipe) -> EngineBatch:
        """A batch for recipes of this one's key, with nobody in it. Raises UserError for weights that are not
        here, and OutOfMemory."""


def load_engine(name: str, settings: EngineSettings) -> Engine:
    """The engine called `module:attribute`."""
    module, _, attribute = name.partition(":")
    factory = cast(Callable[[EngineSettings], Engine], getattr(import_module(module), attribute))
    return factory(settings)
