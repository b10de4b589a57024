"""What a recipe says of pictures that move: hellscapes, and dreams on films."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dreambot.recipe.grammar import MAX_LEGS, MAX_TERMS, LayerTerm

MAX_FRAMES = 1800
MAX_FPS = 60

Start = Literal["smooth", "static", "picture"]
Leg = Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS)]
Finite = Field(allow_inf_nan=False)


class Hellscape(BaseModel):
    """The picture fed back: dreamed, moved a little, dreamed again. The recipe's own numbers are one frame's;
    its `layers` are the first leg of the journey, `onward` the others.

    `start`: smooth noise, grey static, or the source. `first_steps` are taken on frame 0 instead of `steps`.
    `frames` are shown at `fps`. Each frame is zoomed by `zoom`, turned by `rotation` degrees and shifted
    by `drift_x`, `drift_y` (shares of its width and height), then sharpened by `sharpen`. Each leg lasts
    `leg_frames`; the last `fade` of them blend into the next. `hold` is the share of its drift in colour
    and contrast that a frame is put right by. With `loop`, that many frames at the end lead back to
    the first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    fps: Annotated[float, Field(ge=1, le=MAX_FPS), Finite] = 12.0
    start: Start = "smooth"
    first_steps: Annotated[int, Field(ge=0, le=200)] = 20
    zoom: Annotated[float, Field(ge=0.8, le=1.25), Finite] = 1.03
    rotation: Annotated[float, Field(ge=-45, le=45), Finite] = 0.6
    drift_x: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    drift_y: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    sharpen: Annotated[float, Field(ge=0, le=1), Finite] = 0.08
    hold: Annotated[float, Field(ge=0, le=1), Finite] = 0.3
    onward: Annotated[tuple[Leg, ...], Field(max_length=MAX_LEGS - 1)] = ()
    leg_frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)] = 30
    fade: Annotated[int, Field(ge=0, le=MAX_FRAMES)] = 12
    loop: Annotated[int, Field(ge=0, le=MAX_FRAMES)] = 0


class Moving(BaseModel):
    """A moving source, dreamed frame by frame. `carry` is the share of the last frame's dream that a frame
    begins with (0: every frame for itself). `frames` is how many of the source's are dreamed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    carry: Annotated[float, Field(ge=0, le=1), Finite] = 0.85
