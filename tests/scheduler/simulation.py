"""A busy evening in front of the real queue and its real estimates, with devices and people on paper.

Time is a number that is moved on from event to event; only how long a job takes and who comes when is made
up.
"""

import asyncio
import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from dreambot.engine.progress import Progress
from dreambot.media.picture import DreamInputs
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.scheduler.job_costs import MAX_INTERLEAVED_S, JobCosts
from dreambot.scheduler.job_queue import QueueLimits, device_model
from dreambot.scheduler.queue_monitor import QueueMonitor
from dreambot.scheduler.run import Run
from dreambot.workers.protocol import Ready
from dreambot.workers.types import Done
from tests.support.recipes import fake_trained

DurationModel = Callable[[Recipe], float]
"""Seconds that a recipe really takes, without noise."""

SimulatedRequest = tuple[float, int, int, Recipe]
"""When, who, in which server, what."""


@dataclass(eq=False)
class SimulatedDevice:
    """Dreams one job at a time, and in between a film's frames a short one. ends: when each will be done."""

    ready: Ready
    alive: bool = True
    ends: dict[Run, float] = field(default_factory=dict)
    interleave_from: float = 0.0


@dataclass
class Prediction:
    """What somebody was told when they asked, and what came. Seconds."""

    run: Run
    asked: float
    position: int = 0
    estimate: float | None = None
    started: float = 0.0
    took: float = 0.0


class QueueSimulation:
    """Plays what people ask over so many devices alike."""

    def __init__(
        self,
        taking: DurationModel,
        *,
        devices: int = 1,
        seed: int = 1,
        noise: float = 0.1,
        costs: JobCosts | None = None,
    ) -> None:
        """noise: the standard deviation of what a job takes, as a share. costs: what was learned before."""
        self.now = 0.0
        self.told: dict[Run, Prediction] = {}
        self._whole: dict[Run, float] = {}
        self.costs = costs or JobCosts()
        self._taking = taking
        self._noise = noise
        self._rng = random.Random(seed)
        ready = Ready("cpu", "cpu", "paper", "fp32")
        self.device_workers = [SimulatedDevice(ready) for _ in range(devices)]
        caps = QueueLimits(10_000, 10_000, 10_000)
        self.places = QueueMonitor(caps, lambda: self.device_workers, self.costs, clock=lambda: self.now)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()

    async def play(self, asks: Iterable[SimulatedRequest]) -> list[Prediction]:
        """Until all is done."""
        for when, *ask in asks:
            self._later(when, partial(self._ask, *ask))
        while self._events:
            self.now, _, event = heapq.heappop(self._events)
            for lane in self.device_workers:
                self._go_on(lane)
            event()
            # Jobs that are settled say so a moment later.
            await asyncio.sleep(0)
            for lane in self.device_workers:
                self._feed(lane)
            await asyncio.sleep(0)
        self.places.close()
        return list(self.told.values())

    def _go_on(self, lane: SimulatedDevice) -> None:
        """How far its jobs are; a film waits for its guest."""
        guests = max((end - self.now for run, end in lane.ends.items() if not run.is_video), default=0.0)
        for run, end in lane.ends.items():
            left = end - self.now - (guests if run.is_video else 0.0)
            run.fraction = 1 - left / self._whole[run]

    def _later(self, when: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._number), event))

    def _ask(self, person: int, server: int, recipe: Recipe) -> None:
        name = str(len(self.told))
        run = RecordingRun(name, recipe, PICTURE, owner=person, guild=server, withdraw=lambda run: None)
        told = self.told[run] = Prediction(run, self.now)
        self.places.put(run)
        if not run.place:
            self.places.publish_all()
        told.position, told.estimate = run.place, run.eta

    def _feed(self, lane: SimulatedDevice) -> None:
        fits = None
        if lane.ends:
            busy = all(other.ends for other in self.device_workers)
            if (
                len(lane.ends) > 1
                or not busy
                or self.now < lane.interleave_from
                or not next(iter(lane.ends)).is_video
            ):
                return
            fits = self._can_interleave
        if run := self.places.queue.take_now(fits, by=lane):
            seconds = self._seconds(run.recipe)
            for film in lane.ends:
                self._ends(lane, film, lane.ends[film] + seconds)
            self.told[run].started = self.now
            self._whole[run] = seconds
            self._ends(lane, run, self.now + seconds)

    def _ends(self, lane: SimulatedDevice, run: Run, when: float) -> None:
        lane.ends[run] = when
        self._later(when, lambda: self._end(lane, run))

    def _end(self, lane: SimulatedDevice, run: Run) -> None:
        if lane.ends.get(run, math.inf) > self.now:
            return
        del lane.ends[run]
        told = self.told[run]
        told.took = self.now - told.asked
        self.costs.note(run, device_model(lane), self.now - told.started, self._whole[run])
        run.finish(Done(PICTURE.source, 0.0, None))
        if lane.ends:
            lane.interleave_from = 2 * self.now - told.started
            self._later(lane.interleave_from, lambda: None)

    def _can_interleave(self, run: Run) -> bool:
        return not run.is_video and self._taking(run.recipe) <= MAX_INTERLEAVED_S

    def _seconds(self, recipe: Recipe) -> float:
        noise = self._rng.gauss(1, self._noise)
        return self._rng.uniform(0.05, 0.15) + self._taking(recipe) * max(0.5, noise)


