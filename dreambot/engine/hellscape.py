"""The hellscape: an image is dreamed, the camera moves into it, and the result is dreamed again.

The feedback loop is that of google/deepdream (Mordvintsev, Olah, Tyka, "Inceptionism", 2015); the
journey through several layers, the tone stabilisation and the seamless loop are our own. Without
stabilisation, colour and contrast drift away within forty frames. Only three statistics of the image
are held, its mean colour and the spread of its luminance and of its colours; its content is free.
"""

import random
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.camera import Camera, FrameInterpolator, sharpen
from dreambot.engine.dream import Stopped, dream_octaves, never_stop, rescale_progress
from dreambot.engine.images import resize, smooth_noise, to_tensor, white_noise
from dreambot.engine.objectives import ObjectiveFunction, transform_objective
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.step import AscentStep, build_objective
from dreambot.engine.transforms import Transform
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import HellscapeParams, Recipe
from dreambot.recipe.video import FramePlan, plan_frames
from dreambot.zoo.network import Network


class BlendedObjective:
    """Several scores at once, each with its weight."""

    def __init__(self, parts: Sequence[tuple[ObjectiveFunction, float]]) -> None:
        self._parts = tuple(parts)
        self.layers = frozenset(layer for score, _ in parts for layer in score.layers)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        return torch.stack([weight * score(features) for score, weight in self._parts]).sum(dim=0)

    def moved(self, movement: Transform) -> ObjectiveFunction:
        """See `Placed`."""
        return BlendedObjective(
            [(transform_objective(score, movement), weight) for score, weight in self._parts]
        )


class JourneyObjectives:
    """The legs of a recipe as scores, and the mixtures of them on the way from one to the next.

    Scores are logarithms of how excited layers are, so that a mixture's weights mean the same on any two
    legs. A leg's strongest channels are those of the picture that it begins with.
    """

    def __init__(self, network: Network, recipe: Recipe, inputs: DreamInputs) -> None:
        self._network, self._recipe, self._inputs = network, recipe, inputs
        self._under_way: dict[int, ObjectiveFunction] = {}

    def at(self, legs: Sequence[tuple[int, float]], picture: Tensor) -> ObjectiveFunction:
        """The score for legs by number, each with its weight; picture: (1, 3, H, W), to be dreamed on."""
        self._under_way = {number: self._score(number, picture) for number, _ in legs}
        if len(legs) == 1:
            return self._under_way[legs[0][0]]
        return BlendedObjective([(self._under_way[number], weight) for number, weight in legs])

    def _score(self, number: int, picture: Tensor) -> ObjectiveFunction:
        if number in self._under_way:
            return self._under_way[number]
        leg = self._recipe.model_copy(update={"layers": self._recipe.legs[number]})
        return build_objective(self._network, leg, picture, self._inputs)


_CLIP_KNEE = 0.8
_MIN_STD = 1e-3
# Nothing is stretched further than this in one frame, so that a flat picture is not blown up to noise.
_MAX_GAIN = 1.5


@dataclass(frozen=True, eq=False)
class Tone:
    """mean: (1, 3, 1, 1), the mean colour. light, colour: standard deviations of the luminance (the mean
    over RGB) and of what differs from it. All in a [-1, 1] picture."""

    mean: Tensor
    light: float
    colour: float

    def towards(self, other: "Tone", share: float) -> "Tone":
        """The tone that share of the way to another, 0 to 1."""
        return Tone(
            torch.lerp(self.mean, other.mean, share),
            self.light + share * (other.light - self.light),
            self.colour + share * (other.colour - self.colour),
        )


def default_tone(device: torch.device) -> Tone:
    """The tone that a hellscape holds: rather dark, a little warm, full contrast, strong but not garish."""
    return Tone(torch.tensor([-0.02, -0.06, -0.10], device=device).view(1, 3, 1, 1), 0.38, 0.16)


def measure_tone(picture: Tensor) -> Tone:
    """The tone of a (1, 3, H, W)."""
    grey = picture.mean(dim=1, keepdim=True)
    spread = (picture - grey) - (picture - grey).mean(dim=(2, 3), keepdim=True)
    return Tone(
        picture.mean(dim=(2, 3), keepdim=True),
        float(grey.std(correction=0)),
        float(spread.square().mean().sqrt()),
    )


def stabilise_tone(picture: Tensor, aim: Tone, hold: float) -> Tensor:
    """A (1, 3, H, W) put right by `hold`, 0 to 1, of the way to the tone aimed at; within [-1, 1]."""
    if hold == 0:
        return soft_clip(picture)
    now = measure_tone(picture)
    light = min(_MAX_GAIN, (aim.light / max(now.light, _MIN_STD)) ** hold)
    colour = min(_MAX_GAIN, (aim.colour / max(now.colour, _MIN_STD)) ** hold)
    around = picture - now.mean
    grey = around.mean(dim=1, keepdim=True)
    mean = torch.lerp(now.mean, aim.mean, hold)
    return soft_clip(mean + light * grey + colour * (around - grey))


