"""Hypothesis strategies for recipes of every kind."""

from typing import Any, get_args

from hypothesis import strategies as st

from dreambot.recipe import LAYERS, BendTerm, Guide, HellscapeParams, LayerTerm, Recipe, VideoParams
from dreambot.recipe.bend_effects import BENDS, Bend
from dreambot.recipe.expression import other_models
from dreambot.recipe.guide import GuideKind
from dreambot.recipe.recipe import Where
from dreambot.recipe.words import clean_words

NAMES = [layer.name for layer in LAYERS["inception_v3"]]
FOREIGN_NAMES = ["faces:s64_1", "faces:s64_4", "vgg16:conv4_2"]

weights = st.floats(0.001, 10).map(lambda w: round(w, 4)).filter(lambda w: w >= 0.001)
terms = st.builds(
    LayerTerm,
    layer=st.sampled_from(NAMES + FOREIGN_NAMES),
    weight=weights | weights.map(lambda weight: -weight),
    channels=st.lists(st.integers(0, 31), max_size=5, unique=True).map(tuple),
) | st.builds(LayerTerm, layer=st.sampled_from(NAMES), strongest=st.integers(1, 32))
sums = st.lists(terms, min_size=1, max_size=8).map(tuple)

texts = st.text("aZß%_ é&=Ω夢'7", min_size=1, max_size=60).filter(str.strip).map(clean_words)

hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


def _amounts(bend: Bend) -> st.SearchStrategy[float]:
    if bend.whole:
        return st.integers(int(bend.least), int(bend.most)).map(float)
    return st.floats(bend.least, bend.most)


def bends(names: list[str]) -> st.SearchStrategy[BendTerm]:
    """Bends at layers of these names."""
    return st.sampled_from(list(BENDS.values())).flatmap(
        lambda bend: st.builds(
            BendTerm, kind=st.just(bend.kind), layer=st.sampled_from(names), amount=_amounts(bend)
        )
    )


@st.composite
def hellscapes(draw: st.DrawFn) -> HellscapeParams:
    """Hellscapes with up to three legs."""
    onward = draw(st.lists(sums, max_size=2).map(tuple))
    frames = draw(st.integers(61, 1800))
    each = st.lists(st.integers(1, 99), min_size=1 + len(onward), max_size=1 + len(onward)).map(tuple)
    fields: dict[str, Any] = {
        "frames": frames,
        "onward": onward,
        "leg_frames": draw(each),
        "fade": draw(each),
        "loop": draw(st.integers(0, 12)),
        "fps": draw(st.floats(1, 60)),
        "start": draw(st.sampled_from(["smooth", "static", "picture"])),
        "zoom": draw(st.floats(0.8, 1.25)),
        "rotation": draw(st.floats(-45, 45)),
        "drift_x": draw(st.floats(-0.1, 0.1)),
        "hold": draw(st.floats(0, 1)),
    }
    if draw(st.booleans()):
        silent = HellscapeParams(**fields | {"loop": 0})
        fields |= {"loop": 0, "loudness": draw(st.sampled_from("AZaz09-_")) * silent.dreamed}
    return HellscapeParams(**fields)


