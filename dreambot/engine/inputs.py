"""What a dream is given besides its recipe."""

from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels

__all__ = ["Inputs", "Pixels"]
