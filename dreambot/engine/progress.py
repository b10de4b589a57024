"""What a running dream yields: its progress after each step, and finished frames. Imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import SupportsFloat

from dreambot.media.picture import Pixels


@dataclass(frozen=True)
class Progress:
    """How far a job is. One type from the engine to the message.

    Attributes:
        fraction: Share of the work done, 0 to 1. A step's work is the number of pixels it changes.
        octave: Current octave, counted from 1; 0 in the queue.
        octaves: Number of octaves.
        step: Current step of the octave, counted from 1; 0 in the queue.
        steps: Number of steps in the octave.
        objective: Value of the objective before the step; not finite if the network was bent too far.
            Inside the worker process `float` of it may wait for the device.
        eta: Seconds until the dream is done, None if unknown. The scheduler estimates it.
        position: 1-based position in the queue; 0 while a device runs the job.
        preview: Image `[h, w, 3]` uint8 with a long side of at most 320 pixels, or None. Rendering one
            takes time, so the worker adds one now and then.
        render_preview: Renders the preview with the given long side in pixels (320 by default). Set only
            inside the worker process.
        picture: 1-based position in an album of the picture that is dreamed; 0 for a single picture.
        pictures: Number of pictures of the album.
        render_picture: Renders what the dream would be if this step were the last, with a share of the
            postprocessing, 0 to 1, and at most the given long side in pixels. Set like `render_preview`,
            for stills.
    """

    fraction: float = 0.0
    octave: int = 0
    octaves: int = 0
    step: int = 0
    steps: int = 0
    objective: SupportsFloat = 0.0
    eta: float | None = None
    position: int = 0
    preview: Pixels | None = field(default=None, repr=False, compare=False)
    render_preview: Callable[..., Pixels] | None = field(default=None, repr=False, compare=False)
    picture: int = 0
    pictures: int = 0
    render_picture: Callable[[float, int], Pixels] | None = field(default=None, repr=False, compare=False)

    @property
    def running(self) -> bool:
        """Whether a device runs the job."""
        return self.position == 0


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