films = st.none() | hellscapes() | st.builds(VideoParams, frames=st.integers(1, 1800), carry=st.floats(0, 1))


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Recipes of every kind, each a valid one."""
    octaves = draw(st.integers(1, 12))
    film = draw(films)
    layers = draw(sums)
    own = [NAMES.index(term.layer) for term in layers if term.layer in NAMES]
    upstream = NAMES[: 1 + max(own, default=0)]
    legs = (layers, *film.onward) if isinstance(film, HellscapeParams) else (layers,)
    fields: dict[str, Any] = {
        "model": "inception_v3",
        "weights": draw(st.just("7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34") | hashes),
        "other_weights": draw(st.just("1" * 64) | hashes),
        "layers": layers,
        "objective": draw(st.sampled_from(["ms", "eq", "p4"])),
        "guide": draw(st.none() | st.builds(Guide, sha256=hashes, kind=st.sampled_from(get_args(GuideKind)))),
        "closeness": draw(st.floats(0, 1)),
        "octaves": octaves,
        "octaves_above": draw(st.integers(0, min(4, octaves - 1))),
        "octave_scale": draw(st.floats(1.1, 3)),
        "steps": draw(st.integers(1, 2000)),
        "step": draw(st.floats(1e-300, 2, exclude_min=True)),
        "steps_ratio": draw(st.floats(0.1, 10)),
        "cooling": draw(st.floats(0, 1, exclude_max=True)),
        "jitter": draw(st.integers(0, 512)),
        "rotation": draw(st.floats(0, 45)),
        "scaling": draw(st.floats(0, 0.5)),
        "gradient": draw(st.sampled_from(["laplacian", "blur", "mean_abs"])),
        "bands": draw(st.lists(st.floats(0.01, 10), min_size=1, max_size=8).map(tuple)),
        "chroma": draw(st.floats(0, 4)),
        "palette": draw(st.sampled_from(["natural", "source", "acid"])),
        "clouds": draw(st.floats(0, 1)),
        "parametrisation": draw(st.sampled_from(["pixels", "fourier"])),
        "adaptivity": draw(st.floats(0, 1)),
        "colour_jitter": draw(st.floats(0, 1)),
        "tile": draw(st.none() | st.integers(128, 4096)),
        "bends": draw(st.lists(bends(upstream), max_size=3).map(tuple)) if own else (),
        "mask": draw(st.none() | hashes),
        "keep_colour": draw(st.booleans()),
        "where": draw(st.sampled_from(get_args(Where))),
        "light": draw(st.floats(0, 4)),
        "tone": draw(st.sampled_from([None, "bone"])),
        "source": draw(st.sampled_from(["picture", "noise", "dark"])),
        "text": draw(st.none() | texts),
        "hellscape": film if isinstance(film, HellscapeParams) else None,
        "moving": film if isinstance(film, VideoParams) else None,
        "width": draw(st.integers(1, 16384)),
        "height": draw(st.integers(1, 16384)),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "precision": draw(st.sampled_from(["fp32", "bf16", "fp16"])),
        "intensity": draw(st.none() | st.integers(1, 11)),
        "preset": draw(st.none() | st.just("classic")),
        "format": draw(st.sampled_from([None, "gif", "mp4"])),
    }
    if fields["parametrisation"] == "fourier":
        fields |= {"mask": None, "keep_colour": False, "closeness": 0.0, "light": 0.0, "tone": None}
        fields |= {"source": "picture", "text": None}
        fields |= {"hellscape": None, "moving": None, "palette": "acid", "steps_ratio": 1.0, "clouds": 0.0}
    if fields["hellscape"]:
        fields |= {"tone": None, "steps_ratio": 1.0, "clouds": 0.0, "source": "picture", "text": None}
    if fields["moving"]:
        fields |= {"clouds": 0.0, "source": "picture"}
    if fields["parametrisation"] == "fourier" or film or fields["source"] != "picture":
        fields["where"] = "everywhere"
    named = [term for leg in (legs if fields["hellscape"] else (layers,)) for term in leg]
    fields["other_weights"] = [
        (name, fields["other_weights"]) for name in other_models(named, fields["model"])
    ]
    if any(BENDS[bend.kind].remembers for bend in fields["bends"]):
        fields["tile"] = None
    recipe = Recipe.model_validate(fields)
    return draw(sheets(recipe)) if recipe.kind == "still" and draw(st.booleans()) else recipe


@st.composite
def sheets(draw: st.DrawFn, still: Recipe) -> Recipe:
    """Sheets whose first look is that recipe."""
    still = still.model_copy(update={"where": "everywhere", "format": None})
    looks = st.builds(
        lambda seed, steps: still.model_dump() | {"seed": seed, "steps": steps},
        st.integers(0, 2**32 - 1),
        st.integers(1, 2000),
    )
    sheet = {
        "others": draw(st.tuples(looks, looks, looks)),
        "width": draw(st.integers(1, 1024)),
        "height": draw(st.integers(1, 1024)),
        "steps": draw(st.floats(0.1, 1)),
        "step": draw(st.floats(0.1, 10)),
    }
    return Recipe.model_validate(still.model_dump() | {"sheet": sheet})