def soft_clip(picture: Tensor) -> Tensor:
    """Values beyond 0.8 bend over and never reach 1: hard clipping would eat away at the brightest spots, a
    little more with each frame."""
    over = (picture.abs() - _CLIP_KNEE).clamp_min(0)
    bent = _CLIP_KNEE + (1 - _CLIP_KNEE) * torch.tanh(over / (1 - _CLIP_KNEE))
    return torch.where(over > 0, picture.sign() * bent, picture)


def hellscape(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
    """Dreams a film out of noise or a picture; yields every step, and every frame as soon as it is there.

    Frames are (recipe.height, recipe.width, 3) uint8; the last one is returned, too. Memory does not grow
    with the film's length. `stop` is asked between steps; when it says True, `Stopped` is raised. The same
    network, inputs and recipe give the same frames on the same device and thread count.
    """
    film = recipe.hellscape
    if film is None:
        raise ValueError("the recipe is not a hellscape's")
    loop, reel = (
        _FeedbackLoop(bend_network(network, recipe.bends, recipe.seed), inputs, recipe, film),
        FrameInterpolator(film),
    )
    last: Pixels | None = None
    plans = tuple(plan_frames(film, recipe.steps))
    work, done = sum(plan.steps for plan in plans), 0
    for plan in plans:
        if stop():
            raise Stopped("the hellscape was stopped")
        yield from rescale_progress(
            loop.next(plan, stop), done / max(1, work), (done + plan.steps) / max(1, work)
        )
        done += plan.steps
        for frame in reel.add(loop.picture) if plan.shown else ():
            last = frame.rgb
            yield frame
    for frame in reel.close():
        last = frame.rgb
        yield frame
    if last is None:
        raise ValueError("a film has at least one frame")
    return last


class _FeedbackLoop:
    """The picture as it goes round."""

    def __init__(self, network: Network, inputs: DreamInputs, recipe: Recipe, film: HellscapeParams) -> None:
        self.picture = initial_image(inputs, recipe, film, network.device)
        self._network, self._recipe, self._film = network, recipe, film
        self._journey, self._camera = JourneyObjectives(network, recipe, inputs), Camera.of(film)
        self._aim = default_tone(network.device)
        # A picture melts into the nightmare's colours as it melts into its shapes.
        self._from = measure_tone(self.picture) if film.start == "picture" else self._aim
        self._begun = False
        # Where the film leads back to: the picture it began with, or the frames before the first one shown.
        self._origin = self.picture if film.start == "picture" and film.loop else None
        self._kept: list[Tensor] = []
        self._rng = random.Random(recipe.seed)

    def next(self, plan: FramePlan, stop: Callable[[], bool]) -> Generator[Progress, None, Tensor]:
        """Goes round once."""
        picture = self.picture
        if self._begun:
            picture = sharpen(self._camera.move(picture), self._film.sharpen)
        if plan.steps:
            picture = picture.clamp(-1, 1)
            score = self._journey.at(plan.legs, picture)
            climb = AscentStep(self._network, score, self._numbers(plan))
            picture = yield from dream_octaves(climb, picture, self._rng, stop)
        if self._begun or plan.steps:
            aim = self._from.towards(self._aim, plan.strength)
            picture = stabilise_tone(picture, aim, self._film.hold)
        if plan.home:
            picture = self._drawn_home(picture, plan)
        if plan.kept:
            # Half precision: a fade's worth of frames is kept to the end.
            self._kept.append(picture.half())
        self.picture, self._begun = picture, True
        return picture

    def _numbers(self, plan: FramePlan) -> Recipe:
        return self._recipe.model_copy(
            update={"steps": plan.steps, "step": self._recipe.step * plan.strength}
        )

    def _drawn_home(self, picture: Tensor, plan: FramePlan) -> Tensor:
        """Mixed with the frame that it is to become. Mixing two pictures greys both, so that the tone is set
        to what it should be on the way."""
        if self._origin is not None:
            goal = self._camera.move(self._origin, -plan.left)
        else:
            goal = self._kept[len(self._kept) - 1 - plan.left].float()
        if plan.left == 0:
            return torch.lerp(picture, goal, plan.home)
        tone = measure_tone(picture).towards(measure_tone(goal), plan.home)
        return stabilise_tone(torch.lerp(picture, goal, plan.home), tone, 1.0)


def initial_image(inputs: DreamInputs, recipe: Recipe, film: HellscapeParams, device: torch.device) -> Tensor:
    """The picture before the first frame, (1, 3, recipe.height, recipe.width)."""
    if film.start == "picture":
        if inputs.source is None:
            raise ValueError("there is no picture to begin with")
        return resize(to_tensor(inputs.source, device), recipe.width, recipe.height).clamp_(-1, 1)
    make = smooth_noise if film.start == "smooth" else white_noise
    return make(recipe.width, recipe.height, recipe.seed).to(device)
