"""Resource limits of a codec process, and how it ends when its parent is gone."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
MAX_OPEN_FILES = 64


def exit_with_parent(parent: int) -> None:
    """Ends this process as soon as its parent (a process id) is gone, even in the middle of a decode.

    Linux takes the thread that started us for the parent: the pool's event loop must run in one that stays.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)
    else:
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def limit_resources(memory: int) -> None:
    """Caps address space (bytes), open files, and forbids writing files and core dumps.

    Best effort: macOS does not hold a process to its address space.
    """
    _set_limit(resource.RLIMIT_AS, memory)
    _set_limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)


def limit_cpu_time(seconds: float) -> None:
    """From now on at most this much processor time; then the system ends the process (SIGXCPU)."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time() + seconds) + 1
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _set_limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, hard))


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
