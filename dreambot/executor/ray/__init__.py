"""Runs jobs on the devices of a Ray cluster. Ray itself is imported when an executor starts, not before.

Begin reading at `executor.py`; what runs on the cluster is `host.py`.
"""

from dreambot.executor.ray.executor import RayExecutor

__all__ = ["RayExecutor"]
