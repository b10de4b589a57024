"""Generates the simulated requests. All figures are assumptions, documented in the dataclass."""

import math
import random
from bisect import bisect
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.fast_paths import batch_key
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.recipe.layers import TrainedModel

MAX_PIXELS = 786_432
COMMON_SIZES = ((1080, 1080), (1080, 1350), (1920, 1080), (1280, 720), (800, 600), (750, 1334), (512, 512))
LAYERS = (None, None, None, None, "mixed3", "mixed4", "mixed6", "mixed2", "mixed5+mixed3")
INTENSITIES = (None, None, None, 3, 8, 9, 11)


@dataclass(frozen=True)
class Population:
    """The assumptions about an evening.

    Attributes:
        servers: Number of servers; their activity falls as 1 / (rank + 20).
        dreams: Approximate number of dreams.
        hours: Duration in hours.
        films: Share of hellscapes.
        common: Share of dreams with one of a few common sizes, which can share batches.
        spread: Mean number of further dreams of the same image that a dream causes, most of them in the same
            server and within minutes.
        albums: Share of requests with three to ten images at once.
        members: Members of each server who dream.
        memes: Number of memes, each dreamed 150 times within minutes.
    """

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
    """The cost of a dream.

    Attributes:
        flops: FLOPs of the network.
        steps: Steps over all octaves and frames.
        frames: Number of frames.
        batch_key: Equal for dreams that can share a batch; None if it cannot be batched.
    """

    flops: float
    steps: int
    frames: int
    batch_key: Hashable | None


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """A request; `when` is in seconds from the start."""

    when: float
    person: int
    server: int
    dream: DreamCost


def generate_requests(population: Population, seed: int) -> list[SimulatedRequest]:
    """Generates the requests of an evening in order of time.

    Args:
        population: Assumptions.
        seed: Seed of the random numbers.
    """
    rng = random.Random(seed)
    cumulative_activity = list(accumulate(1 / (place + 20) for place in range(population.servers)))
    each = (1 + population.albums * 5.5) / (1 - population.spread)
    first = round((population.dreams - 150 * population.memes) / each)
    requests: list[SimulatedRequest] = []
    for _ in range(first):
        requests += _requests_with_followers(
            _random_time(population, rng),
            _random_server(cumulative_activity, rng),
            _random_dream(population, rng),
            population,
            rng,
        )
    for _ in range(population.memes):
        when, dream = _random_time(population, rng), _random_dream(population, rng)
        places = [_random_server(cumulative_activity, rng) for _ in range(12)]
        for _ in range(150):
            server = rng.choice(places)
            requests.append(
                SimulatedRequest(
                    when + rng.expovariate(1 / 240), _random_member(server, population, rng), server, dream
                )
            )
    return sorted(requests, key=lambda request: request.when)


def _requests_with_followers(
    when: float, server: int, dream: DreamCost, population: Population, rng: random.Random
) -> Iterator[SimulatedRequest]:
    person = _random_member(server, population, rng)
    yield SimulatedRequest(when, person, server, dream)
    if rng.random() < population.albums:
        for _ in range(rng.randrange(2, 10)):
            yield SimulatedRequest(when + rng.uniform(1, 40), person, server, _random_dream(population, rng))
    if rng.random() < population.spread:
        elsewhere = rng.randrange(population.servers) if rng.random() < 0.2 else server
        yield from _requests_with_followers(
            when + rng.expovariate(1 / 180), elsewhere, dream, population, rng
        )


def _random_time(population: Population, rng: random.Random) -> float:
    """Draws a time, more often in the middle of the evening: its peak is twice the mean of its edges."""
    while True:
        share = rng.random()
        if rng.random() < 0.5 + 0.5 * math.sin(math.pi * share):
            return share * population.hours * 3600


def _random_server(cumulative_activity: list[float], rng: random.Random) -> int:
    return bisect(cumulative_activity, rng.random() * cumulative_activity[-1])


def _random_member(server: int, population: Population, rng: random.Random) -> int:
    return server * population.members + int(population.members * rng.random() ** 2)


def _random_dream(population: Population, rng: random.Random) -> DreamCost:
    if rng.random() < population.films:
        return _hellscape_cost(rng.choice((2.0, 4.0, 8.0, 8.0)))
    layer, intensity = rng.choice(LAYERS), rng.choice(INTENSITIES)
    if rng.random() < population.common:
        return _still_cost(*rng.choice(COMMON_SIZES), layer, intensity, common=True)
    side = rng.randrange(256, 2048, 128)
    return _still_cost(
        side, max(256, round(side * rng.choice((0.56, 0.75, 1.33)))), layer, intensity, common=False
    )


def _fake_trained(name: str) -> TrainedModel:
    return TrainedModel(name, "0" * 64)


@cache
def _still_cost(
    width: int, height: int, layer: str | None, intensity: int | None, *, common: bool
) -> DreamCost:
    request, facts = DreamRequest(layer=layer, intensity=intensity), SourceFacts(width, height)
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


def _recipe_cost(recipe: Recipe, key: Hashable | None) -> DreamCost:
    dreamed = recipe.hellscape.dreamed if recipe.hellscape else 1
    return DreamCost(recipe.flops, sum(recipe.steps_by_octave) * dreamed, recipe.frames, key)
