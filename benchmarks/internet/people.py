"""Who asks for what, and when. All of it is assumed; what is assumed stands in `Crowd`."""

import math
import random
from bisect import bisect
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve
from dreambot.recipe.alike import batch_key
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.recipe.trained import Trained

MAX_PIXELS = 786_432
COMMON = ((1080, 1080), (1080, 1350), (1920, 1080), (1280, 720), (800, 600), (750, 1334), (512, 512))
LAYERS = (None, None, None, None, "mixed3", "mixed4", "mixed6", "mixed2", "mixed5+mixed3")
NOTCHES = (None, None, None, 3, 8, 9, 11)


@dataclass(frozen=True)
class Crowd:
    """hours: of the evening. servers: whose activity falls as 1 / (place + 20). Of the dreams, `films` are
    hellscapes, and `common` have one of some common sizes, so that they can share batches. A dream leads to
    `spread` others of the same picture, most in the same server and within minutes. `albums` come with three
    to ten pictures at once. members: who dream, in each server. Now and then a meme goes round: `memes` times
    it is dreamed 150 times within minutes."""

    servers: int = 10_000
    dreams: int = 40_000
    hours: float = 5.0
    films: float = 0.02
    common: float = 0.5
    spread: float = 0.2
    albums: float = 0.02
    members: int = 25
    memes: int = 6


@dataclass(frozen=True, slots=True)
class Dream:
    """What is dreamed. steps: over all octaves and frames. alike: what those share that can share a batch."""

    flops: float
    steps: int
    frames: int
    alike: Hashable | None


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks. when: in seconds."""

    when: float
    person: int
    server: int
    dream: Dream


def evening(crowd: Crowd, seed: int) -> list[Ask]:
    """Everything that is asked, in order of time; about `crowd.dreams`."""
    rng = random.Random(seed)
    reach = list(accumulate(1 / (place + 20) for place in range(crowd.servers)))
    each = (1 + crowd.albums * 5.5) / (1 - crowd.spread)
    first = round((crowd.dreams - 150 * crowd.memes) / each)
    asks: list[Ask] = []
    for _ in range(first):
        asks += _with_followers(_when(crowd, rng), _server(reach, rng), _dream(crowd, rng), crowd, rng)
    for _ in range(crowd.memes):
        when, dream = _when(crowd, rng), _dream(crowd, rng)
        places = [_server(reach, rng) for _ in range(12)]
        for _ in range(150):
            server = rng.choice(places)
            asks.append(Ask(when + rng.expovariate(1 / 240), _person(server, crowd, rng), server, dream))
    return sorted(asks, key=lambda ask: ask.when)


def _with_followers(
    when: float, server: int, dream: Dream, crowd: Crowd, rng: random.Random
) -> Iterator[Ask]:
    person = _person(server, crowd, rng)
    yield Ask(when, person, server, dream)
    if rng.random() < crowd.albums:
        for _ in range(rng.randrange(2, 10)):
            yield Ask(when + rng.uniform(1, 40), person, server, _dream(crowd, rng))
    if rng.random() < crowd.spread:
        elsewhere = rng.randrange(crowd.servers) if rng.random() < 0.2 else server
        yield from _with_followers(when + rng.expovariate(1 / 180), elsewhere, dream, crowd, rng)


def _when(crowd: Crowd, rng: random.Random) -> float:
    """More in the middle of the evening: at its height twice the mean of its edges."""
    while True:
        share = rng.random()
        if rng.random() < 0.5 + 0.5 * math.sin(math.pi * share):
            return share * crowd.hours * 3600


def _server(reach: list[float], rng: random.Random) -> int:
    return bisect(reach, rng.random() * reach[-1])


def _person(server: int, crowd: Crowd, rng: random.Random) -> int:
    return server * crowd.members + int(crowd.members * rng.random() ** 2)


def _dream(crowd: Crowd, rng: random.Random) -> Dream:
    if rng.random() < crowd.films:
        return _film(rng.choice((2.0, 4.0, 8.0, 8.0)))
    layer, notch = rng.choice(LAYERS), rng.choice(NOTCHES)
    if rng.random() < crowd.common:
        return _still(*rng.choice(COMMON), layer, notch, common=True)
    side = rng.randrange(256, 2048, 128)
    return _still(side, max(256, round(side * rng.choice((0.56, 0.75, 1.33)))), layer, notch, common=False)


def _some_model(name: str) -> Trained:
    return Trained(name, "0" * 64)


@cache
def _still(width: int, height: int, layer: str | None, notch: int | None, *, common: bool) -> Dream:
    request, facts = DreamRequest(layer=layer, intensity=notch), SourceFacts(width, height)
    recipe = resolve(request, facts, seed=1, models=_some_model, precision="bf16", max_pixels=MAX_PIXELS)
    return _of(recipe, batch_key(recipe) if common else None)


@cache
def _film(seconds: float) -> Dream:
    request = HellscapeRequest(seconds=seconds)
    return _of(
        resolve_hellscape(request, None, seed=1, models=_some_model, precision="bf16", max_pixels=MAX_PIXELS),
        None,
    )


def _of(recipe: Recipe, alike: Hashable | None) -> Dream:
    dreamed = recipe.hellscape.dreamed if recipe.hellscape else 1
    return Dream(recipe.flops, recipe.steps * len(recipe.sizes) * dreamed, recipe.frames, alike)
