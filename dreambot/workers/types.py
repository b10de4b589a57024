"""The pixels, events, results and errors of a job, shared by workers, scheduler and jobs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dreambot.errors import DreambotError, UserError
from dreambot.media.picture import DreamInputs

Pixels = npt.NDArray[np.uint8]
"""(H, W, 3) sRGB."""

InputsProvider = DreamInputs | Callable[[], Awaitable[DreamInputs]]
"""The pictures a job is given, or what fetches them when the job's turn has come: a long queue then
costs no memory."""

FrameSink = Callable[[int, int, Pixels], Awaitable[None]]
"""Takes a film's frames as they are made: (index from 0, frames in all, picture). Index 0 again means that
the film begins anew. The device waits while it waits."""


@dataclass(frozen=True, eq=False)
class Done:
    """What a device returns for a job.

    Attributes:
        rgb: The dream, (H, W, 3); of a video, its last frame.
        seconds: Device time spent on the job.
        plan: "batched" or "tiled" where the job did not run the plain way.
    """

    rgb: Pixels
    seconds: float
    plan: str | None


class QueueFull(UserError):
    """No room for another job now."""


class JobFailed(UserError):
    """The dream could not be finished."""


class WeightsMissing(JobFailed):
    """A network's weights cannot be had; the message tells the operator what to do. network: its name."""

    def __init__(self, message: str, network: str) -> None:
        super().__init__(message)
        self.network = network


class TimeBudgetExceeded(JobFailed):
    """The dream took longer than a job may."""


class JobCancelled(DreambotError):
    """Somebody took the job back."""


class ExecutorStartError(UserError):
    """No device can be worked with as the settings ask."""
