"""The second picture of a guided dream, as a recipe names it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SHA256_PATTERN = r"^[0-9a-f]{64}$"
GuideKind = Literal["match", "exaggerate", "caricature", "style"]
GuideUse = Literal["shapes", "style"]
"""What people choose of a second picture."""
KIND_OF_USE: dict[GuideUse, GuideKind] = {"shapes": "exaggerate", "style": "style"}


class Guide(BaseModel):
    """The second picture of a guided dream. Its file is not in the recipe and must be supplied again.

    Attributes:
        sha256: Of the file.
        kind: `match`: every position maximises the similarity to the guide's feature vector that it resembles
            most (google/deepdream's guided dreams), as in recipes of earlier versions. `exaggerate`: the
            direction of the guide's own features is exaggerated everywhere. `caricature`: likewise; without
            a guide, those of the source. `style`: the dream takes the guide's strokes, textures and colours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=SHA256_PATTERN)]
    kind: GuideKind = "match"
