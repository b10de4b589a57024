"""The hellscape: an image is dreamed, the camera moves into it, and the result is dreamed again.

The feedback loop is that of google/deepdream (Mordvintsev, Olah, Tyka, "Inceptionism", 2015); the
journey through several layers, the tone stabilisation and the seamless loop are our own. Without
stabilisation, colour and contrast drift away within forty frames. Only three statistics of the image
are held, its mean colour and the spread of its luminance and of its colours; its content is free.
"""

import random
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.camera import Camera, FrameInterpolator, sharpen
from dreambot.engine.colours import colour_matrix
from dreambot.engine.dream import Stopped, dream_octaves, never_stop, rescale_progress
from dreambot.engine.images import resize, smooth_noise, to_tensor, white_noise
from dreambot.engine.objectives import SeparableObjective, transform_objective
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.step import AscentStep, build_objective
from dreambot.engine.transforms import Transform
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import HellscapeParams, Recipe
from dreambot.recipe.video import HELD_COLOUR, HELD_MEAN, FramePlan, plan_frames
from dreambot.zoo.network import Network


def hellscape(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
    """Dreams a zooming feedback video out of noise or an image.

    Memory does not grow with the length of the video. The same network, inputs and recipe give the same
    frames on the same device with the same number of threads.

    Args:
        network: Network whose activations are maximised.
        inputs: The image to start from, if the recipe starts from one.
        recipe: Recipe of a hellscape.
        stop: Stop predicate, called before every step.

    Yields:
        The progress after every step, and every frame as soon as it is finished,
        `[recipe.height, recipe.width, 3]` uint8.

    Returns:
        The last frame.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide.
        ValueError: The recipe is not a hellscape, or its source is missing.
    """
    params = recipe.hellscape
    if params is None:
        raise ValueError("the recipe is not a hellscape's")
    loop = _FeedbackLoop(bend_network(network, recipe.bends, recipe.seed), inputs, recipe, params)
    interpolator = FrameInterpolator(params)
    last: Pixels | None = None
    plans = tuple(plan_frames(params, recipe.steps))
    total_work, work_done = max(1, sum(plan.steps for plan in plans)), 0
    for plan in plans:
        if stop():
            raise Stopped("the hellscape was stopped")
        yield from rescale_progress(
            loop.next(plan, stop), work_done / total_work, (work_done + plan.steps) / total_work
        )
        work_done += plan.steps
        for frame in interpolator.add(loop.image, plan.motion) if plan.shown else ():
            last = frame.rgb
            yield frame
    for frame in interpolator.close():
        last = frame.rgb
        yield frame
    if last is None:
        raise ValueError("a film has at least one frame")
    return last


class _FeedbackLoop:
    """The image that is moved and dreamed again and again."""

    def __init__(
        self, network: Network, inputs: DreamInputs, recipe: Recipe, params: HellscapeParams
    ) -> None:
        self.image = initial_image(inputs, recipe, params, network.device)
        self._network, self._recipe, self._params = network, recipe, params
        self._journey, self._camera = JourneyObjectives(network, recipe, inputs), Camera.of(params)
        self._target_tone = held_tone(params, network.device)
        if params.start != "picture" and (params.held_mean, params.held_colour) != (HELD_MEAN, HELD_COLOUR):
            # The noise has the colours of the usual tone.
            self.image = stabilise_tone(self.image, self._target_tone, 1.0)
        # The colours of a start image change to those of a hellscape at the pace of its shapes.
        self._start_tone = measure_tone(self.image) if params.start == "picture" else self._target_tone
        self._colours = colour_matrix(recipe.palette, recipe.chroma, self.image)
        self._started = False
        # A loop leads back to the start image, or to the frames before the first one shown.
        self._origin = self.image if params.start == "picture" and params.loop else None
        self._kept: list[Tensor] = []
        self._rng = random.Random(recipe.seed)

    def next(self, plan: FramePlan, stop: Callable[[], bool]) -> Generator[Progress, None, Tensor]:
        """Moves and dreams the image once."""
        image = self.image
        if self._started:
            image = sharpen(self._camera.move(image, plan.motion), self._params.sharpen)
        if plan.steps:
            image = image.clamp(-1, 1)
            objective = self._journey.at(plan.legs, image)
            ascent = AscentStep(self._network, objective, self._recipe_of(plan), colours=self._colours)
            image = yield from dream_octaves(ascent, image, self._rng, stop)
        if self._started or plan.steps:
            target = self._start_tone.lerp(self._target_tone, plan.strength)
            image = stabilise_tone(image, target, self._params.hold)
        if plan.home:
            image = self._blend_home(image, plan)
        if plan.kept:
            # Half precision, because the frames of a fade are kept to the end.
            self._kept.append(image.half())
        self.image, self._started = image, True
        return image

    def _recipe_of(self, plan: FramePlan) -> Recipe:
        return self._recipe.model_copy(
            update={"steps": plan.steps, "step": self._recipe.step * plan.strength * plan.drive}
        )

    def _blend_home(self, image: Tensor, plan: FramePlan) -> Tensor:
        """Blends the image with the frame that the loop leads back to.

        A blend of two images is greyer than both, so the tone is set to the interpolated one.
        """
        if self._origin is not None:
            goal = self._camera.move(self._origin, -plan.left)
        else:
            goal = self._kept[len(self._kept) - 1 - plan.left].float()
        if plan.left == 0:
            return torch.lerp(image, goal, plan.home)
        tone = measure_tone(image).lerp(measure_tone(goal), plan.home)
        return stabilise_tone(torch.lerp(image, goal, plan.home), tone, 1.0)


def initial_image(
    inputs: DreamInputs, recipe: Recipe, params: HellscapeParams, device: torch.device
) -> Tensor:
    """Returns the image before the first frame.

    Args:
        inputs: The image to start from, if the hellscape starts from one.
        recipe: Recipe with size and seed.
        params: The recipe's hellscape parameters.
        device: Device of the image.

    Returns:
        `[1, 3, recipe.height, recipe.width]` in [-1, 1].

    Raises:
        ValueError: The hellscape starts from an image and there is none.
    """
    if params.start == "picture":
        if inputs.source is None:
            raise ValueError("there is no picture to begin with")
        return resize(to_tensor(inputs.source, device), recipe.width, recipe.height).clamp_(-1, 1)
    make_noise = smooth_noise if params.start == "smooth" else white_noise
    return make_noise(recipe.width, recipe.height, recipe.seed).to(device)


class JourneyObjectives:
    """The objectives of a journey's legs, and blends of them on the way from one leg to the next.

    Objectives are logarithms of activation strength, so the weights of a blend mean the same for any two
    legs. The strongest channels of a leg are looked up in the image at its beginning.
    """

    def __init__(self, network: Network, recipe: Recipe, inputs: DreamInputs) -> None:
        """Creates the objectives of a recipe.

        Args:
            network: Network whose activations are maximised.
            recipe: Recipe of a hellscape.
            inputs: The guide, if the recipe has one.
        """
        self._network, self._recipe, self._inputs = network, recipe, inputs
        self._current: dict[int, SeparableObjective] = {}

    def at(self, legs: Sequence[tuple[int, float]], image: Tensor) -> SeparableObjective:
        """Returns the objective of a frame.

        Args:
            legs: Index and weight of each leg of the blend.
            image: Image that will be dreamed on, `[1, 3, height, width]`.
        """
        self._current = {index: self._objective(index, image) for index, _ in legs}
        if len(legs) == 1:
            return self._current[legs[0][0]]
        return BlendedObjective([(self._current[index], weight) for index, weight in legs])

    def _objective(self, index: int, image: Tensor) -> SeparableObjective:
        if index in self._current:
            return self._current[index]
        leg = self._recipe.model_copy(update={"layers": self._recipe.legs[index]})
        return build_objective(self._network, leg, image, self._inputs)


class BlendedObjective:
    """The weighted sum of several objectives."""

    def __init__(self, parts: Sequence[tuple[SeparableObjective, float]]) -> None:
        """Creates the sum.

        Args:
            parts: Each objective with its weight.
        """
        self._parts = tuple(parts)
        self.layers = frozenset(layer for objective, _ in parts for layer in objective.layers)
        self.weight = sum(weight * objective.weight for objective, weight in parts)

    def restricted_to(self, layers: Collection[str]) -> SeparableObjective:
        """See `SeparableObjective`.

        Args:
            layers: See `SeparableObjective`.
        """
        return BlendedObjective(
            [
                (objective.restricted_to(layers), weight)
                for objective, weight in self._parts
                if not set(objective.layers).isdisjoint(layers)
            ]
        )

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        return torch.stack([weight * objective(features) for objective, weight in self._parts]).sum(dim=0)

    def transformed(self, transform: Transform) -> SeparableObjective:
        """Returns the objective of an image to which the transform was applied.

        Args:
            transform: Transform of the image.
        """
        return BlendedObjective(
            [(transform_objective(objective, transform), weight) for objective, weight in self._parts]
        )


_CLIP_KNEE = 0.8
_MIN_STD = 1e-3
# Limit per frame, so that a flat image is not amplified to noise.
_MAX_GAIN = 1.5


@dataclass(frozen=True, eq=False)
class Tone:
    """The statistics of an image in [-1, 1] that are held.

    Attributes:
        mean: Mean colour, `[1, 3, 1, 1]`.
        light: Standard deviation of the luminance (the mean over RGB).
        colour: Standard deviation of the difference from the luminance.
    """

    mean: Tensor
    light: float
    colour: float

    def lerp(self, other: "Tone", share: float) -> "Tone":
        """Interpolates linearly between two tones.

        Args:
            other: Tone at a share of 1.
            share: Weight of `other`, 0 to 1.
        """
        return Tone(
            torch.lerp(self.mean, other.mean, share),
            self.light + share * (other.light - self.light),
            self.colour + share * (other.colour - self.colour),
        )


def held_tone(params: HellscapeParams, device: torch.device) -> Tone:
    """Returns the tone that a hellscape holds.

    Args:
        params: The recipe's hellscape parameters.
        device: Device of the mean colour.
    """
    mean = torch.tensor(params.held_mean, device=device).view(1, 3, 1, 1)
    return Tone(mean, params.held_light, params.held_colour)


def measure_tone(image: Tensor) -> Tone:
    """Measures the tone of an image.

    Args:
        image: `[1, 3, height, width]` in [-1, 1].
    """
    grey = image.mean(dim=1, keepdim=True)
    colours = (image - grey) - (image - grey).mean(dim=(2, 3), keepdim=True)
    return Tone(
        image.mean(dim=(2, 3), keepdim=True),
        float(grey.std(correction=0)),
        float(colours.square().mean().sqrt()),
    )


def stabilise_tone(image: Tensor, target: Tone, hold: float) -> Tensor:
    """Moves the tone of an image towards a target.

    Args:
        image: `[1, 3, height, width]`.
        target: Tone to move to.
        hold: Share of the way that is corrected, 0 to 1.

    Returns:
        The corrected image, clipped softly to [-1, 1].
    """
    if hold == 0:
        return soft_clip(image)
    tone = measure_tone(image)
    light = min(_MAX_GAIN, (target.light / max(tone.light, _MIN_STD)) ** hold)
    colour = min(_MAX_GAIN, (target.colour / max(tone.colour, _MIN_STD)) ** hold)
    centred = image - tone.mean
    grey = centred.mean(dim=1, keepdim=True)
    mean = torch.lerp(tone.mean, target.mean, hold)
    return soft_clip(mean + light * grey + colour * (centred - grey))


def soft_clip(image: Tensor) -> Tensor:
    """Compresses values beyond ±0.8 so that they never reach ±1.

    Hard clipping would eat away the highlights, a little more with each frame.

    Args:
        image: Tensor of any shape.

    Returns:
        The compressed values; values within ±0.8 are unchanged.
    """
    excess = (image.abs() - _CLIP_KNEE).clamp_min(0)
    compressed = _CLIP_KNEE + (1 - _CLIP_KNEE) * torch.tanh(excess / (1 - _CLIP_KNEE))
    return torch.where(excess > 0, image.sign() * compressed, image)
