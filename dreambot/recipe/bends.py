"""Circuit bends: what can be done to a network's activations, how far, and what comes of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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
MAX_BENDS = 8


class BendTerm(BaseModel):
    """One bend of one layer: `swap@mixed1=0.3`. `amount` is in the kind's own unit, see `BENDS`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: BendKind
    layer: Annotated[str, Field(min_length=1, max_length=64)]
    amount: Annotated[float, Field(ge=0, le=4096, allow_inf_nan=False)]
