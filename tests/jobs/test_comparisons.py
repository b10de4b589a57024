"""What is stored of comparisons that are shown to everyone."""

from dataclasses import replace

from dreambot.jobs.history import Comparison, Comparisons
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases

LARGEST = 2**63 - 1
FIRST = Comparison(
    message=LARGEST, guild=None, channel=2, person=3, job="a-job", dream=10, before=None, source=30
)
SECOND = Comparison(message=5, guild=1, channel=2, person=4, job="b-job", dream=11, before=10, source=30)


async def test_each_picture_leads_to_the_comparisons_that_show_it(store: JobStore) -> None:
    kept = Comparisons(store.database)
    for comparison in (FIRST, SECOND):
        await kept.note(comparison)
    assert await kept.showing([10]) == [SECOND, FIRST]
    assert await kept.showing([11]) == [SECOND]
    assert await kept.showing([30, 10]) == [SECOND, FIRST]
    # Neither its own message, nor its channel, nor a person is a picture.
    assert await kept.showing([LARGEST, 5, 1, 2, 3, 4]) == []
    assert await kept.showing([]) == []


async def test_a_comparison_is_stored_once_and_forgotten_alone(store: JobStore) -> None:
    kept = Comparisons(store.database)
    await kept.note(FIRST)
    await kept.note(replace(FIRST, source=31))
    assert await kept.showing([30, 31]) == [FIRST]
    await kept.note(SECOND)
    await kept.forget(FIRST.message)
    await kept.forget(FIRST.message)
    assert await kept.showing([30]) == [SECOND]
