"""The pixels, events, results and errors of a job, shared by workers, scheduler and jobs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dreambot.errors import DreambotError, UserError
from dreambot.media.picture import DreamInputs

Pixels = npt.NDArray[np.uint8]
"""(H, W, 3) sRGB."""

InputsProvider = DreamInputs | Callable[[], Awaitable[DreamInputs]]
"""The inputs of a job, or a function that loads them when the job starts, so that a long queue needs no
memory."""

FrameSink = Callable[[int, int, Pixels], Awaitable[None]]
"""Takes the frames of a video as they are dreamed: (index from 0, number of frames, picture). Index 0 again
means that the video starts over. The device waits until it returns."""


@dataclass(frozen=True, eq=False)
class Done:
    """The dream is finished.

    Attributes:
        rgb: (H, W, 3) uint8 sRGB; of a video, its last frame.
        seconds: Device time.
        plan: "batched" or "tiled" if it was not dreamed the usual way.
    """

    rgb: Pixels
    seconds: float
    plan: str | None


class QueueFull(UserError):
    """The queue has no room for another job."""


class JobFailed(UserError):
    """The dream could not be finished."""


class WeightsMissing(JobFailed):
    """A network's weights are not available; the message says what the operator can do.

    Attributes:
        network: The network's name.
    """

    def __init__(self, code: str, /, *, network: str, **params: Any) -> None:
        """See `UserError`.

        Args:
            code: The key of the message.
            network: The network's name; also a value of the message.
            params: The message's other values.
        """
        super().__init__(code, network=network, **params)
        self.network = network


class TimeBudgetExceeded(JobFailed):
    """The dream took longer than a job may."""


class JobCancelled(DreambotError):
    """The job was cancelled."""


class ExecutorStartError(UserError):
    """No device can be used with these settings."""
