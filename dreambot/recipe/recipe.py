"""The recipe, a request with every parameter resolved: its kinds, cost, and the fast paths it can take."""

import json
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema

from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import MAX_BENDS, BendTerm, check_upstream, format_bends
from dreambot.recipe.clip import CLIP
from dreambot.recipe.errors import RecipeError, first_problem
from dreambot.recipe.expression import MAX_TERMS, LayerTerm, check_terms, format_journey, other_models
from dreambot.recipe.guide import SHA256_PATTERN, Guide
from dreambot.recipe.layers import (
    DEFAULT_MODEL,
    LAYERS,
    Gradient,
    Objective,
    dream_flops,
    find_canonical,
    octave_sizes,
)
from dreambot.recipe.video import HellscapeParams, VideoParams, steps_per_legs
from dreambot.recipe.words import clean_words

MAX_RECIPE_BYTES = 16_384
RECIPE_VERSION = 1
ENGINE_VERSION = 2
MAX_SIDE = 16_384
MAX_STEPS = 2000
MAX_SHEET_SIDE = 1024
"""In pixels, of each small dream of a sheet."""
# So that every recipe fits into MAX_RECIPE_BYTES.
MAX_JOURNEY_TERMS = 64
MAX_JOURNEY_CHANNELS = 512

Precision = Literal["fp32", "bf16", "fp16"]
Palette = Literal["natural", "source", "acid"]
Tone = Literal["bone"]
StillSource = Literal["picture", "noise", "dark"]
Where = Literal["everywhere", "faces", "background"]
RecipeKind = Literal["still", "sheet", "video", "hellscape", "summon"]
VideoFileFormat = Literal["gif", "mp4"]
ResultFormat = Literal["png", VideoFileFormat]
DEFAULT_PALETTE: Palette = "natural"
"""The palette of a request that names none. That of a recipe without the field is `acid`."""
_SHARED_ON_SHEETS = (
    *("engine", "model", "weights", "other_weights", "precision", "width", "height", "octaves_above"),
    *("source", "text", "guide", "mask", "tile", "keep_colour"),
)
_WITH_PALETTE: tuple[RecipeKind, ...] = ("still", "sheet", "video")
Finite = Field(allow_inf_nan=False)
ModelWeights = tuple[Annotated[str, Field(max_length=64)], Annotated[str, Field(pattern=SHA256_PATTERN)]]
"""The architecture of a network, and the sha256 of the file with its weights."""


@dataclass(frozen=True)
class FastPath:
    """How a field of a recipe limits the two fast paths of the engine. Every field declares it.

    Attributes:
        batch: For dreams that share a batch. `same`: they must agree in the field. `sizes`: they must agree
            in the octave sizes that follow from it. `free`: they may differ. `default`: the field must have
            its default value.
        graph: For steps that run as a captured CUDA graph. `same`: the value is part of the graph (see
            `StepConfig`). `free`: any value works. `default`: the field must have its default value.
    """

    batch: Literal["same", "sizes", "free", "default"]
    graph: Literal["same", "free", "default"]


_FREE = FastPath(batch="free", graph="free")
_SIZES = FastPath(batch="sizes", graph="free")
_SAME = FastPath(batch="same", graph="same")
_SAME_IN_BATCH = FastPath(batch="same", graph="free")
_SLOW = FastPath(batch="default", graph="default")
_UNBATCHED = FastPath(batch="default", graph="free")


