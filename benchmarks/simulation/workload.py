"""Generates the simulated requests. Every figure is an assumption, documented in the dataclass."""

import math
import random
from bisect import bisect
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.recipe.layers import TrainedModel
from dreambot.recipe.recipe import batch_key

MAX_PIXELS = 786_432
COMMON_SIZES = ((1080, 1080), (1080, 1350), (1920, 1080), (1280, 720), (800, 600), (750, 1334), (512, 512))
LAYERS = (None, None, None, None, "mixed3", "mixed4", "mixed6", "mixed2", "mixed5+mixed3")
INTENSITIES = (None, None, None, 3, 8, 9, 11)


@dataclass(frozen=True)
class Population:
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
class DreamCost:
    """What is dreamed. steps: over all octaves and frames. alike: what those share that can share a batch."""

    flops: float
    steps: int
    frames: int
    alike: Hashable | None


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """Somebody asks. when: in seconds."""

    when: float
    person: int
    server: int
    dream: DreamCost


def generate_requests(crowd: Population, seed: int) -> list[SimulatedRequest]:
    """Everything that is asked, in order of time; about `crowd.dreams`."""
    rng = random.Random(seed)
    reach = list(accumulate(1 / (place + 20) for place in range(crowd.servers)))
    each = (1 + crowd.albums * 5.5) / (1 - crowd.spread)
    first = round((crowd.dreams - 150 * crowd.memes) / each)
    asks: list[SimulatedRequest] = []
    for _ in range(first):
        asks += _requests_with_followers(
            _random_time(crowd, rng), _random_server(reach, rng), _random_dream(crowd, rng), crowd, rng
        )
    for _ in range(crowd.memes):
        when, dream = _random_time(crowd, rng), _random_dream(crowd, rng)
        places = [_random_server(reach, rng) for _ in range(12)]
        for _ in range(150):
            server = rng.choice(places)
            asks.append(
                SimulatedRequest(
                    when + rng.expovariate(1 / 240), _random_member(server, crowd, rng), server, dream
                )
            )
    return sorted(asks, key=lambda ask: ask.when)


def _requests_with_followers(
    when: float, server: int, dream: DreamCost, crowd: Population, rng: random.Random
) -> Iterator[SimulatedRequest]:
    person = _random_member(server, crowd, rng)
    yield SimulatedRequest(when, person, server, dream)
    if rng.random() < crowd.albums:
        for _ in range(rng.randrange(2, 10)):
            yield SimulatedRequest(when + rng.uniform(1, 40), person, server, _random_dream(crowd, rng))
    if rng.random() < crowd.spread:
        elsewhere = rng.randrange(crowd.servers) if rng.random() < 0.2 else server
        yield from _requests_with_followers(when + rng.expovariate(1 / 180), elsewhere, dream, crowd, rng)


def _random_time(crowd: Population, rng: random.Random) -> float:
    """More in the middle of the evening: at its height twice the mean of its edges."""
    while True:
        share = rng.random()
        if rng.random() < 0.5 + 0.5 * math.sin(math.pi * share):
            return share * crowd.hours * 3600


def _random_server(reach: list[float], rng: random.Random) -> int:
    return bisect(reach, rng.random() * reach[-1])


def _random_member(server: int, crowd: Population, rng: random.Random) -> int:
    return server * crowd.members + int(crowd.members * rng.random() ** 2)


def _random_dream(crowd: Population, rng: random.Random) -> DreamCost:
    if rng.random() < crowd.films:
        return _hellscape_cost(rng.choice((2.0, 4.0, 8.0, 8.0)))
    layer, notch = rng.choice(LAYERS), rng.choice(INTENSITIES)
    if rng.random() < crowd.common:
        return _still_cost(*rng.choice(COMMON_SIZES), layer, notch, common=True)
    side = rng.randrange(256, 2048, 128)
    return _still_cost(
        side, max(256, round(side * rng.choice((0.56, 0.75, 1.33)))), layer, notch, common=False
    )


def _fake_trained(name: str) -> TrainedModel:
    return TrainedModel(name, "0" * 64)


@cache
def _still_cost(width: int, height: int, layer: str | None, notch: int | None, *, common: bool) -> DreamCost:
    request, facts = DreamRequest(layer=layer, intensity=notch), SourceFacts(width, height)
    recipe = resolve_dream(
        request, facts, seed=1, models=_fake_trained, precision="bf16", max_pixels=MAX_PIXELS
    )
    return _recipe_cost(recipe, batch_key(recipe) if common else None)


@cache
def _hellscape_cost(seconds: float) -> DreamCost:
    request = HellscapeRequest(seconds=seconds)
    return _recipe_cost(
        resolve_hellscape(
            request, None, seed=1, models=_fake_trained, precision="bf16", max_pixels=MAX_PIXELS
        ),
        None,
    )


def _recipe_cost(recipe: Recipe, alike: Hashable | None) -> DreamCost:
    dreamed = recipe.hellscape.dreamed if recipe.hellscape else 1
    return DreamCost(recipe.flops, recipe.steps * len(recipe.sizes) * dreamed, recipe.frames, alike)
