"""A Ray cluster on this machine, on the loopback interface only, whose nodes report one GPU."""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.scheduler.ray.engine import FOLDER, set_environment

RAY = find_spec("ray") is not None
ROOT = Path(__file__).parents[3]
_STORE = 80 << 20


class LocalCluster:
    """A head without devices, and nodes with one device each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cluster = importlib.import_module("ray.cluster_utils").Cluster()
        self._add(num_gpus=0, num_cpus=0, include_dashboard=False, no_monitor=True)
        self.nodes: list[Any] = []

    @property
    def address(self) -> str:
        """Of the head."""
        return str(self._cluster.address)

    @property
    def processes(self) -> list[psutil.Process]:
        """Those that were started for its nodes, and their children."""
        started = {popen.pid for node in self._cluster.list_all_nodes() for _, popen in node.live_processes()}
        ours: dict[int, psutil.Process] = {}
        for pid in started:
            # A process may end while we look.
            with suppress(psutil.NoSuchProcess):
                root = psutil.Process(pid)
                ours |= {process.pid: process for process in (root, *root.children(recursive=True))}
        return list(ours.values())

    def set_node_count(self, nodes: int) -> None:
        """Starts or ends nodes until there are `nodes`."""
        while len(self.nodes) < nodes:
            self.nodes.append(self._add(num_gpus=1, num_cpus=1))
        while len(self.nodes) > nodes:
            self._cluster.remove_node(self.nodes.pop())

    def kill_node(self, node: Any) -> None:
        """Ends a node's processes at once."""
        self.nodes.remove(node)
        self._cluster.remove_node(node, allow_graceful=False)

    def set_environment(self, **environment: str) -> None:
        """Sets the environment of the engines, from their next job on."""
        set_environment(self.folder, **environment)

    def close(self) -> list[psutil.Process]:
        """Ends the cluster; returns the processes that did not end."""
        ours = self.processes
        self._cluster.shutdown()
        _, alive = psutil.wait_procs(ours, timeout=60)
        return list(alive)

    def _add(self, **options: Any) -> Any:
        return self._cluster.add_node(
            node_ip_address="127.0.0.1",
            object_store_memory=_STORE,
            include_log_monitor=False,
            **options,
        )


@contextmanager
def environment() -> Iterator[Path]:
    """Sets what Ray reads when it is imported; yields a folder for the cluster, with a short path for
    sockets."""
    folder = Path(tempfile.mkdtemp(prefix="dr", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", str(folder))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")
        # A lost node is noticed within two seconds instead of half a minute.
        for name in ("initial_delay", "period", "timeout"):
            patch.setenv(f"RAY_health_check_{name}_ms", "1000")
        patch.setenv("RAY_health_check_failure_threshold", "2")
        # Otherwise Ray replaces 127.0.0.1 by another address of this machine, where nothing listens.
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        # Without empty parts, which would mean the current folder to every process started from here on.
        paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        patch.setenv("PYTHONPATH", os.pathsep.join(paths))
        patch.setenv(FOLDER, str(folder))
        if RAY:
            # It is read when Ray is imported, which another test may have done before.
            patch.setattr("ray._private.ray_constants.ENABLE_RAY_CLUSTER", False)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
