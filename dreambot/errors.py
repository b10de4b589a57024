"""The exceptions that everything of ours derives from."""


class DreambotError(Exception):
    """Base of every exception dreambot raises on purpose."""


class UserError(DreambotError):
    """Something a person can mend. `str(error)` is one friendly sentence to show them:
    what is wrong, what was expected, what to do."""
