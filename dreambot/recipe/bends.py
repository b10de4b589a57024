"""Circuit bends: the kinds there are, their ranges, and expressions such as `swap@mixed1=0.3+cut@mixed2=0.6`.

An expression is a sum of kind@layer=amount; the amount may be left out. Errors point at the character.

Ranges were chosen by eye on InceptionV3: at the mild end a picture stays beautiful, at the wild end it is
still worth posting. `dreambot dream photo.jpg -o out.png --bend cut@mixed1=0.3` shows one again.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dreambot.errors import Message
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import Tokenizer
from dreambot.recipe.layers import LAYERS, find_layer

BendKind = Literal[
    "cut",
    "solo",
    "swap",
    "shift",
    "invert",
    "power",
    "gain",
    "noise",
    "matrix",
    "feedback",
    "gate",
    "delay",
    "crosstalk",
    "fold",
]


@dataclass(frozen=True)
class Bend:
    """A kind of bend. `does` is for people; `unit` says what an amount counts.

    `mild` and `wild` are the amounts of chaos 1 and 11 (of solo, less is wilder); between `least` and `most`
    any amount is taken. `depth` is where in a network, as a share of its layers, chance uses it; people may
    bend anywhere. `whole`: only whole numbers mean something.
    """

    kind: BendKind
    does: str
    unit: str
    mild: float
    wild: float
    least: float
    most: float
    depth: tuple[float, float] = (0.25, 0.47)
    whole: bool = False

    @property
    def description(self) -> Message:
        """What it does, in every language."""
        return Message(f"bend-{self.kind}", default=self.does)

    def at(self, share: float) -> float:
        """The amount at a share, 0 to 1, of the way from mild to wild."""
        amount = self.mild + share * (self.wild - self.mild)
        return float(round(amount)) if self.whole else round(amount, 2)

    def amount_error(self, amount: float) -> Message | None:
        """Checks an amount.

        Args:
            amount: In the unit of this kind.

        Returns:
            What is wrong with it; None if nothing is.
        """
        if self.least <= amount <= self.most and (not self.whole or float(amount).is_integer()):
            return None
        numbers = {"least": self.least, "most": self.most, "mild": self.mild, "wild": self.wild}
        params: dict[str, Any] = {name: format_amount(number) for name, number in numbers.items()}
        params |= {"name": self.kind, "unit": Message(f"bend-{self.kind}-unit", default=self.unit)}
        return Message(
            "errors-problem-bend-whole-amount" if self.whole else "errors-problem-bend-amount", params
        )


def format_amount(amount: float) -> str:
    """A number as people write it: 0.3, 12, never 1e-05."""
    return format(Decimal(repr(amount)), "f").removesuffix(".0")


_SHARE_OF_CHANNELS = "share of the channels"

BENDS: dict[str, Bend] = {
    bend.kind: bend
    for bend in (
        Bend("cut", "silences channels: new palettes", _SHARE_OF_CHANNELS, 0.3, 0.9, 0, 0.99),
        Bend(
            "solo", "lets only few channels be heard: tiles, tartan", _SHARE_OF_CHANNELS, 0.35, 0.05, 0.002, 1
        ),
        Bend("swap", "plugs channels into each other's places", _SHARE_OF_CHANNELS, 0.15, 1, 0, 1),
        Bend("shift", "plugs every channel in some places further on", "places", 1, 32, 0, 4096, whole=True),
        Bend("invert", "turns channels upside down: veins, cracks", _SHARE_OF_CHANNELS, 0.15, 1, 0, 1),
        Bend("power", "makes the loud louder: bullseyes", "exponent", 1.3, 2.2, 0.2, 4),
        Bend("gain", "turns every channel's volume at random: bricks", "spread", 0.4, 1.6, 0, 8),
        Bend("noise", "shakes the weights: runes", "share of their spread", 0.3, 1.6, 0, 4),
        Bend("matrix", "wires every channel to every other: dunes", "strength", 0.4, 2, 0, 8),
        Bend(
            "feedback", "lets the last step leak back: bubbles", "share kept", 0.4, 0.9, 0, 0.98, (0.3, 0.47)
        ),
        Bend("gate", "lets only peaks through: combed fur", "deviations over the mean", 0.7, 2.2, 0, 6),
        Bend("delay", "makes louder what was loud a step ago", "strength", 0.4, 1.5, 0, 8),
        Bend("crosstalk", "lets channels overhear their neighbours: green skin", "share", 0.3, 1, 0, 1),
        Bend("fold", "folds the loud back down: scales, rings", "drive", 0.5, 2, 0, 8),
    )
}

MAX_BENDS = 8
_AMOUNT_DECIMALS = 4


class BendTerm(BaseModel):
    """One bend of one layer: `swap@mixed1=0.3`. `amount` is in the kind's own unit, see `BENDS`, and is kept
    to four digits behind the point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: BendKind
    layer: Annotated[str, Field(min_length=1, max_length=64)]
    amount: Annotated[float, Field(ge=0, le=4096, allow_inf_nan=False)]

    @field_validator("amount")
    @classmethod
    def _round_amount(cls, amount: float) -> float:
        return round(amount, _AMOUNT_DECIMALS)

    @model_validator(mode="after")
    def _check_amount(self) -> Self:
        if amount_error := BENDS[self.kind].amount_error(self.amount):
            raise RecipeError.of(amount_error)
        return self


