"""A second picture that a dream looks at."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SHA256 = r"^[0-9a-f]{64}$"
GuideKind = Literal["match", "caricature"]


class Guide(BaseModel):
    """The picture itself is not in the recipe, only the sha256 of its file: it must be supplied again.

    `match`: every spot climbs towards the guide's feature vector that it resembles most (google/deepdream's
    guided dreams). `caricature`: the direction of the guide's own features is exaggerated everywhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=SHA256)]
    kind: GuideKind = "match"
