"""The pixels, events, results and errors of a job, shared by workers, scheduler and jobs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Progress:
    """How far a job is, from the device to the message that shows it.

    Attributes:
        position: 1-based position in the queue; 0 while a device runs the job.
        eta: Estimated seconds until the dream is done; None if unknown.
        fraction: Share of the job's FLOPs that is done, 0 to 1.
        octave: The current octave, from 1; 0 in the queue.
        octaves: Number of octaves.
        step: The current step of the octave, from 1; 0 in the queue.
        steps: Steps per octave.
        objective: Value of the objective after the step.
        preview: The picture so far, (H, W, 3) with a long side of at most 320, now and then.
    """

    position: int = 0
    eta: float | None = None
    fraction: float = 0.0
    octave: int = 0
    octaves: int = 0
    step: int = 0
    steps: int = 0
    objective: float = 0.0
    preview: Pixels | None = field(default=None, repr=False, compare=False)

    @property
    def running(self) -> bool:
        """Whether a device runs the job."""
        return self.position == 0


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
