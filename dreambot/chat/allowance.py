"""A request held to what a server, a role and the operator allow."""

from dreambot.chat.words.told import Told
from dreambot.recipe.hellscape import DEFAULT_FPS, DEFAULT_SECONDS
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.resolve import DEFAULT_INTENSITY
from dreambot.recipe.wishes import Request, intensity_of


class TooMuch(Told):
    """More was asked for than is allowed; the message says how much is."""


def within(request: Request, intensity: int, seconds: float, *, clamp: bool = False) -> Request:
    """What nobody said is chosen so that it is allowed; what was said and is too much raises TooMuch. clamp:
    that, too, is made smaller. intensity: the largest. seconds: of the longest film, 0 for none."""
    return _film(_notch(request, intensity, clamp=clamp), seconds)


def _notch(request: Request, most: int, *, clamp: bool) -> Request:
    asked = intensity_of(request)
    if (asked or DEFAULT_INTENSITY) <= most:
        return request
    if isinstance(request, RepeatRequest):
        # A recipe is followed as it is, or not at all; one without a notch was not made by the dial.
        if asked is None:
            return request
        raise TooMuch("moderating-too-intense", most=most)
    if asked is None or clamp:
        return request.model_copy(update={"intensity": most})
    raise TooMuch("moderating-too-intense", most=most)


def _film(request: Request, most: float) -> Request:
    seconds = video_seconds(request)
    if seconds is None or seconds <= most:
        return request
    if not most:
        raise TooMuch("moderating-no-films")
    if isinstance(request, HellscapeRequest) and request.seconds is None and request.frames is None:
        return request.model_copy(update={"seconds": most})
    raise TooMuch("moderating-too-long", most=_short(most))


def video_seconds(request: Request) -> float | None:
    """How long the hellscape is that was asked for; None for pictures, and what moves as its source does."""
    match request:
        case HellscapeRequest(frames=int(frames)):
            return frames / (request.fps or DEFAULT_FPS)
        case HellscapeRequest():
            return request.seconds or DEFAULT_SECONDS
        case RepeatRequest(recipe=recipe) if recipe.hellscape:
            return recipe.hellscape.frames / recipe.hellscape.fps
    return None


def _short(seconds: float) -> float:
    return int(seconds) if seconds == int(seconds) else round(seconds, 1)
