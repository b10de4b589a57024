"""How a channel's posted pictures are dreamed unasked."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Trigger = Literal["post", "reaction"]
Look = Literal["surprise", "roulette", "fixed"]


class AutoDream(BaseModel):
    """chance: 0 (off) to 1. trigger: a posted picture, or a 👁️ that somebody puts on one, where chance is only
    on or off. look: layers at random, a preset at random, or the `preset` named. cooldown: seconds between
    two in the channel. hourly: at most so many an hour; None is the operator's number."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    chance: Annotated[float, Field(ge=0, le=1)] = 0.0
    trigger: Trigger = "post"
    look: Look = "surprise"
    preset: str | None = None
    cooldown: Annotated[int, Field(ge=0, le=86_400)] = 0
    hourly: Annotated[int, Field(ge=1, le=1000)] | None = None
