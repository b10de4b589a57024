"""Reading of small expressions, with errors that point at the character."""

import re

from dreambot.recipe.errors import RecipeError

MAX_TEXT = 400

MAX_DIGITS = 20
"""Digits of the longest number that is looked at; `int` refuses texts of thousands."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z][\w./]*)|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<sign>[-+*,>@=\[\]]))"
)


class Reader:
    """A text and the token it is at: `kind` name, number, sign, bad or end; its `value`; where it starts."""

    def __init__(self, text: str, most: int = MAX_TEXT) -> None:
        """RecipeError when it is too long to be read."""
        if len(text) > most:
            raise RecipeError(f"That is {len(text)} characters long; at most {most} are read.")
        self.text = text
        self._behind = 0
        self.kind, self.value, self.start = "", "", 0
        self.next()

    def next(self) -> None:
        """Goes on to the next token."""
        match = _TOKEN.match(self.text, self._behind)
        if match:
            self.kind = match.lastgroup or ""
            self.value, self.start, self._behind = match[self.kind], match.start(self.kind), match.end()
        else:
            rest = self.text[self._behind :]
            self.start = self._behind + len(rest) - len(rest.lstrip())
            self.kind, self.value = ("end", "") if not rest.strip() else ("bad", self.text[self.start])

    def sees(self, signs: str) -> bool:
        """Whether the token is one of these signs."""
        return self.kind == "sign" and self.value in signs

    def accept(self, sign: str) -> bool:
        """Goes on if the token is this sign, and says whether it was."""
        found = self.sees(sign)
        if found:
            self.next()
        return found

    def wrong(self, message: str, at: int | None = None) -> RecipeError:
        """The error to raise: the message, the text, and a caret under the token or the character `at`."""
        where = self.start if at is None else at
        return RecipeError(f"{message}\n    {self.text}\n    {' ' * where}^")
