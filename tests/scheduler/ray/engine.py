"""The fake engine on a cluster: `tests.scheduler.ray.engine:RemoteEngine`.

Its machines were started before the test sets its environment, so they read it from a file.
"""

import json
import os
from collections.abc import Callable, Generator
from pathlib import Path

from dreambot.engine.progress import Frame, Progress
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.types import Pixels
from tests.support.fake_engine import FakeEngine

ENGINE = "tests.scheduler.ray.engine:RemoteEngine"
FOLDER = "TEST_CLUSTER_FOLDER"
_FILE = "environment.json"


def set_environment(folder: Path, **environment: str) -> None:
    """Sets the environment of the engines, from their next job on."""
    (folder / _FILE).write_text(json.dumps(environment), "utf-8")


class RemoteEngine(FakeEngine):
    """See FakeEngine."""

    def __init__(self, settings: EngineSettings) -> None:
        """See FakeEngine."""
        _read_environment()
        super().__init__(settings)

    def dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, tuple[Pixels, str | None]]:
        """See FakeEngine."""
        _read_environment()
        return (yield from super().dream(inputs, recipe, stop))


def _read_environment() -> None:
    os.environ.update(json.loads((Path(os.environ[FOLDER]) / _FILE).read_text("utf-8")))
