"""How many workers share a CPU, and how they share its threads.

Two workers dream more a minute than one, because two dreams with half of the threads each wait less at
barriers than one dream with all of them. A dream that is alone gets all threads, so it takes no longer. The
figures are in docs/performance.md.
"""

import contextlib
from pathlib import Path

from dreambot.workers.protocol import Ready

_GIB = 2**30
_WORKER_BYTES = 1.0 * _GIB
"""A worker process with one network after dreams of the usual size (docs/operators.md, "Sizes")."""
_GROWTH_BYTES = 0.4 * _GIB
"""By how much a worker grows that has just started, without further networks."""
_RESERVE_BYTES = 0.5 * _GIB
"""For codec processes and everything else on the machine."""
_MAX_WORKERS = 4
_THREADS_PER_WORKER = 4
"""From three workers on. Only two cores were measured: more workers take memory for a gain that is only
calculated."""
_THREAD_SCALING = 0.8
"""A dream with 1/n of the threads takes n^0.8 times as long: 1.74 times for half, measured on two cores."""


def count_cpu_workers(ready: Ready, memory_gigabytes: float, *, memory: int | None, quota: float) -> int:
    """Returns how many workers "auto" means.

    Args:
        ready: What the first worker reported.
        memory_gigabytes: What each worker may use for resident networks.
        memory: Available bytes now, while the first worker runs; None if unknown.
        quota: How many cores the processes may use.

    Returns:
        1 if more would be slower or might not fit into the memory.
    """
    threads = int(min(ready.threads, quota))
    if threads < 2 or memory is None:
        return 1
    networks = memory_gigabytes * 1e9
    room = memory - _RESERVE_BYTES - _GROWTH_BYTES - networks
    by_memory = 1 + int(max(0.0, room) // (_WORKER_BYTES + networks))
    by_threads = min(_MAX_WORKERS, max(2, threads // _THREADS_PER_WORKER))
    return min(by_memory, by_threads)


def available_memory(root: Path = Path("/")) -> int | None:
    """Returns the bytes that new processes can use; None if unknown, as on systems other than Linux.

    Args:
        root: Where /proc and /sys are.
    """
    available = None
    with contextlib.suppress(OSError, ValueError):
        for line in (root / "proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                available = int(line.split()[1]) * 1024
    if available is None:
        return None
    groups = [(group, "memory.max", "memory.current", "inactive_file") for group in _own_groups(root)]
    # Version 1, as a container sees its own group.
    old = root / "sys/fs/cgroup/memory"
    groups.append((old, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))
    for group, limit, used, cached in groups:
        # "max" is no limit.
        with contextlib.suppress(OSError, ValueError, KeyError):
            room = int((group / limit).read_text("ascii")) - int((group / used).read_text("ascii"))
            lines = (group / "memory.stat").read_text("ascii").splitlines()
            # What files left in the cache is given back when processes need it.
            available = min(available, room + int(dict(line.split() for line in lines)[cached]))
    return max(0, available)


def cpu_quota(root: Path = Path("/")) -> float:
    """Returns how many cores a container's limit allows; infinity without a limit.

    Args:
        root: Where /proc and /sys are.
    """
    quota = float("inf")
    for group in _own_groups(root):
        with contextlib.suppress(OSError, ValueError):
            most, period = (group / "cpu.max").read_text("ascii").split()
            if most != "max":
                quota = min(quota, int(most) / int(period))
    return quota


def _own_groups(root: Path) -> list[Path]:
    """Returns the folders of our control group (version 2) and those around it, innermost first."""
    folder = root / "sys/fs/cgroup"
    try:
        own = (root / "proc/self/cgroup").read_text("ascii").strip().rpartition("::/")[2]
    except (OSError, ValueError):
        return []
    # In a container the path is "/", or that of the host, which is not there.
    inner = folder / own
    return [inner, *(parent for parent in inner.parents if parent == folder or folder in parent.parents)]


def divide_threads(threads: int, workers: int) -> list[int]:
    """Returns an equal share of the threads for each worker, at least one.

    Args:
        threads: All threads.
        workers: How many workers dream.
    """
    share, left = divmod(threads, workers)
    return [max(1, share + (number < left)) for number in range(workers)]


def relative_speed(threads: float, of: int) -> float:
    """Returns the speed of a dream with some of the threads, relative to that with all.

    Args:
        threads: How many it has.
        of: How many there are.
    """
    return float((threads / of) ** _THREAD_SCALING)
