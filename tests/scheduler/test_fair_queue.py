from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from dreambot.scheduler.fair_queue import ROUND_NEWCOMERS, FairQueue

Job = tuple[str, str, int]


def served(queue: FairQueue[Job], count: int = 10**6) -> list[Job]:
    """Serves the next jobs, all by default."""
    done = []
    while len(queue) and len(done) < count:
        job = next(iter(queue))
        queue.serve(job)
        done.append(job)
    return done


def put_jobs(queue: FairQueue[Job], person: str, server: str, count: int = 1, first: int = 0) -> list[Job]:
    """Puts `count` jobs of a person."""
    jobs = [(person, server, first + number) for number in range(count)]
    for job in jobs:
        queue.put(job, person, server)
    return jobs


def test_everyones_first_job_comes_before_anyones_second() -> None:
    queue: FairQueue[Job] = FairQueue()
    for number in range(3):
        for person in "abc":
            queue.put((person, "s", number), person, "s")
    put_jobs(queue, "d", "s", 2)
    assert [(person, number) for person, _, number in queue] == [
        *((person, 0) for person in "abcd"),
        *((person, 1) for person in "abcd"),
        *((person, 2) for person in "abc"),
    ]


def test_twenty_jobs_of_one_person_delay_no_one_else() -> None:
    queue: FairQueue[Job] = FairQueue()
    put_jobs(queue, "many", "s", 20)
    served(queue, 7)
    put_jobs(queue, "newcomer", "s")
    assert next(iter(queue))[0] == "newcomer"
    # A person who comes back joins the round that is being served, regardless of the past.
    served(queue, 2)
    put_jobs(queue, "newcomer", "s", first=1)
    assert [person for person, _, _ in queue].index("newcomer") <= 1


def test_two_hundred_jobs_of_a_server_do_not_delay_another_server() -> None:
    queue: FairQueue[Job] = FairQueue()
    for number in range(200):
        put_jobs(queue, f"a{number}", "big")
    served(queue, 50)
    put_jobs(queue, "b0", "small")
    assert next(iter(queue))[0] == "b0"
    put_jobs(queue, "b1", "small")
    put_jobs(queue, "b2", "small")
    assert [server for _, server, _ in list(queue)[:6]] == ["small", "big", "small", "big", "small", "big"]


def test_an_early_job_goes_before_newer_jobs() -> None:
    queue: FairQueue[Job] = FairQueue()
    put_jobs(queue, "a", "s", 2)
    put_jobs(queue, "b", "s")
    queue.put(("a", "s", 9), "a", "s", early=True)
    assert list(queue) == [("a", "s", 9), ("b", "s", 0), ("a", "s", 0), ("a", "s", 1)]


def test_the_next_job_moves_up_when_one_is_cancelled() -> None:
    queue: FairQueue[Job] = FairQueue()
    first, second = put_jobs(queue, "a", "s", 2)
    put_jobs(queue, "b", "s", 2)
    queue.remove(first)
    assert next(iter(queue)) == second
    assert [person for person, _, _ in queue] == ["a", "b", "b"]
    assert not queue.remove(first)


def test_second_jobs_start_while_new_people_keep_arriving() -> None:
    queue: FairQueue[Job] = FairQueue()
    put_jobs(queue, "patient", "s", 2)
    done = []
    for number in range(60):
        put_jobs(queue, f"new{number}", f"server{number}")
        done += served(queue, 1)
    assert ("patient", "s", 1) in done[: 2 * ROUND_NEWCOMERS + 8]


def test_serving_a_job_out_of_turn_does_not_delay_others() -> None:
    queue: FairQueue[Job] = FairQueue()
    put_jobs(queue, "a", "s", 5)
    put_jobs(queue, "b", "s", 2)
    queue.serve(("a", "s", 3))
    assert [job for job in queue if job[0] == "b"] == [("b", "s", 0), ("b", "s", 1)]
    put_jobs(queue, "c", "s")
    # Virtual time has not advanced: c is in the first round.
    assert queue.start_tag(("c", "s", 0))[0] == queue.start_tag(("b", "s", 0))[0]


events = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("next"), st.just(0), st.just(0), st.booleans()),
        st.tuples(st.sampled_from(["remove", "out of turn"]), st.integers(0, 30), st.just(0), st.booleans()),
    ),
    max_size=80,
)


@settings(max_examples=200)
@given(events)
def test_no_job_is_lost_or_served_twice_and_the_order_holds(
    steps: list[tuple[str, int, int, bool]],
) -> None:
    queue: FairQueue[int] = FairQueue()
    people: dict[int, int] = {}
    taken_out: Counter[int] = Counter()
    for number, (what, a, b, early) in enumerate(steps):
        waiting = list(queue)
        if what == "put":
            people[number] = a
            queue.put(number, a, b, early=early)
            if not early:
                # A new job does not change the order of the others.
                assert [job for job in queue if job != number] == waiting
        elif waiting:
            at = 0 if what == "next" else a % len(waiting)
            job = waiting.pop(at)
            act: Callable[[int], object] = queue.remove if what == "remove" else queue.serve
            act(job)
            taken_out[job] += 1
            if what != "remove":
                # Serving a job does not change the order of the others.
                assert list(queue) == waiting
    rest = list(queue)
    assert len(rest) == len(set(rest)) == len(queue)
    assert set(rest) | set(taken_out) == set(people)
    assert all(count == 1 for count in taken_out.values())
    assert [queue.start_tag(job) for job in rest] == sorted(queue.start_tag(job) for job in rest)
    for person in set(people.values()):
        rounds = [queue.start_tag(job)[0] for job in rest if people[job] == person]
        assert len(rounds) == len(set(rounds))


@settings(max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_a_newcomer_waits_for_at_most_one_round(people: list[int]) -> None:
    queue: FairQueue[int] = FairQueue()
    for number, person in enumerate(people):
        queue.put(number, person, person % 3)
    queue.put(-1, "newcomer", "elsewhere")
    # Only the first jobs of other people come before it.
    assert list(queue).index(-1) <= len(set(people))
