"""The one grammar for layers: `mixed3+mixed5`, `mixed4*1+mixed5*0.5`, `mixed4[68,47,728]`, `-mixed4`.

A sum of terms; a term is a layer, optionally narrowed to channels with `[…]` and weighted with `*`.
`[top4]` means the four channels that the picture itself excites most. A minus suppresses. A journey goes from
sum to sum with `>`: `mixed4[68,47] > mixed5`. Errors point at the character.
"""

import re
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.layers import find_layer
from dreambot.recipe.reading import MAX_DIGITS, MAX_TEXT, Reader

MAX_TERMS = 8
MAX_CHANNELS = 64
MAX_LEGS = 24
SMALLEST_WEIGHT = 0.001


class LayerTerm(BaseModel):
    """One layer of an objective. `weight`: 0.001 to 10 either side of 0; no channels means all of them,
    or with `strongest` as many as that: the ones that excite the source most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(min_length=1, max_length=64)]
    weight: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)] = 1.0
    channels: Annotated[tuple[Annotated[int, Field(ge=0, lt=4096)], ...], Field(max_length=MAX_CHANNELS)] = ()
    strongest: Annotated[int, Field(ge=0, le=MAX_CHANNELS)] = 0

    @field_validator("weight")
    @classmethod
    def _weight_is_felt(cls, weight: float) -> float:
        if abs(weight) < SMALLEST_WEIGHT:
            raise ValueError(f"a weight is at least {SMALLEST_WEIGHT}")
        return weight

    @model_validator(mode="after")
    def _channels_are_told_once(self) -> Self:
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("a channel is named twice")
        if self.channels and self.strongest:
            raise ValueError("channels are named or chosen by strength, not both")
        return self


def parse_layers(text: str, model: str = "inception_v3") -> tuple[LayerTerm, ...]:
    """Reads a layer expression; names are resolved to the catalogue's, aliases included.

    Raises RecipeError with the expression and a caret under the character where reading stopped.
    """
    return _Parser(text, model).parse_sum()


def parse_journey(
    text: str, model: str = "inception_v3", *, most: int = MAX_TEXT
) -> tuple[tuple[LayerTerm, ...], ...]:
    """Reads sums of layers with `>` between them; one sum alone is a journey that stays. Longer texts than
    `most` characters are not read. Raises as `parse_layers` does."""
    return _Parser(text, model, most).parse_journey()


def format_journey(legs: tuple[tuple[LayerTerm, ...], ...]) -> str:
    """The canonical text of a journey."""
    return " > ".join(format_layers(terms) for terms in legs)


def format_layers(terms: tuple[LayerTerm, ...]) -> str:
    """The canonical text of an expression; `parse_layers` gives the same terms back."""
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


class _Parser(Reader):
    """Recursive descent over a handful of tokens."""

    def __init__(self, text: str, model: str, most: int = MAX_TEXT) -> None:
        super().__init__(text, most)
        self.model = model

    def parse_sum(self) -> tuple[LayerTerm, ...]:
        terms = self._sum()
        if self.sees(">"):
            raise self.wrong("A journey with > is for a hellscape; one picture takes one sum of layers:")
        if self.kind != "end":
            raise self.wrong("Expected + and another layer, or the end, here:")
        return terms

    def parse_journey(self) -> tuple[tuple[LayerTerm, ...], ...]:
        legs = [self._sum()]
        while self.kind != "end":
            at = self.start
            if not self.accept(">"):
                raise self.wrong("Expected + and another layer, > and where to go next, or the end, here:")
            legs.append(self._sum())
            if len(legs) > MAX_LEGS:
                raise self.wrong(f"A journey has at most {MAX_LEGS} stations:", at)
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
                raise self.wrong(f"At most {MAX_TERMS} layers can be mixed:", at)
        return tuple(terms)

    def _term(self, sign: int) -> LayerTerm:
        if self.kind != "name":
            raise self.wrong("Expected a layer name such as mixed5 here:")
        at = self.start
        try:
            layer = find_layer(self.value, self.model)
        except RecipeError as error:
            raise self.wrong(str(error), at) from None
        self.next()
        channels, strongest = self._narrowed(layer.channels) if self.accept("[") else ((), 0)
        weight = 1.0
        if self.accept("*"):
            if self.kind != "number" or not SMALLEST_WEIGHT <= float(self.value) <= 10:
                raise self.wrong(f"Expected a weight from {SMALLEST_WEIGHT} to 10, such as 0.5, here:")
            weight = float(self.value)
            self.next()
        return LayerTerm(layer=layer.name, weight=sign * weight, channels=channels, strongest=strongest)

    def _narrowed(self, count: int) -> tuple[tuple[int, ...], int]:
        top = re.fullmatch(r"top(\d{1,4})", self.value, re.IGNORECASE) if self.kind == "name" else None
        if top is None:
            return self._channels(count), 0
        strongest = int(top[1])
        if not 1 <= strongest <= min(count, MAX_CHANNELS):
            raise self.wrong(f"The strongest 1 to {min(count, MAX_CHANNELS)} channels can be asked for:")
        self.next()
        if not self.accept("]"):
            raise self.wrong("Expected ] here:")
        return (), strongest

    def _channels(self, count: int) -> tuple[int, ...]:
        found: list[int] = []
        while True:
            if self.kind != "number" or not self.value.isdecimal():
                raise self.wrong("Expected a channel number here:")
            if len(self.value) > MAX_DIGITS or int(self.value) >= count:
                raise self.wrong(f"This layer's channels are numbered 0 to {count - 1}:")
            if int(self.value) not in found:
                found.append(int(self.value))
            if len(found) > MAX_CHANNELS:
                raise self.wrong(f"At most {MAX_CHANNELS} channels can be named:")
            self.next()
            if self.accept("]"):
                return tuple(found)
            if not self.accept(","):
                raise self.wrong("Expected , or ] here:")
