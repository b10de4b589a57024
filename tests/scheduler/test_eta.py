import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.scheduler.active_runs import RemainingTime
from dreambot.scheduler.run import DisplayedTime


def test_no_time_is_estimated_before_the_pace_is_known() -> None:
    left = RemainingTime()
    # The first report comes after 30 s of preparation, which says nothing about the pace.
    assert left.update(0.02, now=30.0) is None
    assert left.update(0.04, now=30.5) is None
    assert left.update(0.06, now=31.5) is None
    assert left.update(0.12, now=31.6) == pytest.approx(0.88 * 1.6 / 0.1)


def test_the_estimate_follows_the_recent_pace() -> None:
    left = RemainingTime()
    for tick in range(51):
        estimate = left.update(tick / 100, now=tick / 10)
    assert estimate == pytest.approx(5.0)
    # From here on the machine is ten times as busy.
    for tick in range(1, 31):
        estimate = left.update(0.5 + tick / 100, now=5.0 + tick)
    assert estimate == pytest.approx(20.0)
    assert left.update(1.0, now=60.0) == 0


def test_the_displayed_time_grows_at_most_once() -> None:
    displayed = DisplayedTime()
    assert displayed.update(None) is None
    assert displayed.update(24.0) == 24.0
    assert displayed.update(20.0) == 20.0
    assert displayed.update(22.0) == 20.0
    assert displayed.update(180.0) == 180.0
    assert displayed.update(150.0) == 150.0
    assert displayed.update(400.0) is None
    assert displayed.update(160.0) == 150.0
    assert displayed.update(140.0) == 140.0


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e5)), max_size=60))
def test_any_sequence_of_estimates_is_displayed_with_at_most_one_growth(
    estimates: list[float | None],
) -> None:
    displayed = DisplayedTime()
    shown = [time for estimate in estimates if (time := displayed.update(estimate)) is not None]
    assert sum(later > earlier for earlier, later in itertools.pairwise(shown)) <= 1
