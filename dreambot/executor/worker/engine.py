"""What a worker needs of an engine. The one of torch is in `torch_engine.py`; tests bring a light one."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from dreambot.executor.protocol import Ready
from dreambot.executor.types import Pixels
from dreambot.recipe import Recipe


@dataclass(frozen=True)
class EngineSettings:
    """device: "auto", "cpu", "cuda:0" … The folders are as for `zoo.weights.pull`."""

    device: str
    cache: Path | None
    weights_dir: Path | None


class EngineStep(Protocol):
    """One step done; `dreambot.engine.dream.Step` is one."""

    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    fraction: float

    def preview(self) -> Pixels:
        """The picture as it stands, its long side at most 320 pixels."""


class Engine(Protocol):
    """An engine with its models resident. It is made with one argument, EngineSettings; making it warms it
    up, and raises UserError when it cannot work here."""

    ready: Ready

    def dream(
        self, picture: Pixels, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[EngineStep, None, Pixels]:
        """Dreams, step by step; after `stop` says True it may end any way it likes."""


def make(name: str, settings: EngineSettings) -> Engine:
    """The engine called `module:attribute`."""
    module, _, attribute = name.partition(":")
    factory = cast(Callable[[EngineSettings], Engine], getattr(import_module(module), attribute))
    return factory(settings)