class RecordingRun(Run):
    """A job that remembers the last estimate."""

    eta: float | None = None
    heard = 0

    def publish(self, progress: Progress) -> None:
        """Tells, and remembers."""
        if not progress.running:
            self.eta = progress.eta
        self.heard += 1
        super().publish(progress)


PICTURE = DreamInputs(np.zeros((2, 2, 3), np.uint8))


def on_two_cores(recipe: Recipe) -> float:
    """Seconds as measured on two cores, see docs/performance.md; of films as found while they were made."""
    rate = {"inception_v3": 300e9, "vgg16": 387e9, "mobilenet_v2": 150e9}[recipe.model]
    pixels = recipe.width * recipe.height
    # 310 GFLOP/s at 512², 285 at 1024², 264 at 2048².
    rate *= (pixels / 512**2) ** -0.058
    flops = recipe.flops / (4 if recipe.moving else 1)
    return flops / rate + (0.02 * recipe.frames if recipe.frames > 1 else 0.0)


def busy_requests(rng: random.Random, hours: float, *, pace: float = 1.0) -> list[SimulatedRequest]:
    """Mixed pictures, layers and films of some dozen servers; memes that spread, and people with albums.
    pace: 1 keeps one device of two cores busy for most of the time."""
    asks: list[SimulatedRequest] = []
    now = 0.0
    while now < hours * 3600:
        now += rng.expovariate(pace / 20)
        server = min(int(rng.paretovariate(0.8)), 40)
        match rng.random():
            case x if x < 0.02:
                meme = some_dream(rng)
                for _ in range(rng.randrange(4, 12)):
                    asks.append((now + rng.expovariate(1 / 60), rng.randrange(10**6), server, meme))
            case x if x < 0.04:
                person = rng.randrange(10**6)
                for _ in range(rng.randrange(3, 10)):
                    asks.append((now + rng.uniform(0, 40), person, server, some_dream(rng)))
            case x if x < 0.07:
                asks.append((now, rng.randrange(200), server, some_video(rng)))
            case _:
                asks.append((now, rng.randrange(200), server, some_dream(rng)))
    return sorted(asks, key=lambda ask: ask[0])


def some_dream(rng: random.Random) -> Recipe:
    """As people ask for them."""
    width, height = rng.choice([(512, 512), (640, 480), (1080, 1350), (1920, 1080), (300, 260), (828, 1792)])
    layer = rng.choice([None, None, None, "mixed3", "mixed4", "mixed6", "conv4_3", "mixed5+mixed3"])
    request = DreamRequest(layer=layer, intensity=rng.choice([None, None, 3, 8, 11]))
    facts = SourceFacts(width, height)
    seed = rng.randrange(2**32)
    return resolve_dream(request, facts, seed=seed, models=fake_trained, precision="bf16", max_pixels=786_432)


def some_video(rng: random.Random) -> Recipe:
    """A hellscape, or now and then a moving picture."""
    seed = rng.randrange(2**32)
    if rng.random() < 0.7:
        film = HellscapeRequest(seconds=rng.choice([None, 2.0, 4.0]), size="320")
        return resolve_hellscape(
            film, None, seed=seed, models=fake_trained, precision="bf16", max_pixels=786_432
        )
    facts = SourceFacts(320, 240, frames=rng.randrange(10, 60))
    return resolve_dream(
        DreamRequest(), facts, seed=seed, models=fake_trained, precision="bf16", max_pixels=786_432
    )


TOLERANCE_S = 2.0
"""Seconds by which the estimate of a short wait may be off."""


def share_within_tolerance(predictions: Sequence[Prediction]) -> float:
    """Returns the share of the estimates, as shown when a job was queued, within 25 % of what came.

    A missing estimate counts as wrong.
    """
    right = [
        one.estimate is not None and abs(one.estimate - one.took) <= max(TOLERANCE_S, 0.25 * one.took)
        for one in predictions
    ]
    return sum(right) / len(right)


async def main() -> None:
    """Prints how often estimates hold on eight evenings of two hours, with 1, 2 and 4 devices."""
    for devices, pace in ((1, 1.1), (2, 2.2), (4, 4.5)):
        evenings = []
        for seed in range(1, 9):
            requests = busy_requests(random.Random(seed), 2, pace=pace)
            evenings.append(await QueueSimulation(on_two_cores, devices=devices, seed=seed).play(requests))
        waited = [[one for one in evening if one.position > 1] for evening in evenings]
        for name, groups in (("all", evenings), ("not started at once", waited)):
            shares = [share_within_tolerance(group) for group in groups]
            total = share_within_tolerance(list(itertools.chain.from_iterable(groups)))
            print(
                f"{devices} devices, {name}: {total:.1%} of the estimates hold "
                f"({min(shares):.0%} to {max(shares):.0%} on one evening)"
            )


if __name__ == "__main__":
    asyncio.run(main())
