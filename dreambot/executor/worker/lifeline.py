"""A worker never outlives its parent."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    """Has the kernel kill this process when `parent` dies (Linux). Ends it now if that has happened.

    To the kernel the parent is the thread that started us, so the bot's event loop must run in its main one.
    Elsewhere the end of the pipe must do, which the inbox notices at any time.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
