"""The hellscape: a picture is dreamed, the camera moves into it, and what it sees is dreamed again.

The feedback loop is google/deepdream's (Mordvintsev, Olah, Tyka, "Inceptionism", 2015); the journey, the held
tone and the way home are ours.
"""

import random
from collections.abc import Callable, Generator

import torch
from torch import Tensor

from dreambot.engine.ascent import Climb
from dreambot.engine.bend import bent
from dreambot.engine.dream import Step, Stopped, never, octaves
from dreambot.engine.film.camera import Camera, sharpen
from dreambot.engine.film.frames import Frame, as_part
from dreambot.engine.film.journey import Journey
from dreambot.engine.film.noise import clouds, static
from dreambot.engine.film.reel import Reel
from dreambot.engine.film.stabilise import nightmare, stabilised, tone_of
from dreambot.engine.pictures import resize, to_tensor
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import Hellscape, Recipe
from dreambot.recipe.schedule import FramePlan, schedule
from dreambot.zoo.network import Network


def hellscape(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step | Frame, None, Pixels]:
    """Dreams a film out of noise or a picture; yields every step, and every frame as soon as it is there.

    Frames are (recipe.height, recipe.width, 3) uint8; the last one is returned, too. Memory does not grow
    with the film's length. `stop` is asked between steps; when it says True, `Stopped` is raised. The same
    network, inputs and recipe give the same frames on the same device and thread count.
    """
    film = recipe.hellscape
    if film is None:
        raise ValueError("the recipe is not a hellscape's")
    loop, reel = _Loop(bent(network, recipe.bends, recipe.seed), inputs, recipe, film), Reel(film)
    last: Pixels | None = None
    plans = tuple(schedule(film, recipe.steps))
    work, done = sum(plan.steps for plan in plans), 0
    for plan in plans:
        if stop():
            raise Stopped("the hellscape was stopped")
        yield from as_part(loop.next(plan, stop), done / max(1, work), (done + plan.steps) / max(1, work))
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


class _Loop:
    """The picture as it goes round."""

    def __init__(self, network: Network, inputs: Inputs, recipe: Recipe, film: Hellscape) -> None:
        self.picture = beginning(inputs, recipe, film, network.device)
        self._network, self._recipe, self._film = network, recipe, film
        self._journey, self._camera = Journey(network, recipe, inputs), Camera.of(film)
        self._aim = nightmare(network.device)
        # A picture melts into the nightmare's colours as it melts into its shapes.
        self._from = tone_of(self.picture) if film.start == "picture" else self._aim
        self._begun = False
        # Where the film leads back to: the picture it began with, or the frames before the first one shown.
        self._origin = self.picture if film.start == "picture" and film.loop else None
        self._kept: list[Tensor] = []
        self._rng = random.Random(recipe.seed)

    def next(self, plan: FramePlan, stop: Callable[[], bool]) -> Generator[Step, None, Tensor]:
        """Goes round once."""
        picture = self.picture
        if self._begun:
            picture = sharpen(self._camera.move(picture), self._film.sharpen)
        if plan.steps:
            picture = picture.clamp(-1, 1)
            score = self._journey.at(plan.legs, picture)
            climb = Climb(self._network, score, self._numbers(plan))
            picture = yield from octaves(climb, picture, self._rng, stop)
        if self._begun or plan.steps:
            aim = self._from.towards(self._aim, plan.strength)
            picture = stabilised(picture, aim, self._film.hold)
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
        tone = tone_of(picture).towards(tone_of(goal), plan.home)
        return stabilised(torch.lerp(picture, goal, plan.home), tone, 1.0)


def beginning(inputs: Inputs, recipe: Recipe, film: Hellscape, device: torch.device) -> Tensor:
    """The picture before the first frame, (1, 3, recipe.height, recipe.width)."""
    if film.start == "picture":
        if inputs.source is None:
            raise ValueError("there is no picture to begin with")
        return resize(to_tensor(inputs.source, device), recipe.width, recipe.height).clamp_(-1, 1)
    make = clouds if film.start == "smooth" else static
    return make(recipe.width, recipe.height, recipe.seed).to(device)
