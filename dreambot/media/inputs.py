"""The pictures a dream is given besides its recipe."""

from dataclasses import dataclass

from dreambot.media.picture import Pixels


@dataclass(frozen=True, eq=False)
class Inputs:
    """Pictures, each of any size: they are brought to the recipe's.

    source: (H, W, 3) sRGB; the frames of a moving one (F, H, W, 3); None for what begins with noise.
    guide: (H, W, 3), where the recipe has a guide. mask: (H, W), where it has a mask; 255 dreams, 0 does not.
    """

    source: Pixels | None
    guide: Pixels | None = None
    mask: Pixels | None = None
