from dreambot.jobs.notes import Notes
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both

pytestmark = both


async def test_notes_are_kept(store: JobStore) -> None:
    notes = Notes(store.database)
    assert await notes.get_meta("commands") is None
    for value in ("a", "b"):
        await notes.set_meta("commands", value)
        assert await notes.get_meta("commands") == value
