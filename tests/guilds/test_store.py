"""Settings and blocks, kept."""

from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.eligibility import ALL_GUILDS, ALL_MEMBERS, BlockScope
from dreambot.guilds.settings import GuildSettings, PersonSettings, RoleLimits
from dreambot.guilds.store import GuildStore
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both_databases

pytestmark = both_databases

GUILD, ANN, BOB = 2**60, 2**61, 2**61 + 1


async def test_what_nobody_settled_is_as_by_default(guild_store: GuildStore) -> None:
    assert await guild_store.guild(GUILD) == GuildSettings()
    assert await guild_store.guild(None) == GuildSettings()
    assert await guild_store.person(ANN) == PersonSettings()
    assert await guild_store.autodream(GUILD) == AutoDreamSettings()


async def test_changes_build_upon_one_another(guild_store: GuildStore) -> None:
    limits = RoleLimits(pictures_a_day=3, seconds=2.5)
    await guild_store.update_guild(GUILD, lambda now: now.model_copy(update={"intensity": 4}))
    await guild_store.update_guild(GUILD, lambda now: now.model_copy(update={"roles": {7: limits}}))
    assert await guild_store.guild(GUILD) == GuildSettings(intensity=4, roles={7: limits})
    assert await guild_store.guild(GUILD + 1) == GuildSettings()


async def test_a_channels_rules_are_kept_whole(guild_store: GuildStore) -> None:
    rules = AutoDreamSettings(
        chance=0.3, trigger="reaction", look="fixed", preset="fur", cooldown=60, hourly=4
    )
    before, after = await guild_store.update_autodream(GUILD, lambda now: rules)
    assert (before, after) == (AutoDreamSettings(), rules)
    assert await guild_store.autodream(GUILD) == rules
    before, _ = await guild_store.update_autodream(GUILD, lambda now: AutoDreamSettings())
    assert before == rules


async def test_blocks_hold_where_they_were_made(guild_store: GuildStore) -> None:
    async def blocked(guild: int | None, person: int) -> BlockScope | None:
        return (await guild_store.eligibility(guild, person, ())).blocked

    for _ in range(2):
        await guild_store.block(GUILD, ANN)
    assert await blocked(GUILD, ANN) == "here"
    assert await blocked(GUILD, BOB) is None
    assert await blocked(GUILD + 1, ANN) is None
    assert await blocked(None, ANN) is None
    assert await guild_store.blocked_member_ids(GUILD) == [ANN]
    await guild_store.block(ALL_GUILDS, ANN)
    for guild in (GUILD, GUILD + 1, None):
        assert await blocked(guild, ANN) == "everywhere"
    await guild_store.block(GUILD, ALL_MEMBERS)
    assert await blocked(GUILD, BOB) == "server"
    assert await blocked(None, BOB) is None
    assert await guild_store.unblock(GUILD, ALL_MEMBERS)
    assert not await guild_store.unblock(GUILD, ALL_MEMBERS)
    assert await blocked(GUILD, BOB) is None


async def test_auto_dreams_are_counted_for_an_hour_and_spaced(
    store: JobStore, guild_store: GuildStore
) -> None:
    take = guild_store.autodream_limiter.take
    assert [await take(1, hourly=2, cooldown=0) for _ in range(3)] == [True, True, False]
    assert await take(2, hourly=2, cooldown=60)
    assert not await take(2, hourly=2, cooldown=60)
