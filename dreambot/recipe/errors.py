"""The exception for invalid requests and recipes."""

from dreambot.errors import UserError


class RecipeError(UserError, ValueError):
    """A request or recipe that cannot be followed; the message says why in one sentence."""