class Recipe(BaseModel, ABC):
    """Everything a dream depends on besides its source. Frozen, bounded, JSON in and out.

    Recipes are of five kinds, which share this JSON and are distinguished by `sheet`, `hellscape`, `moving`
    and `parametrisation`. Validating anything as a `Recipe` gives one of them; `Recipe` itself has no
    instances. The image is in [-1, 1]. Before each gradient it is moved at random: see `jitter`, `rotation`,
    `scaling`.

    Attributes:
        version: The version of the JSON.
        engine: The version of the engine that the recipe was made for.
        model: The network's architecture.
        weights: The sha256 of the file with its weights.
        other_weights: (architecture, sha256) of each further network whose layers are dreamed, as in
            `faces:s64_1`, in the order of their names.
        layers: What is maximised: the weighted sum over these terms of their objective.
        objective: The logarithm of `ms` (mean square), `eq` (all channels count equally) or `p4`
            (concentrated in one place); `logit` is the plain mean of a class layer.
        guide: Replaces the objective.
        closeness: The share of the change so far that each step takes back.
        octaves: The number of images, smallest first, that get `steps` steps each.
        octaves_above: How many of the last octaves are larger than `width` × `height`.
        octave_scale: The ratio of the sides of successive octaves.
        steps: Steps in each octave; see `steps_ratio`.
        step: The RMS of one step's change; with `mean_abs` its mean absolute value.
        steps_ratio: The steps of the first octave relative to those of the last within `width` × `height`;
            between them they fall geometrically, with `steps` in the middle. Larger octaves get the last's.
        cooling: Steps shrink linearly over an octave, from (1 + cooling) to (1 − cooling) times `step`.
        jitter: The image is rolled by up to this many pixels.
        rotation: It is rotated by up to this many degrees.
        scaling: It is scaled by up to this share, up or down.
        gradient: How the gradient is processed.
        bands: The weights of the gradient's frequency bands, finest first.
        chroma: Scales the colour of the gradient relative to its luminance.
        palette: The colours of what is added. `natural`: as those of natural images, less between green and
            magenta than between blue and yellow. `source`: as those of the source. `acid`: the network's own.
        clouds: The deviation of faint clouds added before the first octave: another seed, another dream.
        parametrisation: `pixels`, or `fourier`: a colour-decorrelated spectrum, starting from noise.
        statistics: The weight of activation statistics like those of photos: `dreambot.engine.statistics`.
        adaptivity: How evenly the waves of a spectrum are moved: `dreambot.engine.summon.Adam`.
        colour_jitter: The largest random change of a spectrum's colours before each gradient.
        tile: Gradients are computed in tiles of about this side in pixels.
        bends: Perturbations of the network.
        mask: The sha256 of a grey image's file: the dream happens where it is bright.
        where: Which part of a picture is dreamed: everything, its faces, or all but its faces.
        keep_colour: Dreams only the luminance and keeps the source's colours.
        light: If above 0, the dream is finally embossed into the source as a relief lit this strongly.
        tone: `bone`: the finished dream is coloured by its luminance, from ink to ivory.
        source: What a still dream starts from. `picture`: an image that must be supplied again. `noise`:
            clouds of noise. `dark`: a dark ground.
        text: Words that are written onto the source, and stay readable in the dream.
        sheet: Three more dreams of the source, which are shown with this one on a sheet of four small ones.
        hellscape: The parameters of a zooming feedback video.
        moving: The parameters of a video source.
        format: The file format of the result. `png`: a still, even of a video. `gif` and `mp4`: a video; a
            still is then shown as a clip of how it comes about, see `clip`. None is what suits the source.
        width: The width of the dream in pixels.
        height: Its height.
        seed: The seed of all random numbers.
        precision: The number format of the network.
        intensity: The intensity that was requested; the numbers above already follow from it.
        preset: The preset that was requested, likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[RecipeKind]

    version: Annotated[Literal[1], _FREE] = 1
    engine: Annotated[int, Field(ge=1, le=ENGINE_VERSION), _FREE] = ENGINE_VERSION
    model: Annotated[str, Field(max_length=64), _SAME_IN_BATCH]
    weights: Annotated[str, Field(pattern=SHA256_PATTERN), _SAME_IN_BATCH]
    other_weights: Annotated[tuple[ModelWeights, ...], Field(max_length=MAX_TERMS), _SLOW] = ()
    layers: Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS), _SAME]
    objective: Annotated[Objective, _SAME]
    guide: Annotated[Guide | None, _SLOW] = None
    closeness: Annotated[float, Field(ge=0, le=1), Finite, _SLOW] = 0.0
    octaves: Annotated[int, Field(ge=1, le=12), _SIZES]
    octaves_above: Annotated[int, Field(ge=0, le=4), _SAME_IN_BATCH] = 0
    octave_scale: Annotated[float, Field(ge=1.1, le=3), Finite, _SIZES]
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS), _SAME_IN_BATCH]
    step: Annotated[float, Field(gt=0, le=2), Finite, _FREE]
    steps_ratio: Annotated[float, Field(ge=0.1, le=10), Finite, _SAME_IN_BATCH] = 1.0
    cooling: Annotated[float, Field(ge=0, lt=1), Finite, _FREE]
    jitter: Annotated[int, Field(ge=0, le=512), _FREE]
    rotation: Annotated[float, Field(ge=0, le=45), Finite, _SLOW] = 0.0
    scaling: Annotated[float, Field(ge=0, le=0.5), Finite, _SLOW] = 0.0
    gradient: Annotated[Gradient, _SAME]
    bands: Annotated[tuple[Annotated[float, Field(ge=0, le=10), Finite], ...], Field(max_length=8), _SAME]
    chroma: Annotated[float, Field(ge=0, le=4), Finite, _SAME]
    palette: Annotated[Palette, _SAME] = "acid"
    clouds: Annotated[float, Field(ge=0, le=1), Finite, _FREE] = 0.0
    parametrisation: Annotated[Literal["pixels", "fourier"], _SLOW] = "pixels"
    statistics: Annotated[float, Field(ge=0, le=100), Finite, _SLOW] = 0.0
    adaptivity: Annotated[float, Field(ge=0, le=1), Finite, _FREE] = 1.0
    colour_jitter: Annotated[float, Field(ge=0, le=1), Finite, _FREE] = 0.4
    # An octave that fits into one tile is captured.
    tile: Annotated[Annotated[int, Field(ge=128, le=4096)] | None, _UNBATCHED] = None
    bends: Annotated[tuple[BendTerm, ...], Field(max_length=MAX_BENDS), _SLOW] = ()
    mask: Annotated[Annotated[str, Field(pattern=SHA256_PATTERN)] | None, _SLOW] = None
    where: Annotated[Where, _SLOW] = "everywhere"
    keep_colour: Annotated[bool, _SLOW] = False
    light: Annotated[float, Field(ge=0, le=4), Finite, _FREE] = 0.0
    tone: Annotated[Tone | None, _FREE] = None
    source: Annotated[StillSource, _FREE] = "picture"
    # On a picture the steps are weighted, as with a mask. Such steps are not captured.
    text: Annotated[Annotated[str, AfterValidator(clean_words)] | None, _UNBATCHED] = None
    sheet: Annotated["SheetParams | None", _UNBATCHED] = None
    hellscape: Annotated[HellscapeParams | None, _UNBATCHED] = None
    moving: Annotated[VideoParams | None, _UNBATCHED] = None
    # The steps of a clip are rendered one by one.
    format: Annotated[ResultFormat | None, _UNBATCHED] = None
    width: Annotated[int, Field(ge=1, le=MAX_SIDE), _SIZES]
    height: Annotated[int, Field(ge=1, le=MAX_SIDE), _SIZES]
    seed: Annotated[int, Field(ge=0, lt=2**32), _FREE]
    precision: Annotated[Precision, _SAME_IN_BATCH]
    intensity: Annotated[Annotated[int, Field(ge=1, le=11)] | None, _FREE] = None
    preset: Annotated[Annotated[str, Field(pattern=r"^[a-z]{1,24}$")] | None, _FREE] = None

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A field or argument of type `Recipe` takes any of the kinds."""
        is_union = cls.__name__ == "Recipe" and "AnyRecipe" in globals()
        return handler.generate_schema(AnyRecipe) if is_union else handler(source)

    @model_validator(mode="after")
    def _check_names(self) -> "Recipe":
        if self.model not in LAYERS:
            raise RecipeError("errors-problem-model", name=self.model)
        check_terms(self.all_terms, self.model)
        for bend in self.bends:
            if find_canonical(bend.layer, self.model) is None:
                raise RecipeError("errors-problem-bend-layer", model=self.model, name=bend.layer)
        if other_models(self.all_terms, self.model) != tuple(name for name, _ in self.other_weights):
            raise RecipeError("errors-problem-other-weights")
        check_upstream(self.bends, (term.layer for term in self.all_terms), self.model)
        if self.gradient == "laplacian" and not any(self.bands):
            raise RecipeError("errors-problem-bands")
        if len(self.all_terms) > MAX_JOURNEY_TERMS:
            raise RecipeError("errors-problem-journey-layers", most=MAX_JOURNEY_TERMS)
        if sum(len(term.channels) for term in self.all_terms) > MAX_JOURNEY_CHANNELS:
            raise RecipeError("errors-problem-journey-channels", most=MAX_JOURNEY_CHANNELS)
        return self

    @model_validator(mode="after")
    def _check_combinations(self) -> "Recipe":
        if self.octaves_above >= self.octaves:
            raise RecipeError("errors-problem-octave")
        for term in self.all_terms:
            if term.channels and term.strongest:
                raise RecipeError("errors-problem-strongest", name=term.layer)
            if self.guide and term.layer.endswith("classes"):
                raise RecipeError("errors-problem-guide")
        if self.where != "everywhere" and (self.kind != "still" or self.source != "picture"):
            raise RecipeError("errors-problem-where")
        classes = {(self.model, term.layer) for term in self.all_terms} == {("mobilenet_v2", "classes")}
        if self.statistics and not (classes and self.parametrisation == "fourier"):
            raise RecipeError("errors-problem-statistics")
        if self.tile and any(BENDS[bend.kind].remembers for bend in self.bends):
            raise RecipeError("errors-problem-tiles")
        return self

    @property
    @abstractmethod
    def frames(self) -> int:
        """The number of images that result: 1, or the frames of a video or clip."""

    @property
    def is_clip(self) -> bool:
        """Whether the result is a looping clip of how a still comes about."""
        return self.kind in ("still", "summon") and self.format in ("gif", "mp4")

    @property
    def dreamed_images(self) -> int:
        """The number of images that are dreamed: one for a clip, else as many as result."""
        return 1 if self.is_clip else self.frames

    @property
    @abstractmethod
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""

    @property
    def models(self) -> tuple[str, ...]:
        """The architectures of all its networks, its own first."""
        return (self.model, *(model for model, _ in self.other_weights))

    @property
    def legs(self) -> tuple[tuple[LayerTerm, ...], ...]:
        """The legs of the journey; one where there is none."""
        return (self.layers,)

    @property
    def all_terms(self) -> tuple[LayerTerm, ...]:
        """The layer terms of the whole journey."""
        return tuple(term for leg in self.legs for term in leg)

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The (width, height) of each octave that is dreamed, in the order they are dreamed."""
        return tuple(
            octave_sizes(self.width, self.height, self.octaves, self.octave_scale, self.octaves_above)
        )

    @property
    def input_size(self) -> tuple[int, int]:
        """The (width, height) in which the engine is given the source."""
        return self.width, self.height

    @property
    def flops(self) -> float:
        """The cost of the dream: floating-point operations of its convolutions, forward and backward."""
        layers = {term.layer for term in self.layers}
        return self.dreamed_images * dream_flops(self.model, layers, self.sizes, self.steps_by_octave)

    @property
    def steps_by_octave(self) -> tuple[int, ...]:
        """The steps of each octave, in the order they are dreamed."""
        count = len(self.sizes)
        last = count - self.octaves_above - 1
        if last < 1:
            return (self.steps,) * count
        middle = self.steps * self.steps_ratio**0.5
        along = [min(1.0, index / last) for index in range(count)]
        return tuple(max(1, round(middle * self.steps_ratio**-share)) for share in along)

    @property
    def pixel_steps(self) -> int:
        """The work of one image: pixels times steps, all octaves together."""
        return sum(w * h * steps for (w, h), steps in zip(self.sizes, self.steps_by_octave, strict=True))

    def with_precision(self, precision: Precision) -> "Recipe":
        """Returns the recipe for another number format.

        Args:
            precision: The number format.
        """
        return self.model_copy(update={"precision": precision})

    def step_at(self, index: int, steps: int) -> float:
        """Returns the length of a step.

        Args:
            index: The number of the step within its octave, from 0.
            steps: The steps of the octave.
        """
        along = index / (steps - 1) if steps > 1 else 0.5
        return self.step * (1 + self.cooling * (1 - 2 * along))

    def to_json(self) -> str:
        """Returns compact JSON, the same text for the same recipe."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Reads a recipe that `to_json` wrote, or anyone else.

        Args:
            text: Untrusted JSON.

        Raises:
            RecipeError: It is not a recipe, or not a valid one. The message says why.
        """
        if len(text.encode("utf-8", "surrogatepass")) > MAX_RECIPE_BYTES:
            raise RecipeError("errors-recipe-long", most=MAX_RECIPE_BYTES // 1024)
        try:
            fields: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeError("errors-recipe-json") from error
        if not isinstance(fields, dict):
            raise RecipeError("errors-recipe-object")
        version = fields.get("version")
        if version != RECIPE_VERSION:
            raise RecipeError("errors-recipe-version", version=str(version)[:20], known=RECIPE_VERSION)
        return cls.checked(fields)

    @classmethod
    def checked(cls, fields: dict[str, Any]) -> "Recipe":
        """Returns the recipe with these fields.

        Args:
            fields: As in the JSON.

        Raises:
            RecipeError: A field is wrong. The message names the first one.
        """
        try:
            return Recipe.model_validate(fields)
        except ValidationError as error:
            raise RecipeError("errors-recipe-not-followed", problem=first_problem(error)) from error

    def in_words(self) -> str:
        """Returns the request as a person would type it: `layer:mixed5 intensity:11 seed:7`."""
        words = self.options().items()
        return " ".join(f"{name}:{word}" for name, word in words if word not in (None, ""))

    def options(self) -> dict[str, str | int | None]:
        """Returns the options of a request that is resolved to this recipe."""
        return {
            "preset": self.preset,
            "model": self.model if self.model != DEFAULT_MODEL else None,
            "layer": format_journey(self.legs),
            "bend": format_bends(self.bends),
            "source": "noise" if self.source == "noise" else None,
            "text": self.text and f'"{self.text}"',
            "guide": self.guide.kind if self.guide else None,
            "where": self.where if self.where != "everywhere" else None,
            "palette": self.palette
            if self.palette != DEFAULT_PALETTE and self.kind in _WITH_PALETTE
            else None,
            "format": self.format,
            "intensity": self.intensity,
            "seed": self.seed,
        }


def _refuse(code: str) -> AfterValidator:
    """Refuses any value of a field but none, zero or false, with the message of that code."""

    def check(value: object) -> object:
        if value:
            raise RecipeError(code)
        return value

    return AfterValidator(check)


_ONE_PICTURE = _refuse("errors-problem-spectrum-film")
_NO_SOURCE = _refuse("errors-problem-nothing")
_NO_TONE = _refuse("errors-problem-tone")
_NO_TEXT = _refuse("errors-problem-text")
_ONE_VIDEO = _refuse("errors-problem-both-films")


class StillRecipe(Recipe):
    """A dream of one image; so is a class summoned into an image."""

    kind = "still"
    parametrisation: Literal["pixels"] = "pixels"
    sheet: None = None
    hellscape: None = None
    moving: None = None

    @property
    def frames(self) -> int:
        """The number of images that result."""
        return len(CLIP) if self.is_clip else 1

    @property
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""
        return self.source == "picture"


class SheetParams(BaseModel):
    """What makes a recipe one of a sheet: four dreams of one source, computed small, in two rows of two.

    Attributes:
        others: The second, third and fourth dream, in full size.
        width: The width of each small dream, in pixels.
        height: Its height.
        steps: The steps of a small dream, relative to those in full size.
        step: The length of its steps, relative to those in full size. Fewer octaves need longer steps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    others: tuple[StillRecipe, StillRecipe, StillRecipe]
    width: Annotated[int, Field(ge=1, le=MAX_SHEET_SIDE)]
    height: Annotated[int, Field(ge=1, le=MAX_SHEET_SIDE)]
    steps: Annotated[float, Field(ge=0.1, le=1), Finite]
    step: Annotated[float, Field(ge=0.1, le=10), Finite]


