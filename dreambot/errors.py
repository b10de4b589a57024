"""The base classes of dreambot's exceptions."""


class DreambotError(Exception):
    """Base of every exception dreambot raises on purpose."""


class UserError(DreambotError):
    """Something a person can fix. `str(error)` is one friendly sentence to show them:
    what is wrong, what was expected, what to do."""
