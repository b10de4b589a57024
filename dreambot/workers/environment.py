"""Environment variables, priority and resource limits of child processes, and their end with the parent."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Mapping

_MALLOC_TUNABLES = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456"
"""A dream allocates and frees the same hundreds of blocks at every step. By default the larger ones are
returned to the kernel each time and mapped again page by page, which costs 5 to 10 %. Blocks above 32 MiB,
parts of very large pictures, are still returned at once. Only the GNU C library reads this."""

_SPIN_COUNT = "2000"
"""How often an OpenMP thread checks whether the others have reached a barrier before it sleeps. The default
is 300,000 checks, some milliseconds: where another process wants the CPU, one thread loses its core and the
others burn theirs waiting for it. Values in between waste CPU time in proportion; fewer than 2,000 cost an
idle machine much. Figures are in docs/performance.md. Only GNU's OpenMP reads this."""

NICENESS = 5
"""Of a worker on the CPU: beside a busy process of normal priority, a dream gets a quarter of a core; with 10
it was a tenth. Of a codec process too: at normal priority it takes three quarters of a core from a dream, and
below the worker it would run into its time limit on a busy machine."""

_CODEC_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What finding and loading libraries takes. A decoder has no use for the rest, above all for secrets."""

_MAX_OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1
_PARENT_CHECK_INTERVAL_S = 0.5


def openmp_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns the variables that OpenMP should find before torch is imported.

    Args:
        environ: The environment so far. A wait policy that the operator has set there is kept.
    """
    if "OMP_WAIT_POLICY" in environ or "GOMP_SPINCOUNT" in environ:
        return {}
    return {"GOMP_SPINCOUNT": _SPIN_COUNT}


def worker_environment() -> dict[str, str]:
    """Returns the environment of a GPU worker.

    It is ours without the bot's settings (a worker does not need the token), with heap settings and an
    OpenMP wait policy that suit dreams. What the operator has set for either is kept.
    """
    ours = {name: value for name, value in os.environ.items() if not name.upper().startswith("DREAMBOT_")}
    return {
        "GLIBC_TUNABLES": _MALLOC_TUNABLES,
        # An operator that torch lacks on Apple's GPUs runs on the CPU instead of ending the dream.
        "PYTORCH_ENABLE_MPS_FALLBACK": "1",
        **openmp_environment(ours),
        **ours,
    }


def codec_environment() -> dict[str, str]:
    """Returns the environment of a codec process.

    It imports modules from the same folders as we do, except from the current folder.
    """
    passed = {name: os.environ[name] for name in _CODEC_VARIABLES if name in os.environ}
    module_path = os.pathsep.join(folder for folder in sys.path if folder)
    # Threads of the numerics library would each take a share of the address space.
    return {**passed, "PYTHONPATH": module_path, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def lower_priority() -> None:
    """Lowers the priority of this process, so that the bot's event loop gets a core when it needs one."""
    os.nice(NICENESS)
    if sys.platform != "linux":
        return
    # To Linux that was the priority of this thread, which only threads that it starts from now on inherit.
    for thread in map(int, os.listdir("/proc/self/task")):
        if thread != threading.get_native_id():
            # It may have ended meanwhile.
            with contextlib.suppress(ProcessLookupError):
                priority = os.getpriority(os.PRIO_PROCESS, thread)
                os.setpriority(os.PRIO_PROCESS, thread, min(19, priority + NICENESS))


def exit_with_parent(parent: int) -> None:
    """Makes this process end as soon as its parent is gone, even in the middle of a decode or a step.

    On Linux the kernel kills it. To Linux the parent is the thread that started us, so the parent's event
    loop must run in a thread that stays.

    Args:
        parent: Process id of the parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the call
            os._exit(1)
    else:
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def limit_resources(memory: int) -> None:
    """Limits address space and open files, and forbids writing files and core dumps.

    Best effort: macOS does not enforce the limit on the address space.

    Args:
        memory: Bytes of address space.
    """
    _set_limit(resource.RLIMIT_AS, memory)
    _set_limit(resource.RLIMIT_NOFILE, _MAX_OPEN_FILES)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)


def limit_cpu_time(seconds: float) -> None:
    """Limits the CPU time of this process from now on; beyond it the system ends the process (SIGXCPU).

    Args:
        seconds: CPU seconds.
    """
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
        time.sleep(_PARENT_CHECK_INTERVAL_S)
    os._exit(1)
