"""Errors whose text is in the catalogues."""

from dreambot.errors import UserError
from dreambot.i18n.catalogue import FALLBACK, Translator, translator_for


class TranslatedError(UserError):
    """What to tell is in the catalogue. key, values: as `Words` takes them. `str` is English, for the log."""

    def __init__(self, key: str, /, **values: str | float) -> None:
        self.key = key
        self.values = values
        super().__init__(self.said(translator_for(FALLBACK)))

    def said(self, words: Translator) -> str:
        """What to tell, in a language."""
        return words(self.key, **self.values)
