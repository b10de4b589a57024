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
"""The pictures a job is given, or what fetches them when the job's turn has come: a long queue then
costs no memory."""

FrameSink = Callable[[int, int, Pixels], Awaitable[None]]
"""Takes a film's frames as they are made: (index from 0, frames in all, picture). Index 0 again means that
the film begins anew. The device waits while it waits."""


@dataclass(frozen=True)
class Queued:
    """Waiting. place: 1 is the next to start. eta: seconds until the dream is done, if they can be told."""

    place: int
    eta: float | None


@dataclass(frozen=True, eq=False)
class Running:
    """Being dreamed. fraction: of its FLOPs, 0 to 1. octave and step count from 1. eta: seconds left.
    preview: (H, W, 3) with a long side of at most 320, now and then."""

    fraction: float
    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    eta: float | None
    preview: Pixels | None


RunEvent = Queued | Running


@dataclass(frozen=True, eq=False)
class Done:
    """The dream, of a film its last frame, and the seconds the device spent on it. plan: "batched" or
    "tiled" where it was not dreamed the plain way."""

    rgb: Pixels
    seconds: float
    plan: str | None


class QueueFull(UserError):
    """No room for another job now."""


class JobFailed(UserError):
    """The dream could not be finished."""


class WeightsMissing(JobFailed):
    """The weights of a network are missing or damaged. The message is for the operator.

    Attributes:
        network: The name of the network.
    """

    def __init__(self, code: str, /, *, network: str, **params: Any) -> None:
        """Stores the message.

        Args:
            code: The key of the message.
            network: The name of the network; also a value of the message.
            params: The message's other values.
        """
        super().__init__(code, network=network, **params)
        self.network = network


class TimeBudgetExceeded(JobFailed):
    """The dream took longer than a job may."""


class JobCancelled(DreambotError):
    """Somebody took the job back."""


class ExecutorStartError(UserError):
    """No device can be worked with as the settings ask."""
