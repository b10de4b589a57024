"""Errors that are told in the language of whoever reads them."""

from dreambot.chat.words.catalogue import FALLBACK, Words, words
from dreambot.errors import UserError


class Told(UserError):
    """What to tell is in the catalogue. key, values: as `Words` takes them. `str` is English, for the log."""

    def __init__(self, key: str, /, **values: str | float) -> None:
        self.key = key
        self.values = values
        super().__init__(self.said(words(FALLBACK)))

    def said(self, words: Words) -> str:
        """What to tell, in a language."""
        return words(self.key, **self.values)
