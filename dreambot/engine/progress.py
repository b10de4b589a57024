"""What a running dream yields: its progress after each step, and finished frames. Imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dreambot.media.picture import Pixels


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a dream is, after one step. One type from the engine to the message.

    Attributes:
        fraction: Share of the work done, 0 to 1. A step's work is the number of pixels it changes.
        octave: Current octave, counted from 1.
        octaves: Number of octaves.
        step: Current step of the octave, counted from 1.
        steps: Number of steps in the octave.
        objective: Value of the objective before the step; not finite if the network was bent too far.
        eta: Seconds left, None if unknown. The engine leaves it to the scheduler.
        preview: Image `[h, w, 3]` uint8 with a long side of at most 320 pixels, or None. Rendering one
            takes time, so the worker adds one now and then.
        render_preview: Renders the preview with the given long side in pixels (320 by default). Set only
            inside the worker process.
    """

    fraction: float
    octave: int
    octaves: int
    step: int
    steps: int
    objective: float
    eta: float | None = None
    preview: Pixels | None = field(default=None, repr=False)
    render_preview: Callable[..., Pixels] | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Frame:
    """A finished frame of a video.

    Attributes:
        index: Position in the video, from 0.
        frames: Number of frames of the video.
        rgb: Image `[height, width, 3]` uint8, sRGB.
    """

    index: int
    frames: int
    rgb: Pixels
