"""What becomes of the jobs whose worker has ended."""

from collections.abc import Sequence

from dreambot.executor.company import is_film
from dreambot.executor.lane.flight import Flight
from dreambot.executor.run import Run
from dreambot.executor.types import JobFailed, TimeBudgetExceeded

CRASHES = 2


def after_the_end(flights: Sequence[Flight], *, crashed: bool) -> list[Run]:
    """Settles what cannot be tried again; returns the jobs that can, in the order they began.

    crashed: whether the worker ended by itself. With one job at hand, that job is blamed: the second time it
    fails, and at once if it was overdue. With several, any may have been it, but for a film that has used up
    its own time: from now on each is dreamed alone, so that the next time it is clear which.
    """
    several = len(flights) > 1
    hung = any(flight.overdue for flight in flights)
    if crashed and len(flights) == 1:
        flights[0].run.crashes += 1
    for flight in flights:
        run = flight.run
        if flight.overdue and (not several or is_film(run)):
            run.fail(TimeBudgetExceeded(_too_long(flight.budget)))
        elif run.crashes >= CRASHES:
            run.fail(
                JobFailed("The dream broke down twice, so I gave it up; another picture or layer may work.")
            )
        elif several and (crashed or hung):
            run.alone = True
    return [flight.run for flight in flights if not flight.run.settled]


def _too_long(budget: float) -> str:
    return (
        f"That dream took more than {budget:.0f} seconds, so I stopped it; "
        "a smaller picture or a lower intensity is quicker."
    )
