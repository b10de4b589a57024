"""Simulates busy evenings before the real queue: `python -m tests.scheduler.simulation`.

Devices, durations of jobs and requests are simulated. Time is a number that advances from event to event.
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
"""(seconds, person, server, recipe)."""


@dataclass(eq=False)
class SimulatedDevice:
    """Runs a job, or a video and an interleaved still. ends: when each active job is done."""

    ready: Ready
    alive: bool = True
    ends: dict[Run, float] = field(default_factory=dict)
    interleave_from: float = 0.0


@dataclass
class Prediction:
    """What was published when a job was queued, and what happened, in seconds."""

    run: Run
    requested: float
    position: int = 0
    estimate: float | None = None
    started: float = 0.0
    took: float = 0.0


class QueueSimulation:
    """Simulates requests to several equal devices."""

    def __init__(
        self,
        duration: DurationModel,
        *,
        devices: int = 1,
        seed: int = 1,
        noise: float = 0.1,
        costs: JobCosts | None = None,
    ) -> None:
        """Creates an idle queue.

        Args:
            duration: the duration of a recipe.
            devices: how many there are.
            seed: of the random numbers.
            noise: the relative standard deviation of durations.
            costs: what was learned before.
        """
        self.now = 0.0
        self.predictions: dict[Run, Prediction] = {}
        self._total: dict[Run, float] = {}
        self.costs = costs or JobCosts()
        self._duration = duration
        self._noise = noise
        self._rng = random.Random(seed)
        ready = Ready("cpu", "cpu", "paper", "fp32")
        self.devices = [SimulatedDevice(ready) for _ in range(devices)]
        limits = QueueLimits(10_000, 10_000, 10_000)
        self.monitor = QueueMonitor(limits, lambda: self.devices, self.costs, clock=lambda: self.now)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = itertools.count()

    async def run(self, requests: Iterable[SimulatedRequest]) -> list[Prediction]:
        """Runs until all requests are done.

        Args:
            requests: in any order.
        """
        for at, *request in requests:
            self._schedule(at, partial(self._submit, *request))
        while self._events:
            self.now, _, event = heapq.heappop(self._events)
            for device in self.devices:
                self._update_fractions(device)
            event()
            # Callbacks of finished jobs run a moment later.
            await asyncio.sleep(0)
            for device in self.devices:
                self._take_jobs(device)
            await asyncio.sleep(0)
        self.monitor.close()
        return list(self.predictions.values())

    def _update_fractions(self, device: SimulatedDevice) -> None:
        """Updates the progress of its jobs; a video waits for an interleaved still."""
        interleaved = max(
            (end - self.now for run, end in device.ends.items() if not run.is_video), default=0.0
        )
        for run, end in device.ends.items():
            left = end - self.now - (interleaved if run.is_video else 0.0)
            run.fraction = 1 - left / self._total[run]

    def _schedule(self, at: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at, next(self._sequence), event))

    def _submit(self, person: int, server: int, recipe: Recipe) -> None:
        name = str(len(self.predictions))
        run = RecordingRun(name, recipe, PICTURE, owner=person, guild=server, withdraw=lambda run: None)
        prediction = self.predictions[run] = Prediction(run, self.now)
        self.monitor.put(run)
        if not run.position:
            self.monitor.publish_all()
        prediction.position, prediction.estimate = run.position, run.eta

    def _take_jobs(self, device: SimulatedDevice) -> None:
        fits = None
        if device.ends:
            busy = all(other.ends for other in self.devices)
            if (
                len(device.ends) > 1
                or not busy
                or self.now < device.interleave_from
                or not next(iter(device.ends)).is_video
            ):
                return
            fits = self._can_interleave
        if run := self.monitor.queue.take_now(fits, by=device):
            seconds = self._seconds(run.recipe)
            for video in device.ends:
                self._set_end(device, video, device.ends[video] + seconds)
            self.predictions[run].started = self.now
            self._total[run] = seconds
            self._set_end(device, run, self.now + seconds)

    def _set_end(self, device: SimulatedDevice, run: Run, at: float) -> None:
        device.ends[run] = at
        self._schedule(at, lambda: self._finish(device, run))

    def _finish(self, device: SimulatedDevice, run: Run) -> None:
        if device.ends.get(run, math.inf) > self.now:
            return
        del device.ends[run]
        prediction = self.predictions[run]
        prediction.took = self.now - prediction.requested
        self.costs.note(run, device_model(device), self.now - prediction.started, self._total[run])
        run.finish(Done(PICTURE.source, 0.0, None))
        if device.ends:
            device.interleave_from = 2 * self.now - prediction.started
            self._schedule(device.interleave_from, lambda: None)

    def _can_interleave(self, run: Run) -> bool:
        return not run.is_video and self._duration(run.recipe) <= MAX_INTERLEAVED_S

    def _seconds(self, recipe: Recipe) -> float:
        noise = self._rng.gauss(1, self._noise)
        return self._rng.uniform(0.05, 0.15) + self._duration(recipe) * max(0.5, noise)


class RecordingRun(Run):
    """A job that records the last estimate and the number of its events."""

    eta: float | None = None
    event_count = 0

    def publish(self, progress: Progress) -> None:
        """See `Run.publish`."""
        if not progress.running:
            self.eta = progress.eta
        self.event_count += 1
        super().publish(progress)


PICTURE = DreamInputs(np.zeros((2, 2, 3), np.uint8))


def on_two_cores(recipe: Recipe) -> float:
    """Returns the seconds of a recipe as measured on two cores, see docs/performance.md."""
    rate = {"inception_v3": 300e9, "vgg16": 387e9, "mobilenet_v2": 150e9}[recipe.model]
    pixels = recipe.width * recipe.height
    # 310 GFLOP/s at 512², 285 at 1024², 264 at 2048².
    rate *= (pixels / 512**2) ** -0.058
    flops = recipe.flops / (4 if recipe.moving else 1)
    return flops / rate + (0.02 * recipe.frames if recipe.frames > 1 else 0.0)


def busy_requests(rng: random.Random, hours: float, *, pace: float = 1.0) -> list[SimulatedRequest]:
    """Returns requests of a few dozen servers: mixed pictures, layers and videos, memes that spread, and
    albums.

    Args:
        rng: the random numbers.
        hours: the length of the evening.
        pace: 1 keeps one device of two cores busy for most of the time.
    """
    requests: list[SimulatedRequest] = []
    now = 0.0
    while now < hours * 3600:
        now += rng.expovariate(pace / 10)
        server = min(int(rng.paretovariate(0.8)), 40)
        match rng.random():
            case x if x < 0.02:
                meme = some_dream(rng)
                for _ in range(rng.randrange(4, 12)):
                    requests.append((now + rng.expovariate(1 / 60), rng.randrange(10**6), server, meme))
            case x if x < 0.04:
                person = rng.randrange(10**6)
                for _ in range(rng.randrange(3, 10)):
                    requests.append((now + rng.uniform(0, 40), person, server, some_dream(rng)))
            case x if x < 0.07:
                requests.append((now, rng.randrange(200), server, some_video(rng)))
            case _:
                requests.append((now, rng.randrange(200), server, some_dream(rng)))
    return sorted(requests, key=lambda request: request[0])


def some_dream(rng: random.Random) -> Recipe:
    """Returns a typical recipe."""
    width, height = rng.choice([(512, 512), (640, 480), (1080, 1350), (1920, 1080), (300, 260), (828, 1792)])
    layer = rng.choice([None, None, None, "mixed3", "mixed4", "mixed6", "conv4_3", "mixed5+mixed3"])
    request = DreamRequest(layer=layer, intensity=rng.choice([None, None, 3, 8, 11]))
    facts = SourceFacts(width, height)
    seed = rng.randrange(2**32)
    return resolve_dream(request, facts, seed=seed, models=fake_trained, precision="bf16", max_pixels=786_432)


def some_video(rng: random.Random) -> Recipe:
    """Returns a hellscape, or sometimes a moving picture."""
    seed = rng.randrange(2**32)
    if rng.random() < 0.7:
        video = HellscapeRequest(seconds=rng.choice([None, 2.0, 4.0]), size="320")
        return resolve_hellscape(
            video, None, seed=seed, models=fake_trained, precision="bf16", max_pixels=786_432
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
            evenings.append(await QueueSimulation(on_two_cores, devices=devices, seed=seed).run(requests))
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
