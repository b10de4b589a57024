"""How far a dream is, in words."""

from dreambot.chat.words import Words, duration
from dreambot.jobs.types import Dreaming, Waiting

_BAR = 12


def bar(fraction: float) -> str:
    """A bar of twelve cells for a fraction from 0 to 1."""
    filled = round(_BAR * min(1.0, max(0.0, fraction)))
    return "▰" * filled + "▱" * (_BAR - filled)


def waiting(words: Words, update: Waiting) -> str:
    """The place in the queue, and when it should be done."""
    place = max(1, update.place)
    if update.eta is None:
        return words("core-waiting", place=place)
    return words("core-waiting-until", place=place, duration=duration(words, update.eta))


def dreaming(words: Words, update: Dreaming, *, film: bool) -> str:
    """How much is done, and how long the rest should take. film: octaves, of which every frame has some,
    tell nothing."""
    progress = words(
        "core-filming" if film else "core-dreaming",
        bar=bar(update.fraction),
        fraction=update.fraction,
        octave=update.octave,
        octaves=update.octaves,
    )
    if update.eta is None:
        return progress
    return words("core-left", progress=progress, duration=duration(words, update.eta))
