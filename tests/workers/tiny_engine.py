"""The real engine with a tiny network, which reports that batches are faster:
`tests.workers.tiny_engine:TinyEngine`.

With the seed TOO_LARGE an untiled dream does not fit into the memory, with TOO_LARGE_IN_TILES a tiled one
neither.
"""

from collections.abc import Callable, Generator

from dreambot.engine.progress import Frame, Progress
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers.gpu.devices import find_device
from dreambot.workers.gpu.engine import EngineSettings, OutOfMemory
from dreambot.workers.gpu.torch_engine import TorchBatch, TorchEngine
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Pixels
from dreambot.zoo.network import StagedNetwork
from tests.engine.tiny import tiny_network

ENGINE = "tests.workers.tiny_engine:TinyEngine"

TOO_LARGE, TOO_LARGE_IN_TILES = 2001, 2002


class TinyEngine(TorchEngine):
    """Has one network for all recipes."""

    def __init__(self, settings: EngineSettings) -> None:
        self._device = find_device("cpu")
        self._tiny = tiny_network()
        self.ready = Ready("cpu", "cpu", "tiny", "fp32", batch=3)

    def _staged_network(self, model: str, weights: str, recipe: Recipe) -> StagedNetwork:
        return self._tiny

    def _dream(
        self, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool]
    ) -> Generator[Progress | Frame, None, Pixels]:
        if recipe.seed == TOO_LARGE_IN_TILES or (recipe.seed == TOO_LARGE and recipe.tile is None):
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return (yield from super()._dream(inputs, recipe, stop))

    def batch(self, recipe: Recipe) -> TorchBatch:
        """See `BatchEngine`; a recipe that is too large does not fit into a batch."""
        if recipe.seed in (TOO_LARGE, TOO_LARGE_IN_TILES):
            raise OutOfMemory("too much")
        return super().batch(recipe)
