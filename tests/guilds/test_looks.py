"""Saved looks: names, owners, limits and defaults."""

import pytest

from dreambot.errors import UserError
from dreambot.guilds import looks as looks_module
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.looks import LookOwner, LookStore, clean_name
from dreambot.guilds.store import GuildStore
from tests.jobs.backends import both_databases
from tests.support.recipes import make_recipe

GUILD, ANN, CHANNEL, THREAD = 2**60, 2**61, 2**62, 2**62 + 1
OWN, SERVER = LookOwner("person", ANN), LookOwner("server", GUILD)
ONE, TWO = make_recipe(seed=1), make_recipe(seed=2)


@pytest.fixture
def looks(guild_store: GuildStore) -> LookStore:
    return guild_store.looks


@pytest.mark.parametrize("name", ["blue hell", "🔥", "夢の海", "Grün-2!", "it's mine", "👩‍👩‍👧", "x" * 24])
def test_names_that_phones_write(name: str) -> None:
    assert clean_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "x" * 25, "7", "a`b", "a:b", "<@1>", "**", "a\nb=", "@everyone"])
def test_names_that_cannot_be_typed(name: str) -> None:
    with pytest.raises(UserError):
        clean_name(name)


@both_databases
async def test_a_persons_look_comes_before_the_servers(looks: LookStore) -> None:
    await looks.save(SERVER, "Blue  Hell".replace("  ", " "), ONE)
    await looks.save(OWN, "blue hell", TWO)
    for typed in ("BLUE HELL", "blue  hell", "ｂｌｕｅ hell"):
        found = await looks.find(ANN, GUILD, typed)
        assert found
        assert (found.scope, found.recipe) == ("person", TWO)
    theirs = await looks.find(ANN + 1, GUILD, "blue hell")
    assert theirs
    assert (theirs.name, theirs.recipe) == ("Blue Hell", ONE)
    assert await looks.find(ANN + 1, GUILD + 1, "blue hell") is None
    assert await looks.find(None, None, "blue hell") is None
    assert await looks.delete(OWN, "BLUE hell")
    assert not await looks.delete(OWN, "blue hell")
    assert [one.scope for one in await looks.names(ANN, GUILD)] == ["server"]


@both_databases
async def test_nothing_is_overwritten_and_there_is_a_limit(
    looks: LookStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(looks_module.MAX_LOOKS, "person", 2)
    await looks.save(OWN, "one", ONE)
    await looks.save(OWN, "one", ONE)
    with pytest.raises(UserError, match="already a look"):
        await looks.save(OWN, "One", TWO)
    await looks.save(OWN, "two", TWO)
    with pytest.raises(UserError, match="limit"):
        await looks.save(OWN, "three", TWO)
    assert [one.name for one in await looks.all_of([OWN])] == ["two", "one"]


@both_databases
async def test_the_default_of_a_person_comes_before_the_channels(
    guild_store: GuildStore, looks: LookStore
) -> None:
    assert await looks.default(ANN, GUILD, CHANNEL, None) is None
    await guild_store.set_autodream(CHANNEL, AutoDreamSettings(chance=0.5))
    await looks.set_channel_default(CHANNEL, "eyes")
    of_thread = await looks.default(ANN, GUILD, THREAD, CHANNEL)
    assert of_thread
    assert (of_thread.of, of_thread.name, of_thread.look) == ("channel", "eyes", None)
    await looks.set_channel_default(THREAD, "ours")
    await looks.save(SERVER, "ours", ONE)
    own = await looks.default(ANN, GUILD, THREAD, CHANNEL)
    assert own
    assert own.look
    await guild_store.update_person(ANN, look="mine")
    # It does not exist.
    assert await looks.default(ANN, GUILD, THREAD, CHANNEL) == own
    await looks.save(OWN, "mine", TWO)
    mine = await looks.default(ANN, GUILD, THREAD, CHANNEL)
    assert mine
    assert mine.look
    assert (mine.of, mine.look.recipe) == ("person", TWO)
    await looks.delete_all(SERVER)
    assert await looks.default(ANN + 1, GUILD, THREAD, CHANNEL) is None
    assert (await guild_store.autodream(CHANNEL)).chance == 0.5
