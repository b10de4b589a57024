from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases


async def test_notes_are_kept(store: JobStore) -> None:
    notes = KeyValueStore(store.database)
    assert await notes.get("commands") is None
    for value in ("a", "b"):
        await notes.put("commands", value)
        assert await notes.get("commands") == value
