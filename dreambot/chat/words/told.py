"""Errors that are told in the language of whoever reads them."""

from dreambot.chat.words.catalogue import FALLBACK, words
from dreambot.errors import UserError


class Told(UserError):
    """What to tell is in the catalogue. key, values: as `Words` takes them. `str` is English, for the log."""

    def __init__(self, key: str, /, **values: str | float) -> None:
        super().__init__(words(FALLBACK)(key, **values))
        self.key = key
        self.values = values
