"""Which jobs may go along with those that a worker is at.

There are two kinds of company. Stills that are dreamed alike share a batch where the device gains by it. And
a short still is a film's guest: it is dreamed between two of the film's steps, so that nobody waits half an
hour for a picture of ten seconds.
"""

from collections.abc import Callable, Sequence

from dreambot.executor.estimate import Speed
from dreambot.executor.run import Run
from dreambot.recipe.alike import batch_key

Fits = Callable[[Run], bool]

GUEST_SECONDS = 30.0
"""The longest still that is a film's guest, as estimated."""


def company(aboard: Sequence[Run], *, batch: int, speed: Speed) -> Fits | None:
    """What may join those aboard, of which there is at least one; None if nothing may. batch: how many jobs
    at once the device gains by."""
    first = aboard[0]
    if any(run.alone for run in aboard):
        return None
    if is_film(first):
        return None if len(aboard) > 1 else lambda run: _is_guest(run, speed)
    key = batch_key(first.recipe)
    if key is None or len(aboard) >= batch:
        return None
    return lambda run: not run.alone and batch_key(run.recipe) == key


def is_film(run: Run) -> bool:
    """Whether it makes more than one picture."""
    return run.recipe.frames > 1


def _is_guest(run: Run, speed: Speed) -> bool:
    seconds = run.recipe.flops / speed.flops_per_second
    return not run.alone and not is_film(run) and seconds <= GUEST_SECONDS
