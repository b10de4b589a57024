"""Fixtures of the executor tests, which run with every back end in `BACKENDS`."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dreambot.recipe import Recipe
from dreambot.scheduler.executor import DeviceExecutor, LocalExecutor
from dreambot.scheduler.ray_executor import RayExecutor
from dreambot.workers.ray.nodes import list_devices
from dreambot.workers.types import Pixels
from tests.scheduler.ray import cluster as on_ray
from tests.scheduler.ray import engine as remote
from tests.support import require
from tests.support.fake_engine import ENGINE
from tests.support.recipes import make_recipe
from tests.support.waiting import until

Make = Callable[..., Recipe]
Start = Callable[..., AbstractAsyncContextManager[DeviceExecutor]]
StartLocal = Callable[..., AbstractAsyncContextManager[LocalExecutor]]


Backend = Callable[..., DeviceExecutor]


@pytest.fixture(scope="session")
def _ray_cluster() -> Iterator[on_ray.LocalCluster]:
    require("ray", on_ray.RAY)
    with on_ray.environment() as folder:
        import ray

        cluster = on_ray.LocalCluster(folder)
        # One connection for all executors, which they do not close because they did not open it.
        ray.init(cluster.address, namespace="dreambot", log_to_driver=False, configure_logging=False)
        yield cluster
        ray.shutdown()
        assert cluster.close() == []


@pytest.fixture
def ray_cluster(_ray_cluster: on_ray.LocalCluster, tmp_path: Path) -> on_ray.LocalCluster:
    """A Ray cluster of one node with one GPU; a test may add nodes and need not remove them."""
    _ray_cluster.set_node_count(1)
    _ray_cluster.set_environment(FAKE_ENGINE_DIR=str(tmp_path))
    return _ray_cluster


@pytest.fixture
def local_backend(monkeypatch: pytest.MonkeyPatch, _worker_environment: None) -> Backend:
    """Makes an executor with worker processes."""

    def make(device_workers: int, step: float, engine: str, **options: Any) -> DeviceExecutor:
        monkeypatch.setenv("FAKE_ENGINE_STEP", str(step))
        return LocalExecutor(["cpu"] * device_workers, engine=engine, **options)

    return make


@pytest.fixture
def ray_backend(
    _ray_cluster: on_ray.LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Backend:
    """Makes an executor of some nodes of the cluster, which has more because nodes start slowly."""

    def make(device_workers: int, step: float, engine: str, **options: Any) -> DeviceExecutor:
        _ray_cluster.set_node_count(2)
        ours = {node.node_id for node in _ray_cluster.nodes[:device_workers]}
        monkeypatch.setattr(
            "dreambot.scheduler.ray_executor.list_devices",
            lambda nodes, device: list_devices([node for node in nodes if node.id in ours], device),
        )
        _ray_cluster.set_environment(FAKE_ENGINE_STEP=str(step), FAKE_ENGINE_DIR=str(tmp_path))
        engine = remote.ENGINE if engine == ENGINE else engine
        return RayExecutor(_ray_cluster.address, engine=engine, watch_every=0.2, **options)

    return make


BACKENDS = ("local", "ray")
"""Each has a fixture that makes an executor that is not started, with `device_workers` devices, steps of
`step` seconds, and an `engine`, `module:attribute`, in each; the other options are those of `DeviceExecutor`.
"""


@pytest.fixture
def recipe() -> Make:
    """Makes recipes of 2 octaves × 3 steps and 40×30 pixels, with changes."""
    return make_recipe


@pytest.fixture
def picture() -> Pixels:
    """40×30 different pixels."""
    return np.arange(40 * 30 * 3, dtype=np.uint32).reshape(30, 40, 3).astype(np.uint8)


@pytest.fixture
def _worker_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("FAKE_ENGINE_DIR", str(tmp_path))


@pytest.fixture(params=BACKENDS)
def start(request: pytest.FixtureRequest) -> Start:
    """Starts an executor of each kind with the fake engine, and closes it. step: seconds per step."""
    make: Backend = request.getfixturevalue(f"{request.param}_backend")

    @asynccontextmanager
    async def started(
        *, step: float = 0.01, device_workers: int = 1, engine: str = ENGINE, **options: Any
    ) -> AsyncIterator[DeviceExecutor]:
        async with _open(make(device_workers, step, engine, **options)) as executor:
            await until(lambda: len(executor.devices) == device_workers)
            yield executor

    return started


@pytest.fixture
def start_local(monkeypatch: pytest.MonkeyPatch, _worker_environment: None) -> StartLocal:
    """Starts a LocalExecutor with the fake engine, and closes it."""

    @asynccontextmanager
    async def started(*, step: float = 0.01, **options: Any) -> AsyncIterator[LocalExecutor]:
        monkeypatch.setenv("FAKE_ENGINE_STEP", str(step))
        executor = LocalExecutor(**{"devices": ["cpu"], "engine": ENGINE, **options})
        async with _open(executor):
            yield executor

    return started


@asynccontextmanager
async def _open(executor: DeviceExecutor) -> AsyncIterator[DeviceExecutor]:
    await executor.start()
    try:
        yield executor
    finally:
        await executor.close()
