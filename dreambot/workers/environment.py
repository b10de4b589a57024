"""Environment variables, CPU priority and parent-death signal of worker processes."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

_MALLOC_TUNABLES = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456"
"""A dream takes and gives back the same hundreds of pieces of memory at every step. By default the larger
ones go back to the kernel each time and come again page by page, which costs 5 to 10 %. What is larger than
32 MiB, pieces of huge pictures, still goes back at once. Only the GNU C library reads it."""

_SPIN_COUNT = "2000"
"""How often an OpenMP thread checks whether the others have reached a barrier before it sleeps. By default it
checks 300,000 times, some milliseconds: where another process wants the CPU, one thread loses its core and
the others burn theirs waiting for it. Values in between waste CPU time in proportion; fewer than 2,000 cost
an idle machine much. Figures are in docs/performance.md. Only GNU's OpenMP reads it."""

NICENESS = 5
"""Beside a busy process of the usual priority, a dream gets a quarter of a core; with 10 it was a tenth."""


def openmp_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that OpenMP should find before torch is imported.

    Args:
        environ: the environment so far; a wait policy that the operator has set there is kept.
    """
    if "OMP_WAIT_POLICY" in environ or "GOMP_SPINCOUNT" in environ:
        return {}
    return {"GOMP_SPINCOUNT": _SPIN_COUNT}


def worker_environment() -> dict[str, str]:
    """Our environment without our settings (a worker gets by without the token), with a heap and an OpenMP
    wait policy that suit dreams. What the operator has set for either is kept."""
    ours = {name: value for name, value in os.environ.items() if not name.upper().startswith("DREAMBOT_")}
    return {"GLIBC_TUNABLES": _MALLOC_TUNABLES, **openmp_environment(ours), **ours}


def lower_priority() -> None:
    """Lowers this process's priority, so that the event loop gets a core at once when it wants one."""
    os.nice(NICENESS)


_PR_SET_PDEATHSIG = 1


def exit_with_parent(parent: int) -> None:
    """Has the kernel kill this process when `parent` dies (Linux). Ends it now if that has happened.

    To the kernel the parent is the thread that started us, so the bot's event loop must run in its main one.
    Elsewhere the end of the pipe must do, which the inbox notices at any time.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
