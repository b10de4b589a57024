"""Parses and formats layer expressions.

`mixed3+mixed5`, `mixed4*1+mixed5*0.5`, `mixed4[68,47,728]`, `-mixed4`: an expression is a sum of terms. A
term is a layer, optionally narrowed to channels with `[…]` and weighted with `*`. `[top4]` means the four
channels with the strongest activations for the source. A minus suppresses. `faces:s64_1+mixed5` adds a
layer of another network. A journey joins several expressions with `>`: `mixed4[68,47] > mixed5`. Errors
point at the character.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.layers import find_canonical, find_layer, qualified_name

MAX_EXPRESSION_LENGTH = 400

MAX_DIGITS = 20
"""Digits of the longest number that is converted; `int` refuses thousands of digits."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z][\w./]*(?::[A-Za-z][\w./]*)?)|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<sign>[-+*,>@=\[\]]))"
)


class Tokenizer:
    """A text and its current token.

    Attributes:
        text: The text.
        kind: `name`, `number`, `sign`, `bad` or `end`.
        value: The characters of the token.
        start: The index of the first of them.
    """

    def __init__(self, text: str, max_length: int = MAX_EXPRESSION_LENGTH) -> None:
        """Reads the first token.

        Args:
            text: The text.
            max_length: The most characters that are read.

        Raises:
            RecipeError: The text is longer.
        """
        if len(text) > max_length:
            raise RecipeError("errors-too-long", count=len(text), most=max_length)
        self.text = text
        self._end = 0
        self.kind, self.value, self.start = "", "", 0
        self.next()

    def next(self) -> None:
        """Reads the next token."""
        match = _TOKEN.match(self.text, self._end)
        if match:
            self.kind = match.lastgroup or ""
            self.value, self.start, self._end = match[self.kind], match.start(self.kind), match.end()
        else:
            rest = self.text[self._end :]
            self.start = self._end + len(rest) - len(rest.lstrip())
            self.kind, self.value = ("end", "") if not rest.strip() else ("bad", self.text[self.start])

    def sees(self, signs: str) -> bool:
        """Returns whether the token is one of these signs.

        Args:
            signs: The signs, one character each.
        """
        return self.kind == "sign" and self.value in signs

    def accept(self, sign: str) -> bool:
        """Reads the next token if this one is a sign, and returns whether it is.

        Args:
            sign: The sign.
        """
        found = self.sees(sign)
        if found:
            self.next()
        return found

    def wrong(self, code: str, at: int | None = None, **params: Any) -> RecipeError:
        """Returns the error to raise: a message, the text, and a caret under a character.

        Args:
            code: The key of the message.
            at: The index of the character; that of the current token if None.
            params: The message's values.
        """
        where = self.start if at is None else at
        return RecipeError(code, **params, excerpt=f"    {self.text}\n    {' ' * where}^")


MAX_TERMS = 8
MAX_CHANNELS = 64
MAX_LEGS = 24
MIN_WEIGHT = 0.001