def parse_bends(text: str, model: str = "inception_v3") -> tuple[BendTerm, ...]:
    """Reads a sum of bends; a bend without an amount gets a middling one.

    Raises RecipeError with the expression and a caret under the character where reading stopped.
    """
    return _BendParser(text, model).parse()


def format_bends(bends: Iterable[BendTerm]) -> str:
    """The canonical text of bends; `parse_bends` gives the same ones back."""
    return "+".join(f"{bend.kind}@{bend.layer}={format_amount(bend.amount)}" for bend in bends)


def check_upstream(bends: Iterable[BendTerm], dreamed: Iterable[str], model: str) -> None:
    """RecipeError if a bend would change nothing: a network is read no further than the deepest layer that is
    dreamed. All names are the catalogue's."""
    places = {layer.name: place for place, layer in enumerate(LAYERS[model])}
    deepest = max(dreamed, key=places.__getitem__)
    for bend in bends:
        if LAYERS[model][places[bend.layer]].objective == "logit":
            raise RecipeError("errors-bend-nowhere", name=bend.layer)
        if places[bend.layer] > places[deepest]:
            raise RecipeError("errors-bend-later", name=bend.layer, other=deepest)


class _BendParser(Tokenizer):
    """kind@layer=amount, with + in between."""

    def __init__(self, text: str, model: str) -> None:
        super().__init__(text)
        self.model = model
        trunk = [layer.name for layer in LAYERS[model] if layer.objective != "logit"]
        self.example = trunk[2 * len(trunk) // 5]

    def parse(self) -> tuple[BendTerm, ...]:
        terms = [self._term()]
        while self.kind != "end":
            at = self.start
            if not self.accept("+"):
                raise self.wrong("errors-bend-end-expected")
            terms.append(self._term())
            if len(terms) > MAX_BENDS:
                raise self.wrong("errors-too-many-bends", at, most=MAX_BENDS)
        return tuple(terms)

    def _term(self) -> BendTerm:
        bend = self._bend()
        if not self.accept("@"):
            raise self.wrong("errors-bend-at-expected", example=f"{bend.kind}@{self.example}")
        layer = self._layer()
        amount = self._amount(bend) if self.accept("=") else bend.at(0.5)
        return BendTerm(kind=bend.kind, layer=layer, amount=amount)

    def _bend(self) -> Bend:
        if self.kind != "name":
            raise self.wrong("errors-bend-expected", example=f"swap@{self.example}=0.3")
        bend = BENDS.get(self.value.lower())
        if bend is None:
            near = difflib.get_close_matches(self.value.lower(), BENDS, n=3, cutoff=0.5)
            code = "errors-no-bend" if near else "errors-no-bend-at-all"
            raise self.wrong(code, name=self.value[:40], names=near or list(BENDS))
        self.next()
        return bend

    def _layer(self) -> str:
        if self.kind != "name":
            raise self.wrong("errors-layer-expected-such-as", example=self.example)
        try:
            layer = find_layer(self.value, self.model)
        except RecipeError as error:
            raise self.wrong(error.message.code, **error.message.params) from None
        if layer.objective == "logit":
            raise self.wrong("errors-bend-nowhere-here", name=layer.name)
        self.next()
        return layer.name

    def _amount(self, bend: Bend) -> float:
        if self.kind != "number":
            raise self.wrong("errors-amount-expected", example=format_amount(bend.at(0.5)))
        amount = round(float(self.value), _AMOUNT_DECIMALS)
        if amount_error := bend.amount_error(amount):
            raise self.wrong(
                "errors-bend-whole-amount" if bend.whole else "errors-bend-amount", **amount_error.params
            )
        self.next()
        return amount
