"""Bend terms of a recipe, and expressions such as `swap@mixed1=0.3+cut@mixed2=0.6`.

An expression is a sum of kind@layer=amount; the amount may be left out. Errors point at the character. The
kinds are in `bend_effects`.
"""

import difflib
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dreambot.recipe.bend_effects import BENDS, Bend, format_amount
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import Tokenizer
from dreambot.recipe.layers import BEND_LAYERS, LAYERS, find_layer, qualified_name

MAX_BENDS = 8
_AMOUNT_DECIMALS = 4


def _check_kind(kind: str) -> str:
    if kind not in BENDS:
        # What pydantic raises for a `Literal`, which a type checker could not evaluate here.
        raise PydanticCustomError(
            "literal_error", "Input should be one of {expected}", {"expected": ", ".join(BENDS)}
        )
    return kind


class BendTerm(BaseModel):
    """One bend of one layer: `swap@mixed1=0.3`.

    Attributes:
        kind: A key of `BENDS`.
        layer: The canonical name of the layer whose output, or weights, are bent.
        amount: In the kind's own unit, rounded to four decimals.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, AfterValidator(_check_kind)]
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
    """Reads a sum of bends; a bend without an amount gets one halfway between mild and wild.

    Args:
        text: The expression.
        model: The architecture.

    Raises:
        RecipeError: With the expression and a caret under the character where reading stopped.
    """
    return _BendParser(text, model).parse()


def format_bends(bends: Iterable[BendTerm]) -> str:
    """Returns the canonical text of bends; `parse_bends` gives the same ones back.

    Args:
        bends: The bends.
    """
    return "+".join(f"{bend.kind}@{bend.layer}={format_amount(bend.amount)}" for bend in bends)


def check_upstream(bends: Iterable[BendTerm], dreamed: Iterable[str], model: str) -> None:
    """Checks that every bend changes something: a network is evaluated only up to the deepest dreamed layer.

    Args:
        bends: The bends.
        dreamed: The canonical names of the dreamed layers.
        model: The architecture.

    Raises:
        RecipeError: A bend is behind the dreamed layers, or at a layer that no other follows.
    """
    found = {name: find_layer(name, model) for name in dreamed}
    for bend in bends:
        layer = find_layer(bend.layer, model)
        if layer.objective == "logit":
            raise RecipeError("errors-bend-nowhere", name=bend.layer)
        places = LAYERS[layer.model].index
        behind = {name: places(other) for name, other in found.items() if other.model == layer.model}
        deepest = max(behind, key=behind.__getitem__, default="")
        if not deepest or places(layer) > behind[deepest]:
            raise RecipeError("errors-bend-later", name=bend.layer, other=deepest or ", ".join(found))


class _BendParser(Tokenizer):
    """kind@layer=amount, with + in between."""

    def __init__(self, text: str, model: str) -> None:
        super().__init__(text)
        self.model = model
        bent = BEND_LAYERS[model].bent
        self.example = bent[len(bent) // 2]

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
        return qualified_name(layer, self.model)

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
