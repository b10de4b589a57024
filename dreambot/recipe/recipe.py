"""The recipe: a request with every parameter resolved, its cost and its batch key."""

import json
from collections.abc import Hashable, Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dreambot.errors import VERBATIM, Message
from dreambot.recipe.bends import MAX_BENDS, BendTerm, check_upstream, format_bends
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import MAX_TERMS, LayerTerm, format_journey
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, Gradient, Objective, find_layer
from dreambot.recipe.video import HellscapeParams, VideoParams, steps_per_legs

SHA256_PATTERN = r"^[0-9a-f]{64}$"
GuideKind = Literal["match", "caricature"]


class Guide(BaseModel):
    """The picture itself is not in the recipe, only the sha256 of its file: it must be supplied again.

    `match`: every spot climbs towards the guide's feature vector that it resembles most (google/deepdream's
    guided dreams). `caricature`: the direction of the guide's own features is exaggerated everywhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=SHA256_PATTERN)]
    kind: GuideKind = "match"


MIN_OCTAVE_SIDE = 80
"""Octaves whose short side would fall below this many pixels are left out: deep layers see nothing there."""


def octave_sizes(
    width: int, height: int, octaves: int, scale: float, above: int = 0
) -> Iterator[tuple[int, int]]:
    """The (width, height) of each octave that is dreamed, smallest first. The last is the picture's own size,
    or with `above` that many octaves larger."""
    for index in range(octaves - 1 - above, -above - 1, -1):
        shrink = scale**-index
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        if index <= 0 or min(size) >= MIN_OCTAVE_SIDE:
            yield size


def dream_flops(model: str, layers: Iterable[str], sizes: Iterable[tuple[int, int]], steps: int) -> float:
    """FLOPs of the convolutions, forward and input gradient, of `steps` steps at each (width, height).

    The network is cut after its deepest layer, so only that one counts.
    """
    per_pixel = 2 * max(find_layer(name, model).flops for name in layers)
    return sum(width * height * per_pixel * steps for width, height in sizes)


MAX_RECIPE_BYTES = 16_384
RECIPE_VERSION = 1
ENGINE_VERSION = 2
MAX_SIDE = 16_384
MAX_STEPS = 2000
# So that every recipe fits into MAX_RECIPE_BYTES.
MAX_JOURNEY_TERMS = 64
MAX_JOURNEY_CHANNELS = 512

Precision = Literal["fp32", "bf16"]
Finite = Field(allow_inf_nan=False)


class Recipe(BaseModel):
    """Everything a dream depends on besides its source. Frozen, bounded, JSON in and out.

    The picture is in [-1, 1]. `model` is the network's architecture, `weights` the sha256 of what it was
    trained to. `layers` are climbed: the objective is the weighted sum over them of the logarithm of `ms`
    (mean square), `eq` (every channel counts alike) or `p4` (gathered in one place); `logit` is a class
    layer's plain mean. A `guide` takes the objective's place.

    `step` is the change of one step: the root mean square of the gradient treatments `laplacian` and `blur`,
    the mean absolute value of `mean_abs`. Each of `octaves` pictures, smallest first and `octave_scale`
    apart, gets `steps` steps, which shrink evenly over the octave from (1 + `cooling`) to (1 − `cooling`)
    times `step`. The last `octaves_above` of them are larger than `width` × `height`, the dream's size
    in pixels. Before each gradient the picture is moved at random: rolled by up to `jitter` pixels, turned by
    up to `rotation` degrees, scaled by up to `scaling` either way. `closeness` is the share of what was
    added that each step takes back. `chroma` scales the gradient's colour against its luminance. With `tile`,
    gradients are taken in tiles of about that many pixels' side. `fourier` climbs in a colour-decorrelated
    spectrum, from noise.

    `bends` are done to the network. `mask` is the sha256 of a grey picture's file: the dream happens where
    it is bright. `keep_colour` dreams the luminance alone and keeps the source's colours. With `light`, the
    dream is in the end carved into the source as a relief lit that strongly. `intensity` and `preset` only
    tell what was asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    engine: Annotated[int, Field(ge=1, le=ENGINE_VERSION)] = ENGINE_VERSION
    model: Annotated[str, Field(max_length=64)]
    weights: Annotated[str, Field(pattern=SHA256_PATTERN)]
    layers: Annotated[tuple[LayerTerm, ...], Field(min_length=1, max_length=MAX_TERMS)]
    objective: Objective
    guide: Guide | None = None
    closeness: Annotated[float, Field(ge=0, le=1), Finite] = 0.0
    octaves: Annotated[int, Field(ge=1, le=12)]
    octaves_above: Annotated[int, Field(ge=0, le=4)] = 0
    octave_scale: Annotated[float, Field(ge=1.1, le=3), Finite]
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)]
    step: Annotated[float, Field(gt=0, le=2), Finite]
    cooling: Annotated[float, Field(ge=0, lt=1), Finite]
    jitter: Annotated[int, Field(ge=0, le=512)]
    rotation: Annotated[float, Field(ge=0, le=45), Finite] = 0.0
    scaling: Annotated[float, Field(ge=0, le=0.5), Finite] = 0.0
    gradient: Gradient
    bands: Annotated[tuple[Annotated[float, Field(ge=0, le=10), Finite], ...], Field(max_length=8)]
    chroma: Annotated[float, Field(ge=0, le=4), Finite]
    parametrisation: Literal["pixels", "fourier"] = "pixels"
    tile: Annotated[int, Field(ge=128, le=4096)] | None = None
    bends: Annotated[tuple[BendTerm, ...], Field(max_length=MAX_BENDS)] = ()
    mask: Annotated[str, Field(pattern=SHA256_PATTERN)] | None = None
    keep_colour: bool = False
    light: Annotated[float, Field(ge=0, le=4), Finite] = 0.0
    hellscape: HellscapeParams | None = None
    moving: VideoParams | None = None
    width: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    height: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    precision: Precision
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    preset: Annotated[str, Field(pattern=r"^[a-z]{1,24}$")] | None = None

    @model_validator(mode="after")
    def _check_names(self) -> "Recipe":
        if self.model not in LAYERS:
            raise RecipeError("errors-problem-model", name=self.model)
        known = {layer.name: layer.channels for layer in LAYERS[self.model]}
        for term in self.all_terms:
            if term.layer not in known:
                raise RecipeError("errors-problem-layer", model=self.model, name=term.layer)
            if any(channel >= known[term.layer] for channel in (*term.channels, term.strongest - 1)):
                raise RecipeError("errors-problem-channels", name=term.layer, count=known[term.layer])
        for bend in self.bends:
            if bend.layer not in known:
                raise RecipeError("errors-problem-bend-layer", model=self.model, name=bend.layer)
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
        if self.hellscape and self.moving:
            raise RecipeError("errors-problem-both-films")
        for term in self.all_terms:
            if term.channels and term.strongest:
                raise RecipeError("errors-problem-strongest", name=term.layer)
            if self.guide and term.layer == "classes":
                raise RecipeError("errors-problem-guide")
        if self.tile and any(bend.kind in {"feedback", "delay"} for bend in self.bends):
            raise RecipeError("errors-problem-tiles")
        if self.parametrisation == "fourier":
            if self.hellscape or self.moving:
                raise RecipeError("errors-problem-spectrum-film")
            if self.mask or self.keep_colour or self.closeness or self.light:
                raise RecipeError("errors-problem-nothing")
        return self

    @property
    def legs(self) -> tuple[tuple[LayerTerm, ...], ...]:
        """The legs of the journey; one where there is none."""
        return (self.layers, *(self.hellscape.onward if self.hellscape else ()))

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
    def frames(self) -> int:
        """How many pictures are dreamed: 1, or a film's frames."""
        film = self.hellscape or self.moving
        return film.frames if film else 1

    @property
    def flops(self) -> float:
        """What the dream costs: floating-point operations of its convolutions, forward and back."""
        if self.hellscape is None:
            layers = {term.layer for term in self.layers}
            return dream_flops(self.model, layers, self.sizes, self.steps * self.frames)
        return sum(
            dream_flops(
                self.model, {term.layer for leg in legs for term in self.legs[leg]}, self.sizes, steps
            )
            for legs, steps in steps_per_legs(self.hellscape, self.steps).items()
        )

    def step_at(self, index: int) -> float:
        """The length of step `index`, counted from 0, of any octave."""
        along = index / (self.steps - 1) if self.steps > 1 else 0.5
        return self.step * (1 + self.cooling * (1 - 2 * along))

    def to_json(self) -> str:
        """Compact JSON, the same text for the same recipe."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Reads what `to_json` wrote, or anybody's imitation of it. Raises RecipeError in plain words."""
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
        """The recipe of these fields. Raises RecipeError that names the first that cannot be followed."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise RecipeError("errors-recipe-not-followed", problem=_first_problem(error)) from error

    def in_words(self) -> str:
        """The request as a person would type it again: `layer:mixed5 intensity:11 seed:7`."""
        words = {
            "preset": self.preset,
            "model": self.model if self.model != DEFAULT_MODEL else None,
            "layer": format_journey(self.legs),
            "bend": format_bends(self.bends),
            "guide": self.guide and self.guide.kind,
            "intensity": self.intensity,
            "seed": self.seed,
        }
        return " ".join(f"{name}:{word}" for name, word in words.items() if word not in (None, ""))


def _first_problem(error: ValidationError) -> Message:
    """Returns the first problem as a message of ours: those of pydantic are about its own types."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:60]
    limits = first.get("ctx", {})
    match first["type"]:
        case "value_error":
            cause = limits["error"]
            return (
                cause.message if isinstance(cause, RecipeError) else Message(VERBATIM, {"text": str(cause)})
            )
        case "less_than_equal":
            return Message("errors-problem-at-most", {"field": where, "most": limits["le"]})
        case "greater_than_equal":
            return Message("errors-problem-at-least", {"field": where, "least": limits["ge"]})
        case "less_than":
            return Message("errors-problem-below", {"field": where, "most": limits["lt"]})
        case "greater_than":
            return Message("errors-problem-above", {"field": where, "least": limits["gt"]})
        case "literal_error":
            return Message(
                "errors-problem-one-of", {"field": where, "values": limits["expected"].replace("'", "")}
            )
        case "missing":
            return Message("errors-problem-missing", {"field": where})
        case "extra_forbidden":
            return Message("errors-problem-unknown", {"field": where})
    return Message("errors-problem-value", {"field": where})


def batch_key(recipe: Recipe) -> Hashable | None:
    """Dreams of equal keys can share a batch; None for a recipe whose dream cannot.

    They may differ in their seeds, the steps' lengths and how far they are rolled, and in their light.
    """
    more = (
        recipe.guide,
        recipe.mask,
        recipe.bends,
        recipe.hellscape,
        recipe.moving,
        recipe.parametrisation != "pixels",
        recipe.tile,
        recipe.rotation,
        recipe.scaling,
        recipe.closeness,
        recipe.keep_colour,
        any(term.strongest and not term.channels for term in recipe.layers),
    )
    if any(more):
        return None
    return (
        recipe.model,
        recipe.weights,
        recipe.precision,
        recipe.layers,
        recipe.objective,
        recipe.gradient,
        recipe.bands,
        recipe.chroma,
        recipe.sizes,
        recipe.steps,
        recipe.octaves_above,
    )
