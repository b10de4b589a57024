"""What a recipe says of pictures that move: hellscapes, and dreams on films."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dreambot.recipe.grammar import MAX_LEGS, MAX_TERMS, LayerTerm

MAX_FRAMES = 1800
MAX_FPS = 60
MAX_LOOP = 60

Start = Literal["smooth", "static", "picture"]
Leg = Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS)]
LegFrames = Annotated[int, Field(ge=1, le=MAX_FRAMES)]
Fade = Annotated[int, Field(ge=0, le=MAX_FRAMES)]
Finite = Field(allow_inf_nan=False)


class Hellscape(BaseModel):
    """The picture fed back: dreamed, moved a little, dreamed again. The recipe's own numbers are one frame's;
    its `layers` are the first leg of the journey, `onward` the others. After the last leg the first comes
    again.

    `start`: smooth noise, grey static, or the source. `first_steps` are taken on frame 0 instead of `steps`,
    and over the `melt` frames that follow the steps grow to their full length. `frames` are shown at `fps`;
    between two that are dreamed, `between` are in-between pictures. Each dreamed frame is zoomed by `zoom`,
    turned by `rotation` degrees and shifted by `drift_x`, `drift_y` (shares of its width and height), then
    sharpened by `sharpen`. Legs last `leg_frames` dreamed frames, one number for all of them or one for each;
    the last `fade` of them (again one or each) blend into the next leg. `hold` is the share of its drift in
    colour and contrast that a frame is put right by. With `loop`, that many dreamed frames at the end lead
    back to the first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    fps: Annotated[float, Field(ge=1, le=MAX_FPS), Finite] = 12.0
    between: Annotated[int, Field(ge=0, le=4)] = 0
    start: Start = "smooth"
    first_steps: Annotated[int, Field(ge=0, le=200)] = 20
    melt: Annotated[int, Field(ge=0, le=MAX_FRAMES)] = 0
    zoom: Annotated[float, Field(ge=0.8, le=1.25), Finite] = 1.03
    rotation: Annotated[float, Field(ge=-45, le=45), Finite] = 0.6
    drift_x: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    drift_y: Annotated[float, Field(ge=-0.1, le=0.1), Finite] = 0.0
    sharpen: Annotated[float, Field(ge=0, le=1), Finite] = 0.08
    hold: Annotated[float, Field(ge=0, le=1), Finite] = 0.3
    onward: Annotated[tuple[Leg, ...], Field(max_length=MAX_LEGS - 1)] = ()
    leg_frames: Annotated[tuple[LegFrames, ...], Field(min_length=1, max_length=MAX_LEGS)] = (30,)
    fade: Annotated[tuple[Fade, ...], Field(min_length=1, max_length=MAX_LEGS)] = (0,)
    loop: Annotated[int, Field(ge=0, le=MAX_LOOP)] = 0

    @model_validator(mode="after")
    def _each_leg_has_its_numbers(self) -> "Hellscape":
        for numbers in (self.leg_frames, self.fade):
            if len(numbers) not in {1, 1 + len(self.onward)}:
                raise ValueError("give one number for all legs of the journey, or one for each")
        if self.loop > self.dreamed:
            raise ValueError("a loop cannot be longer than the video")
        return self

    @property
    def dreamed(self) -> int:
        """How many of the frames shown are dreamed; the others are in between."""
        # What is in between a loop's last frame and its first comes after the last.
        last = self.frames if self.loop else self.frames + self.between
        return -(-last // (self.between + 1))


class Moving(BaseModel):
    """A moving source, dreamed frame by frame. `carry` is the share of the last frame's dream that a frame
    begins with (0: every frame for itself). `frames` is how many of the source's are dreamed, where of those
    that come faster than `fps` some are left out; recipes of earlier versions do not say it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)]
    carry: Annotated[float, Field(ge=0, le=1), Finite] = 0.85
    fps: Annotated[float, Field(gt=0, le=MAX_FPS), Finite] | None = None
