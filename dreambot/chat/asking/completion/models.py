"""Completing the names of networks."""

from contextlib import suppress

from dreambot.chat.asking.completion.choices import Pairs, fitting
from dreambot.errors import UserError
from dreambot.recipe import LAYERS
from dreambot.recipe.trained import DEFAULT_MODEL
from dreambot.zoo import known

_SHOWS = {
    "inception_v3": "eyes, dogs, spirals",
    "vgg16": "bold shapes, puppies, carved flesh",
    "mobilenet_v2": "glassy eyes, foxes",
    "googlenet": "the look of 2015",
    "resnet50": "fine and noisy",
}


def complete_model(typed: str) -> Pairs:
    """Pairs of the networks that are here."""
    typed = typed.strip().lower()
    return fitting(
        (f"{name} · {_SHOWS[model]}" if (model := architecture(name)) in _SHOWS else name, name)
        for name in known.names()
        if typed in name and _is_here(name)
    )


def architecture(name: str | None) -> str:
    """The layers that a network's name brings, for completing them; the default's where it is not known."""
    if not name or name in LAYERS:
        return name or DEFAULT_MODEL
    with suppress(UserError):
        return known.trained(name).architecture
    return DEFAULT_MODEL


def _is_here(name: str) -> bool:
    with suppress(UserError):
        known.trained(name)
        return True
    return False
