"""The base classes of dreambot's exceptions, and the messages that they show to people."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from dreambot.i18n.catalogue import Translator

log = logging.getLogger(__name__)

VERBATIM = "errors-verbatim"
"""The code of a sentence that has none: its text is the parameter `text`."""


class DreambotError(Exception):
    """Base of every exception dreambot raises on purpose."""


@dataclass(frozen=True)
class Message:
    """A sentence for people: a key of the message catalogues and the values of its variables.

    Attributes:
        code: The key in `dreambot/i18n/*/*.ftl`.
        params: The values by name. A list is shown as `a, b or c`, a message as its text. `excerpt` is no
            variable: it is what the user wrote, and follows the sentence on lines of its own.
        default: The English text of a message that the catalogues need not have; empty for all others.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    default: str = ""

    def text(self, translator: Translator | None = None) -> str:
        """Returns the sentence.

        Args:
            translator: The language; English if None.
        """
        if self.code == VERBATIM:
            # Fluent limits the length of a value.
            return str(self.params.get("text", ""))
        # Most processes never show an error, and the catalogues take 0.2 s to import.
        from dreambot.i18n.catalogue import translator_for
        from dreambot.i18n.formatting import join_items

        translator = translator or translator_for(None)
        values = dict(self.params)
        for name, value in self.params.items():
            if isinstance(value, Message):
                values[name] = value.text(translator)
            elif isinstance(value, list):
                values[name] = join_items(translator, value, "or")
        excerpt = values.pop("excerpt", "")
        try:
            sentence = translator(self.code, **values)
        except KeyError:
            sentence = self.default
            if not sentence:
                # A newer version stored it.
                log.error("there is no message %s", self.code)
                sentence = translator("errors-broken")
        return f"{sentence}\n{excerpt}" if excerpt else sentence

    def to_dict(self) -> dict[str, Any]:
        """Returns the message as JSON values, for another process or the database."""
        params = {
            name: value.to_dict() if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        values: dict[str, Any] = {"code": self.code, "params": params}
        return values | ({"default": self.default} if self.default else {})

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """Reads what `to_dict` returned.

        Args:
            values: Decoded JSON.

        Raises:
            ValueError: It is not a message.
        """
        match values:
            case {"code": str(code), "params": dict(params)}:
                return cls(
                    code,
                    {
                        str(name): cls.from_dict(value) if isinstance(value, dict) else _as_json_value(value)
                        for name, value in params.items()
                    },
                    str(values.get("default", "")),
                )
        raise ValueError(f"not a message: {values!r}")

    def to_json(self) -> str:
        """Returns the message as a line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads a message from another process or the database.

        Args:
            text: What `to_json` returned. Any other text is shown as it is: earlier versions stored English
                sentences.
        """
        try:
            return cls.from_dict(json.loads(text))
        except (ValueError, RecursionError):
            return cls(VERBATIM, {"text": text})


class UserError(DreambotError):
    """Something that a person can fix, with a message for them: what is wrong, what was expected, what to do.

    `str` of it is the English text.

    Attributes:
        message: The message.
    """

    def __init__(self, code: str, /, **params: Any) -> None:
        """Stores the message.

        Args:
            code: The key of the message in the catalogues.
            params: The values of its variables; see `Message`. Paths, exceptions and the like become text.
        """
        super().__init__(code)
        self.message = Message(code, {name: _as_json_value(value) for name, value in params.items()})

    @classmethod
    def of(cls, message: Message) -> Self:
        """Returns the error with a message that came from another process or the database.

        Args:
            message: The message.
        """
        return cls(message.code, **message.params)

    def text(self, translator: Translator | None = None) -> str:
        """Returns the message as text.

        Args:
            translator: The language; English if None.
        """
        return self.message.text(translator)

    def __str__(self) -> str:
        return self.text()


def _as_json_value(value: Any) -> Any:
    if isinstance(value, str | int | float | Message):
        return value
    return [str(item) for item in value] if isinstance(value, list | tuple) else str(value)
