"""Two processes of one bot share the shards, the database and the files."""

from pathlib import Path

from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.guilds import GuildHandle
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.world import shard_of
from tests.bot.processes import bot_process
from tests.bot.support import BotEnvironment, bot_environment, is_dream, noise_png
from tests.support.fake_engine import hold, release

SHARDS = 2


def _guild_of(env: BotEnvironment, shard: int) -> GuildHandle:
    while True:
        guild = env.sandbox.add_guild()
        if shard_of(guild.id, SHARDS) == shard:
            return guild
        # Ids are consecutive here, and a server uses an even number of them.
        env.sandbox.add_user("passer-by")


async def _show_in_hall(
    env: BotEnvironment, guild: GuildHandle, channel: ChannelHandle, dream: MessageHandle
) -> None:
    """Opens a hall of fame and gives a dream enough stars: it is forwarded there, once."""
    hall, boss = guild.add_channel("hall"), guild.add_member("boss", permissions=Permission.MANAGE_GUILD)
    page = await (await boss.slash("settings", channel=channel)).result()
    await boss.choose(page, "settings:hall", [hall])
    await page.until(lambda now: str(hall.id) in str(now.components))
    for number in range(5):
        await guild.add_member(f"fan {number}").react(dream, "⭐")
    forward = await hall.wait_for_message(lambda one: one.model.origin is dream.model)
    await env.events_handled()
    assert hall.messages == [forward]


async def test_the_jobs_of_a_dead_process_are_taken_over(tmp_path: Path, postgres_url: str) -> None:
    settings = {
        "DREAMBOT_DATABASE_URL": postgres_url,
        "DREAMBOT_SHARD_COUNT": str(SHARDS),
        "FAKE_LEASE": "3",
    }
    async with bot_environment(tmp_path, shards=SHARDS, identify_concurrency=1) as env:
        rooms = []
        for shard in range(SHARDS):
            guild = _guild_of(env, shard)
            rooms.append((guild, guild.add_channel("memes"), guild.add_member(f"member {shard}")))
        async with (
            bot_process(env, "tests.bot.fake_engine_bot", DREAMBOT_SHARD_IDS="0", **settings),
            bot_process(env, "tests.bot.fake_engine_bot", DREAMBOT_SHARD_IDS="1", **settings) as second,
        ):
            # Neither process identified too early: each connects at the first attempt.
            await env.sandbox.wait_until_bot_ready(30, shards=SHARDS)
            for guild, channel, member in rooms:
                interaction = await member.slash("dream", channel=channel, image=noise_png(), intensity=1)
                dream = await env.dreamed(await interaction.response())
                await _show_in_hall(env, guild, channel, dream)

            hold(tmp_path)
            _, channel, member = rooms[1]
            interaction = await member.slash("dream", channel=channel, image=noise_png(), intensity=11)
            started = await (await interaction.result()).until(lambda now: "octave" in now.content)
            second.kill()
            await second.wait()
            release(tmp_path)
            assert await started.until(is_dream, 60)
            assert len([one for one in channel.messages if is_dream(one)]) == 2