class LayerTerm(BaseModel):
    """One layer of an objective.

    Attributes:
        layer: The canonical name of the layer; `faces:s64_1` if it is not the recipe's model's.
        weight: 0.001 to 10, or the same below 0 to suppress.
        channels: The channels; empty for all of them.
        strongest: If above 0, this many channels, those with the strongest activations for the source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(min_length=1, max_length=64)]
    weight: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)] = 1.0
    channels: Annotated[tuple[Annotated[int, Field(ge=0, lt=4096)], ...], Field(max_length=MAX_CHANNELS)] = ()
    strongest: Annotated[int, Field(ge=0, le=MAX_CHANNELS)] = 0

    @property
    def unresolved(self) -> bool:
        """Whether its channels depend on the source."""
        return self.strongest > 0 and not self.channels

    @field_validator("weight")
    @classmethod
    def _check_weight(cls, weight: float) -> float:
        if abs(weight) < MIN_WEIGHT:
            raise RecipeError("errors-problem-weight", least=MIN_WEIGHT)
        return weight

    @model_validator(mode="after")
    def _check_channels(self) -> Self:
        if len(set(self.channels)) < len(self.channels):
            raise RecipeError("errors-problem-channel-twice")
        if self.channels and self.strongest:
            raise RecipeError("errors-problem-named-or-strongest")
        return self


def parse_layers(text: str, model: str = "inception_v3") -> tuple[LayerTerm, ...]:
    """Reads a layer expression.

    Args:
        text: The expression. Names and aliases become the canonical names.
        model: The architecture.

    Raises:
        RecipeError: With the expression and a caret under the character where reading stopped.
    """
    return _LayerParser(text, model).parse_sum()


def parse_journey(
    text: str, model: str = "inception_v3", *, max_length: int = MAX_EXPRESSION_LENGTH
) -> tuple[tuple[LayerTerm, ...], ...]:
    """Reads expressions with `>` between them; a single one is a journey of one leg.

    Args:
        text: The journey.
        model: The architecture.
        max_length: The most characters that are read.

    Raises:
        RecipeError: As `parse_layers` does.
    """
    return _LayerParser(text, model, max_length).parse_journey()


def format_journey(legs: tuple[tuple[LayerTerm, ...], ...]) -> str:
    """Returns the canonical text of a journey.

    Args:
        legs: The layer terms of each leg.
    """
    return " > ".join(format_layers(terms) for terms in legs)


def format_layers(terms: tuple[LayerTerm, ...]) -> str:
    """Returns the canonical text of an expression; `parse_layers` gives the same terms back.

    Args:
        terms: The layer terms.
    """
    out = ""
    for term in terms:
        size = abs(term.weight)
        out += "-" if term.weight < 0 else ("+" if out else "")
        out += term.layer
        if term.channels:
            out += "[" + ",".join(map(str, term.channels)) + "]"
        elif term.strongest:
            out += f"[top{term.strongest}]"
        if size != 1:
            out += f"*{size!r}".removesuffix(".0")
    return out


def check_terms(terms: Iterable[LayerTerm], model: str) -> None:
    """Checks that layers have their canonical names, and the channels that are named.

    Args:
        terms: The layer terms.
        model: The architecture that names without a prefix belong to.

    Raises:
        RecipeError: There is no such layer or channel.
    """
    for term in terms:
        layer = find_canonical(term.layer, model)
        if layer is None:
            raise RecipeError("errors-problem-layer", model=model, name=term.layer)
        if any(channel >= layer.channels for channel in (*term.channels, term.strongest - 1)):
            raise RecipeError("errors-problem-channels", name=term.layer, count=layer.channels)


def other_models(terms: Iterable[LayerTerm], model: str) -> tuple[str, ...]:
    """Returns the architectures, in alphabetical order, that terms name besides that of the recipe.

    Args:
        terms: The layer terms.
        model: The architecture that names without a prefix belong to.
    """
    named = {find_layer(term.layer, model).model for term in terms}
    return tuple(sorted(named - {model}))


class _LayerParser(Tokenizer):
    """A recursive descent parser."""

    def __init__(self, text: str, model: str, max_length: int = MAX_EXPRESSION_LENGTH) -> None:
        super().__init__(text, max_length)
        self.model = model

    def parse_sum(self) -> tuple[LayerTerm, ...]:
        terms = self._sum()
        if self.sees(">"):
            raise self.wrong("errors-no-journey-here")
        if self.kind != "end":
            raise self.wrong("errors-end-expected")
        return terms

    def parse_journey(self) -> tuple[tuple[LayerTerm, ...], ...]:
        legs = [self._sum()]
        while self.kind != "end":
            at = self.start
            if not self.accept(">"):
                raise self.wrong("errors-journey-end-expected")
            legs.append(self._sum())
            if len(legs) > MAX_LEGS:
                raise self.wrong("errors-too-many-stations", at, most=MAX_LEGS)
        return tuple(legs)

    def _sum(self) -> tuple[LayerTerm, ...]:
        terms = [self._term(-1 if self.accept("-") else 1)]
        while self.sees("+-"):
            at = self.start
            sign = 1 if self.accept("+") else -1
            if sign < 0:
                self.accept("-")
            terms.append(self._term(sign))
            if len(terms) > MAX_TERMS:
                raise self.wrong("errors-too-many-layers", at, most=MAX_TERMS)
        return tuple(terms)

    def _term(self, sign: int) -> LayerTerm:
        if self.kind != "name":
            raise self.wrong("errors-layer-expected")
        at = self.start
        try:
            layer = find_layer(self.value, self.model)
        except RecipeError as error:
            raise self.wrong(error.message.code, at, **error.message.params) from None
        self.next()
        channels, strongest = self._narrowed(layer.channels) if self.accept("[") else ((), 0)
        weight = 1.0
        if self.accept("*"):
            if self.kind != "number" or not MIN_WEIGHT <= float(self.value) <= 10:
                raise self.wrong("errors-weight-expected", least=MIN_WEIGHT)
            weight = float(self.value)
            self.next()
        name = qualified_name(layer, self.model)
        return LayerTerm(layer=name, weight=sign * weight, channels=channels, strongest=strongest)

    def _narrowed(self, count: int) -> tuple[tuple[int, ...], int]:
        top = re.fullmatch(r"top(\d{1,4})", self.value, re.IGNORECASE) if self.kind == "name" else None
        if top is None:
            return self._channels(count), 0
        strongest = int(top[1])
        if not 1 <= strongest <= min(count, MAX_CHANNELS):
            raise self.wrong("errors-strongest", most=min(count, MAX_CHANNELS))
        self.next()
        if not self.accept("]"):
            raise self.wrong("errors-bracket-expected")
        return (), strongest

    def _channels(self, count: int) -> tuple[int, ...]:
        found: list[int] = []
        while True:
            if self.kind != "number" or not self.value.isdecimal():
                raise self.wrong("errors-channel-expected")
            if len(self.value) > MAX_DIGITS or int(self.value) >= count:
                raise self.wrong("errors-channel-range", most=count - 1)
            if int(self.value) not in found:
                found.append(int(self.value))
            if len(found) > MAX_CHANNELS:
                raise self.wrong("errors-too-many-channels", most=MAX_CHANNELS)
            self.next()
            if self.accept("]"):
                return tuple(found)
            if not self.accept(","):
                raise self.wrong("errors-comma-expected")
