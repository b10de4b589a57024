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
    """How to create an engine.

    Attributes:
        device: "auto", "cpu", "mps", "cuda:0" …
        precision: "auto", "fp32", "bf16" or "fp16".
        cache: the folder of downloaded weights, or None for the default.
        weights_dir: a folder with the operator's own weights, or None.
        memory_gigabytes: for resident networks.
        workers: how many workers share the CPU, if that is the device.
        after_crash: whether the worker before this one ended before it was ready. Then what it was checking
            is not used.
    """

    device: str
    precision: Precision | Literal["auto"]
    cache: Path | None
    weights_dir: Path | None
    memory_gigabytes: float = 2.0
    workers: int = 1
    after_crash: bool = False


class Engine(Protocol):
    """An engine with its models resident.

    It is created with one argument, EngineSettings, which warms it up and raises UserError if it cannot work
    here.
    """

    ready: Ready

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """Dreams step by step.

        Args:
            inputs: the source, the guide and the mask.
            recipe: what to dream.
            stop: whether the job was cancelled; then it may return or raise anything.

        Returns:
            The dream, (H, W, 3), and the plan, see `Done`.

        Raises:
            UserError: the recipe cannot be dreamed here.
        """

    def use_threads(self, recipe: Recipe, count: int) -> None:
        """Sets the number of threads of the next step; called before every step.

        Args:
            recipe: what is dreamed in that step.
            count: the most threads; 0 for all. It is not 0 only if `ready.threads` is not.
        """


class OutOfMemory(DreambotError):
    """A batch does not fit into the memory."""


class CannotBatch(DreambotError):
    """A dream of a batch has to run alone."""


class EngineBatch(Protocol):
    """Dreams of one `batch_key` that run together, such as `dreambot.engine.cuda.batch.Batch`."""

    def join(self, inputs: DreamInputs, recipe: Recipe) -> int:
        """Adds a dream from the next octave on.

        Args:
            inputs: the source, the guide and the mask.
            recipe: with the batch's key.

        Returns:
            The dream's number in the batch.

        Raises:
            OutOfMemory: it does not fit.
        """

    def leave(self, number: int) -> None:
        """Takes a dream out between two octaves.

        Args:
            number: as returned by `join`.
        """

    def octave(
        self, stop: Callable[[], bool]
    ) -> Generator[Mapping[int, Progress], None, Mapping[int, Pixels]]:
        """Runs an octave of the dreams that have done the fewest; yields their progress by number.

        Args:
            stop: whether all jobs were cancelled; then it may return or raise anything.

        Returns:
            The finished dreams, (H, W, 3), by number.

        Raises:
            OutOfMemory: the batch does not fit.
            CannotBatch: one of the dreams has to run alone.
        """


@runtime_checkable
class BatchEngine(Protocol):
    """What an engine also offers if its `ready.batch` is more than 1."""

    def batch(self, recipe: Recipe) -> EngineBatch:
        """Returns an empty batch.

        Args:
            recipe: whose batch key the batch has.

        Raises:
            UserError: its weights are missing.
            OutOfMemory: its network does not fit.
        """


def load_engine(name: str, settings: EngineSettings) -> Engine:
    """Creates an engine.

    Args:
        name: `module:attribute` of its class.
        settings: how to create it.

    Raises:
        UserError: it cannot work here.
    """
    module, _, attribute = name.partition(":")
    factory = cast(Callable[[EngineSettings], Engine], getattr(import_module(module), attribute))
    return factory(settings)
