"""What goes wrong on the bot's own machine, on purpose: a disk that is full while a file says so."""

import errno
import os
from pathlib import Path
from typing import Any

FULL = "CHAOS_DISK_IS_FULL"
"""The environment's word for a file: while it is there, nothing can be written to a job's file."""


def set_up() -> None:
    """Makes the disk as full as the environment asks."""
    mark = os.environ.get(FULL)
    if not mark:
        return
    full, real = Path(mark), os.fsync

    def fsync(file: Any) -> None:
        if full.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file)

    os.fsync = fsync
