import pytest

from dreambot.executor.estimate import Speed, seconds_left


def test_a_device_is_measured_by_the_jobs_it_finishes() -> None:
    speed = Speed("cuda")
    assert speed.flops_per_second > Speed("cpu").flops_per_second
    speed.note(1e12, 2.0)
    assert speed.flops_per_second == pytest.approx(5e11)
    for _ in range(20):
        speed.note(1e12, 1.0)
    assert speed.flops_per_second == pytest.approx(1e12, rel=0.01)


def test_one_odd_job_does_not_spoil_the_estimate() -> None:
    speed = Speed("cpu")
    speed.note(1e12, 1.0)
    speed.note(1e12, 100.0)
    assert speed.flops_per_second > 5e11


def test_what_is_left_is_guessed_first_and_measured_later() -> None:
    speed = Speed("cpu")
    speed.note(1e12, 1.0)
    assert seconds_left(0.0, 0.0, 4e12, speed) == pytest.approx(4.0)
    assert seconds_left(0.5, 6.0, 4e12, speed) == pytest.approx(6.0)
    assert seconds_left(1.0, 6.0, 4e12, speed) == 0
