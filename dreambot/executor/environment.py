"""The environment that a worker process is started with."""

import os

_HEAP = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456"
"""A dream takes and gives back the same hundreds of pieces of memory at every step. By default the larger
ones go back to the kernel each time and come again page by page, which costs 5 to 10 %. What is larger than
32 MiB, pieces of huge pictures, still goes back at once."""


def worker_environment() -> dict[str, str]:
    """Ours, less our settings (a worker gets by without the token), and with a heap that suits dreams. What
    the operator says of the heap counts more. Only the GNU C library reads it."""
    ours = {name: value for name, value in os.environ.items() if not name.upper().startswith("DREAMBOT_")}
    return {"GLIBC_TUNABLES": _HEAP, **ours}
