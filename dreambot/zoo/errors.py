"""What can go wrong with weights, for people to read."""

from dreambot.errors import UserError


class WeightsError(UserError):
    """The weights cannot be had; the message says what to put where."""
