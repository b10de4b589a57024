"""Circuit bends as people write them: `swap@mixed1=0.3+cut@mixed2=0.6`, a sum of kind@layer=amount.

The amount may be left out. Errors point at the character.
"""

import difflib
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dreambot.recipe.bend_kinds import BENDS, Bend, BendKind, plain
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.layers import LAYERS, find_layer
from dreambot.recipe.reading import Reader

MAX_BENDS = 8
_DIGITS = 4
_LEADS_NOWHERE = "leads nowhere, so that a bend there would change nothing; bend a layer before it"


class BendTerm(BaseModel):
    """One bend of one layer: `swap@mixed1=0.3`. `amount` is in the kind's own unit, see `BENDS`, and is kept
    to four digits behind the point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: BendKind
    layer: Annotated[str, Field(min_length=1, max_length=64)]
    amount: Annotated[float, Field(ge=0, le=4096, allow_inf_nan=False)]

    @field_validator("amount")
    @classmethod
    def _as_written(cls, amount: float) -> float:
        return round(amount, _DIGITS)

    @model_validator(mode="after")
    def _amount_is_possible(self) -> Self:
        if objection := BENDS[self.kind].objection(self.amount):
            raise ValueError(objection)
        return self


def parse_bends(text: str, model: str = "inception_v3") -> tuple[BendTerm, ...]:
    """Reads a sum of bends; a bend without an amount gets a middling one.

    Raises RecipeError with the expression and a caret under the character where reading stopped.
    """
    return _Parser(text, model).parse()


def format_bends(bends: Iterable[BendTerm]) -> str:
    """The canonical text of bends; `parse_bends` gives the same ones back."""
    return "+".join(f"{bend.kind}@{bend.layer}={plain(bend.amount)}" for bend in bends)


def check_upstream(bends: Iterable[BendTerm], dreamed: Iterable[str], model: str) -> None:
    """RecipeError if a bend would change nothing: a network is read no further than the deepest layer that is
    dreamed. All names are the catalogue's."""
    places = {layer.name: place for place, layer in enumerate(LAYERS[model])}
    deepest = max(dreamed, key=places.__getitem__)
    for bend in bends:
        if LAYERS[model][places[bend.layer]].objective == "logit":
            raise RecipeError(f"{bend.layer} {_LEADS_NOWHERE}.")
        if places[bend.layer] > places[deepest]:
            raise RecipeError(
                f"A bend at {bend.layer} changes nothing in a dream of {deepest}, which comes before it; "
                "bend upstream, or dream a deeper layer."
            )


class _Parser(Reader):
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
                raise self.wrong("Expected + and another bend, or the end, here:")
            terms.append(self._term())
            if len(terms) > MAX_BENDS:
                raise self.wrong(f"At most {MAX_BENDS} bends can be mixed:", at)
        return tuple(terms)

    def _term(self) -> BendTerm:
        bend = self._bend()
        if not self.accept("@"):
            raise self.wrong(f"Expected @ and the layer to bend, such as {bend.kind}@{self.example}, here:")
        layer = self._layer()
        amount = self._amount(bend) if self.accept("=") else bend.at(0.5)
        return BendTerm(kind=bend.kind, layer=layer, amount=amount)

    def _bend(self) -> Bend:
        if self.kind != "name":
            raise self.wrong(f"Expected a bend such as swap@{self.example}=0.3 here:")
        bend = BENDS.get(self.value.lower())
        if bend is None:
            near = difflib.get_close_matches(self.value.lower(), BENDS, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(BENDS)}."
            raise self.wrong(f"There is no bend called “{self.value[:40]}”; {hint}")
        self.next()
        return bend

    def _layer(self) -> str:
        if self.kind != "name":
            raise self.wrong(f"Expected a layer name such as {self.example} here:")
        try:
            layer = find_layer(self.value, self.model)
        except RecipeError as error:
            raise self.wrong(str(error)) from None
        if layer.objective == "logit":
            raise self.wrong(f"{layer.name} {_LEADS_NOWHERE}:")
        self.next()
        return layer.name

    def _amount(self, bend: Bend) -> float:
        if self.kind != "number":
            raise self.wrong(f"Expected an amount such as {plain(bend.at(0.5))} here:")
        amount = round(float(self.value), _DIGITS)
        if objection := bend.objection(amount):
            raise self.wrong(f"{objection}:")
        self.next()
        return amount
