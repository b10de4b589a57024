from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from dreambot.scheduler.fair_queue import ROUND_NEWCOMERS, FairQueue

Job = tuple[str, str, int]


def served(order: FairQueue[Job], count: int = 10**6) -> list[Job]:
    """Serves the next ones."""
    done = []
    while len(order) and len(done) < count:
        job = next(iter(order))
        order.serve(job)
        done.append(job)
    return done


def asks(order: FairQueue[Job], person: str, server: str, count: int = 1, first: int = 0) -> list[Job]:
    """So many jobs of a person."""
    jobs = [(person, server, first + number) for number in range(count)]
    for job in jobs:
        order.put(job, person, server)
    return jobs


def test_everybodys_first_comes_before_anybodys_second() -> None:
    order: FairQueue[Job] = FairQueue()
    for number in range(3):
        for person in "abc":
            order.put((person, "s", number), person, "s")
    asks(order, "d", "s", 2)
    assert [(person, number) for person, _, number in order] == [
        *((person, 0) for person in "abcd"),
        *((person, 1) for person in "abcd"),
        *((person, 2) for person in "abc"),
    ]


def test_twenty_pictures_of_one_keep_nobody_else_waiting() -> None:
    order: FairQueue[Job] = FairQueue()
    asks(order, "heavy", "s", 20)
    served(order, 7)
    asks(order, "light", "s")
    assert next(iter(order))[0] == "light"
    # Who comes back is in the round that is served now: neither rewarded for the past nor punished.
    served(order, 2)
    asks(order, "light", "s", first=1)
    assert [person for person, _, _ in order].index("light") <= 1


def test_a_server_of_two_hundred_does_not_keep_another_waiting() -> None:
    order: FairQueue[Job] = FairQueue()
    for number in range(200):
        asks(order, f"a{number}", "big")
    served(order, 50)
    asks(order, "b0", "small")
    assert next(iter(order))[0] == "b0"
    asks(order, "b1", "small")
    asks(order, "b2", "small")
    assert [server for _, server, _ in list(order)[:6]] == ["small", "big", "small", "big", "small", "big"]


def test_who_asked_early_goes_before_their_own_and_others_newer_ones() -> None:
    order: FairQueue[Job] = FairQueue()
    asks(order, "a", "s", 2)
    asks(order, "b", "s")
    order.put(("a", "s", 9), "a", "s", early=True)
    assert list(order) == [("a", "s", 9), ("b", "s", 0), ("a", "s", 0), ("a", "s", 1)]


def test_who_takes_one_back_keeps_their_turn_for_the_next() -> None:
    order: FairQueue[Job] = FairQueue()
    first, second = asks(order, "a", "s", 2)
    asks(order, "b", "s", 2)
    order.remove(first)
    assert next(iter(order)) == second
    assert [person for person, _, _ in order] == ["a", "b", "b"]
    assert not order.remove(first)


def test_second_jobs_start_though_new_people_never_cease_to_come() -> None:
    order: FairQueue[Job] = FairQueue()
    asks(order, "patient", "s", 2)
    done = []
    for number in range(60):
        asks(order, f"new{number}", f"server{number}")
        done += served(order, 1)
    assert ("patient", "s", 1) in done[: 2 * ROUND_NEWCOMERS + 8]


def test_served_out_of_turn_the_others_wait_no_longer() -> None:
    order: FairQueue[Job] = FairQueue()
    asks(order, "a", "s", 5)
    asks(order, "b", "s", 2)
    order.serve(("a", "s", 3))
    assert [job for job in order if job[0] == "b"] == [("b", "s", 0), ("b", "s", 1)]
    asks(order, "c", "s")
    # Time has not gone on: c is in the first round.
    assert order.start_tag(("c", "s", 0))[0] == order.start_tag(("b", "s", 0))[0]


events = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("next"), st.just(0), st.just(0), st.booleans()),
        st.tuples(st.sampled_from(["remove", "out of turn"]), st.integers(0, 30), st.just(0), st.booleans()),
    ),
    max_size=80,
)


@settings(max_examples=200, deadline=None)
@given(events)
def test_nothing_is_lost_or_served_twice_and_the_order_holds(
    script: list[tuple[str, int, int, bool]],
) -> None:
    order: FairQueue[int] = FairQueue()
    people: dict[int, int] = {}
    gone: Counter[int] = Counter()
    for number, (what, a, b, early) in enumerate(script):
        waiting = list(order)
        if what == "put":
            people[number] = a
            order.put(number, a, b, early=early)
            if not early:
                # A new job goes between the others, whose order it does not change.
                assert [job for job in order if job != number] == waiting
        elif waiting:
            at = 0 if what == "next" else a % len(waiting)
            job = waiting.pop(at)
            act: Callable[[int], object] = order.remove if what == "remove" else order.serve
            act(job)
            gone[job] += 1
            if what != "remove":
                # Whoever is served, the others start in the order they were told.
                assert list(order) == waiting
    rest = list(order)
    assert len(rest) == len(set(rest)) == len(order)
    assert set(rest) | set(gone) == set(people)
    assert all(count == 1 for count in gone.values())
    assert [order.start_tag(job) for job in rest] == sorted(order.start_tag(job) for job in rest)
    for person in set(people.values()):
        rounds = [order.start_tag(job)[0] for job in rest if people[job] == person]
        assert len(rounds) == len(set(rounds))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_nobody_waits_for_more_than_a_round_of_others(people: list[int]) -> None:
    order: FairQueue[int] = FairQueue()
    for number, person in enumerate(people):
        order.put(number, person, person % 3)
    order.put(-1, "light", "elsewhere")
    # Everybody's first, and the light one's: nobody's second comes before.
    assert list(order).index(-1) <= len(set(people))
