"""The frames of a clip: how a still comes about, and back, as a loop of three to four seconds.

The source is shown for a moment and turns into the dream along the pictures after each of its steps. The
dream is held and turns back faster. The last frame is next to the first, so that the loop has no jump.
"""

from typing import NamedTuple

from dreambot.recipe.video import smoothstep

_GROWING_FRAMES, _RETURNING_FRAMES = 36, 12
_FRAME_MS = 50.0
"""20 frames per second: a multiple of 10 ms, as GIF needs."""
_SOURCE_MS, _DREAM_MS = 400.0, 900.0

MAX_CLIP_SIDE = {"gif": 480, "mp4": 720}
"""Pixels of the longest side by format. A dream is full of detail, which makes a GIF of it large: a clip of
480 × 360 takes about 6 MB. The frames stay in memory until they are encoded: at most 75 MB."""


class ClipFrame(NamedTuple):
    """A frame of a clip.

    Attributes:
        progress: How far the source has turned into the dream: 0 is the source, 1 the dream.
        ms: Milliseconds it is displayed.
    """

    progress: float
    ms: float


CLIP: tuple[ClipFrame, ...] = (
    ClipFrame(0.0, _SOURCE_MS),
    *(ClipFrame(smoothstep(n / _GROWING_FRAMES), _FRAME_MS) for n in range(1, _GROWING_FRAMES)),
    ClipFrame(1.0, _DREAM_MS),
    *(ClipFrame(smoothstep(1 - n / _RETURNING_FRAMES), _FRAME_MS) for n in range(1, _RETURNING_FRAMES)),
)
"""The frames of every clip."""
