"""Settings and blocks, kept."""

from dreambot.community import AutoDream, Community, GuildSettings, PersonSettings, RoleLimits
from dreambot.community.standing import EVERYWHERE, WHOLE_SERVER, Block
from dreambot.jobs.store import JobStore
from tests.jobs.backends import both

pytestmark = both

GUILD, ANN, BOB = 2**60, 2**61, 2**61 + 1


async def test_what_nobody_settled_is_as_by_default(community: Community) -> None:
    assert await community.guild(GUILD) == GuildSettings()
    assert await community.guild(None) == GuildSettings()
    assert await community.person(ANN) == PersonSettings()
    assert await community.autodream(GUILD) == AutoDream()


async def test_changes_build_upon_one_another(community: Community) -> None:
    limits = RoleLimits(pictures_a_day=3, seconds=2.5)
    await community.change_guild(GUILD, lambda now: now.model_copy(update={"intensity": 4}))
    await community.change_guild(GUILD, lambda now: now.model_copy(update={"roles": {7: limits}}))
    assert await community.guild(GUILD) == GuildSettings(intensity=4, roles={7: limits})
    assert await community.guild(GUILD + 1) == GuildSettings()


async def test_a_channels_rules_are_kept_whole(community: Community) -> None:
    rules = AutoDream(chance=0.3, trigger="reaction", look="fixed", preset="fur", cooldown=60, hourly=4)
    before, after = await community.change_autodream(GUILD, lambda now: rules)
    assert (before, after) == (AutoDream(), rules)
    assert await community.autodream(GUILD) == rules
    before, _ = await community.change_autodream(GUILD, lambda now: AutoDream())
    assert before == rules


async def test_blocks_hold_where_they_were_made(community: Community) -> None:
    async def blocked(guild: int | None, person: int) -> Block | None:
        return (await community.standing(guild, person, ())).blocked

    for _ in range(2):
        await community.block(GUILD, ANN)
    assert await blocked(GUILD, ANN) == "here"
    assert await blocked(GUILD, BOB) is None
    assert await blocked(GUILD + 1, ANN) is None
    assert await blocked(None, ANN) is None
    assert await community.blocked_people(GUILD) == [ANN]
    await community.block(EVERYWHERE, ANN)
    for guild in (GUILD, GUILD + 1, None):
        assert await blocked(guild, ANN) == "everywhere"
    await community.block(GUILD, WHOLE_SERVER)
    assert await blocked(GUILD, BOB) == "server"
    assert await blocked(None, BOB) is None
    assert await community.unblock(GUILD, WHOLE_SERVER)
    assert not await community.unblock(GUILD, WHOLE_SERVER)
    assert await blocked(GUILD, BOB) is None


async def test_auto_dreams_are_counted_for_an_hour_and_spaced(store: JobStore, community: Community) -> None:
    take = community.unasked.take
    assert [await take(1, hourly=2, cooldown=0) for _ in range(3)] == [True, True, False]
    assert await take(2, hourly=2, cooldown=60)
    assert not await take(2, hourly=2, cooldown=60)