class SheetRecipe(Recipe):
    """A sheet of four small dreams. Its own fields are those of the first dream in full size."""

    kind = "sheet"
    parametrisation: Literal["pixels"] = "pixels"
    format: Literal["png"] | None = None
    sheet: SheetParams
    hellscape: None = None
    moving: None = None

    @model_validator(mode="after")
    def _check_looks(self) -> "SheetRecipe":
        for look in self.looks:
            for name in _SHARED_ON_SHEETS:
                if getattr(look, name) != getattr(self, name):
                    raise RecipeError("errors-problem-sheet", name=name)
        return self

    @property
    def frames(self) -> int:
        """The number of images that result."""
        return 1

    @property
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""
        return self.source == "picture"

    def with_precision(self, precision: Precision) -> "SheetRecipe":
        """Returns the recipe with all four dreams in another number format.

        Args:
            precision: The number format.
        """
        others = tuple(look.model_copy(update={"precision": precision}) for look in self.sheet.others)
        sheet = self.sheet.model_copy(update={"others": others})
        return self.model_copy(update={"precision": precision, "sheet": sheet})

    @property
    def looks(self) -> tuple[StillRecipe, ...]:
        """The four dreams in full size."""
        first = StillRecipe.model_validate(self.model_dump() | {"sheet": None})
        return (first, *self.sheet.others)

    @property
    def small(self) -> tuple[StillRecipe, ...]:
        """The four dreams as they are computed for the sheet.

        The largest octaves are left out, so that what is dreamed has the same size relative to the image.
        """
        sheet = self.sheet
        shrink = max(1.0, self.width / sheet.width)
        return tuple(
            look.model_copy(
                update={
                    "width": sheet.width,
                    "height": sheet.height,
                    "octaves": max(
                        1 + look.octaves_above, look.octaves - round(math.log(shrink, look.octave_scale))
                    ),
                    "steps": max(1, round(look.steps * sheet.steps)),
                    "step": min(2.0, look.step * sheet.step),
                    "tile": self.tile,
                }
            )
            for look in self.looks
        )

    @property
    def legs(self) -> tuple[tuple[LayerTerm, ...], ...]:
        """The layers of each of the four."""
        return (self.layers, *(look.layers for look in self.sheet.others))

    @property
    def input_size(self) -> tuple[int, int]:
        """The (width, height) of each small dream."""
        return self.sheet.width, self.sheet.height

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The octaves of all four, as of `Recipe`."""
        return tuple(size for look in self.small for size in look.sizes)

    @property
    def steps_by_octave(self) -> tuple[int, ...]:
        """The steps of each of these octaves."""
        return tuple(steps for look in self.small for steps in look.steps_by_octave)

    @property
    def flops(self) -> float:
        """The cost of all four, as of `Recipe`."""
        return sum(look.flops for look in self.small)

    def options(self) -> dict[str, str | int | None]:
        """Returns the options that all four have in common."""
        each = [look.options() for look in self.looks]
        shared = {name: value for name, value in each[0].items() if all(one[name] == value for one in each)}
        bend = shared.get("bend", "random" if all(look.bends for look in self.looks) else None)
        return {"four": "true", **shared, "bend": bend, "seed": self.seed}


class VideoRecipe(Recipe):
    """A dream of the frames of a video."""

    kind = "video"
    # Each frame would get them again, on top of those it carries on from the last one.
    clouds: Annotated[float, Field(ge=0, le=0)] = 0.0
    parametrisation: Literal["pixels"] = "pixels"
    source: Literal["picture"] = "picture"
    sheet: None = None
    hellscape: None = None
    moving: VideoParams
    format: VideoFileFormat | None = None

    @property
    def frames(self) -> int:
        """The number of images that result."""
        return self.moving.frames

    @property
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""
        return True


class HellscapeRecipe(Recipe):
    """A zooming feedback video."""

    kind = "hellscape"
    parametrisation: Literal["pixels"] = "pixels"
    steps_ratio: Annotated[float, Field(ge=1, le=1)] = 1.0
    clouds: Annotated[float, Field(ge=0, le=0)] = 0.0
    tone: Annotated[Tone | None, _NO_TONE] = None
    source: Literal["picture"] = "picture"
    text: Annotated[str | None, _NO_TEXT] = None
    sheet: None = None
    hellscape: HellscapeParams
    moving: Annotated[VideoParams | None, _ONE_VIDEO] = None
    format: VideoFileFormat | None = None

    @property
    def frames(self) -> int:
        """The number of images that result."""
        return self.hellscape.frames

    @property
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""
        return self.hellscape.start == "picture"

    @property
    def legs(self) -> tuple[tuple[LayerTerm, ...], ...]:
        """The legs of the journey."""
        return (self.layers, *self.hellscape.onward)

    @property
    def flops(self) -> float:
        """The cost of all dreamed frames, as of `Recipe`."""
        return sum(
            dream_flops(
                self.model,
                {term.layer for leg in legs for term in self.legs[leg]},
                self.sizes,
                [steps] * len(self.sizes),
            )
            for legs, steps in steps_per_legs(self.hellscape, self.steps).items()
        )


class SummonRecipe(Recipe):
    """A class, layer or channel visualised from noise."""

    kind = "summon"
    closeness: Annotated[float, Field(ge=0, le=1), Finite, _NO_SOURCE] = 0.0
    parametrisation: Literal["fourier"] = "fourier"
    steps_ratio: Annotated[float, Field(ge=1, le=1)] = 1.0
    clouds: Annotated[float, Field(ge=0, le=0)] = 0.0
    palette: Literal["acid"] = "acid"
    mask: Annotated[Annotated[str, Field(pattern=SHA256_PATTERN)] | None, _NO_SOURCE] = None
    keep_colour: Annotated[bool, _NO_SOURCE] = False
    light: Annotated[float, Field(ge=0, le=4), Finite, _NO_SOURCE] = 0.0
    tone: Annotated[Tone | None, _NO_TONE] = None
    source: Literal["picture"] = "picture"
    text: Annotated[str | None, _NO_TEXT] = None
    sheet: None = None
    hellscape: Annotated[HellscapeParams | None, _ONE_PICTURE] = None
    moving: Annotated[VideoParams | None, _ONE_PICTURE] = None

    @property
    def frames(self) -> int:
        """The number of images that result."""
        return len(CLIP) if self.is_clip else 1

    @property
    def needs_source(self) -> bool:
        """Whether it cannot be dreamed without a source."""
        return False


def _kind_of(recipe: object) -> RecipeKind:
    """The kind of a recipe or of its fields, which have no field for it."""
    if isinstance(recipe, Recipe):
        return recipe.kind
    fields = recipe if isinstance(recipe, dict) else {}
    if fields.get("parametrisation") == "fourier":
        return "summon"
    if fields.get("sheet") is not None:
        return "sheet"
    if fields.get("hellscape") is not None:
        return "hellscape"
    return "still" if fields.get("moving") is None else "video"


AnyRecipe = Annotated[
    Annotated[StillRecipe, Tag("still")]
    | Annotated[SheetRecipe, Tag("sheet")]
    | Annotated[VideoRecipe, Tag("video")]
    | Annotated[HellscapeRecipe, Tag("hellscape")]
    | Annotated[SummonRecipe, Tag("summon")],
    Discriminator(_kind_of),
]
# From here on, validating as a `Recipe` gives one of these.
Recipe.model_rebuild(force=True)
