from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases


async def test_values_are_kept(store: JobStore) -> None:
    key_values = KeyValueStore(store.database)
    assert await key_values.get("commands") is None
    for value in ("a", "b"):
        await key_values.put("commands", value)
        assert await key_values.get("commands") == value
