"""The hall of fame: dreams with enough stars are forwarded, once, and what never is."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from dreambot.jobs.forwards import Forward
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, noise_png, press

STAR, EXPLICIT = "⭐", 1 << 4


@pytest.fixture
def hall(env: BotEnvironment) -> ChannelHandle:
    return env.guild.add_channel("hall")


async def _open(env: BotEnvironment, bot: RunningBot, hall: ChannelHandle, stars: int = 2) -> None:
    store = bot.services.guild_store
    await store.update_guild(
        env.guild.id, lambda now: now.model_copy(update={"hall": hall.id, "stars": stars})
    )


async def _dream(
    env: BotEnvironment, channel: ChannelHandle | None = None, **options: object
) -> MessageHandle:
    given = {"image": noise_png(), **options}
    sent = await env.ann.slash("dream", channel=channel or env.channel, options=given)
    return await env.dreamed(await sent.response())


async def _star(env: BotEnvironment, message: MessageHandle, *users: UserHandle) -> None:
    for user in users:
        await user.react(message, STAR)
    await env.events_handled()


async def test_it_is_chosen_on_the_page_of_the_settings(env: BotEnvironment, hall: ChannelHandle) -> None:
    boss = env.guild.add_member("mia", permissions=Permission.MANAGE_GUILD)
    hall.revoke(Permission.SEND_MESSAGES)
    async with env.bot() as bot:
        page = await (await boss.slash("settings", channel=env.channel)).result()
        await boss.choose(page, "settings:hall", [hall])
        await page.until(lambda now: f"<#{hall.id}>" in now.text)
        await (await boss.choose(page, "settings:stars", ["3"])).acknowledged()
        await env.events_handled()
        settings = await bot.services.guild_store.guild(env.guild.id)
        assert (settings.hall, settings.stars) == (hall.id, 3)
        await boss.choose(page, "settings:hall", [])
        await page.until(lambda now: f"<#{hall.id}>" not in now.text)
        assert (await bot.services.guild_store.guild(env.guild.id)).hall is None


async def test_a_dream_is_forwarded_once_with_enough_stars(env: BotEnvironment, hall: ChannelHandle) -> None:
    carl, dora = env.guild.add_member("carl"), env.guild.add_member("dora")
    async with env.bot() as bot:
        dream = await _dream(env)
        await _star(env, dream, env.bob, carl)
        assert hall.messages == []
        await _open(env, bot, hall, stars=3)
        # Of the requester and of bots they do not count.
        await _star(env, dream, env.ann, UserHandle(env.guild.world, env.guild.world.bot))
        assert hall.messages == []
        await _star(env, dream, dora)
        [forward] = hall.messages
        assert forward.model.origin is dream.model
        assert forward.json["message_snapshots"][0]["message"]["attachments"]
        await env.bob.unreact(dream, STAR)
        await env.bob.react(dream, STAR)
        await _star(env, forward, env.bob, carl, dora)
    async with env.bot():
        await env.bob.unreact(dream, STAR)
        await _star(env, dream, env.bob)
        assert hall.messages == [forward]
        question = await (await press(env.ann, dream, "🗑️")).response()
        await env.ann.press(question, "Delete")
        await forward.until(lambda now: now.deleted)


def _job(dream: MessageHandle) -> str:
    ids = [button["custom_id"] for button in dream.buttons.values()]
    return next(one for one in ids if one.startswith("dream:again:")).rpartition(":")[2]


async def test_what_is_hidden_restricted_or_explicit_stays_where_it_is(
    env: BotEnvironment, hall: ChannelHandle
) -> None:
    nsfw = env.guild.add_channel("nsfw", nsfw=True)
    secret, spoilers = env.guild.add_channel("secret"), env.guild.add_channel("spoilers", spoiler=True)
    async with env.bot() as bot:
        await _open(env, bot, hall, stars=1)
        hidden = await _dream(env, spoiler=True)
        explicit = await _dream(env)
        explicit.model.attachments[0].flags |= EXPLICIT
        elsewhere = [await _dream(env, channel) for channel in (nsfw, spoilers, secret)]
        secret.revoke(Permission.VIEW_CHANNEL, of=env.guild.id)
        secret.allow(Permission.VIEW_CHANNEL)
        secret.allow(Permission.VIEW_CHANNEL, of=env.bob.id)
        for message in (hidden, explicit, *elsewhere):
            await _star(env, message, env.bob)
        picture = await env.ann.post(env.channel, files=[noise_png()])
        await _star(env, picture, env.bob)
        assert hall.messages == []
        # Without the permission it is not claimed, so that it can be forwarded later.
        plain = await _dream(env)
        hall.revoke(Permission.SEND_MESSAGES)
        await _star(env, plain, env.bob)
        assert hall.messages == []
        hall.allow(Permission.SEND_MESSAGES)
        await env.events_handled()
        await env.bob.unreact(plain, STAR)
        await _star(env, plain, env.bob)
        assert [one.model.origin for one in hall.messages] == [plain.model]


async def test_it_is_forwarded_once_though_responses_are_lost_and_processes_end(
    env: BotEnvironment, hall: ChannelHandle
) -> None:
    async with env.bot() as bot:
        await _open(env, bot, hall, stars=1)
        first, second, third = [await _dream(env) for _ in range(3)]
        env.sandbox.faults.plan(Fault.DROP_AFTER, "POST", f"/channels/{hall.id}/messages")
        await _star(env, first, env.bob)
        [sent] = hall.messages
        forwards = bot.services.forwards
        # One process ended after sending and one before.
        long_ago = datetime.now(UTC) - timedelta(minutes=5)
        await _star(env, second, env.bob)
        [stored] = await forwards.find([second.id])
        await forwards.remove(second.id)
        await forwards.claim(_claim(stored, long_ago))
        await forwards.claim(Forward(third.id, _job(third), env.guild.id, env.channel.id, hall.id, long_ago))
        assert not await forwards.claim(_claim(stored, datetime.now(UTC)))
    async with env.bot() as bot:
        async with asyncio.timeout(60):
            while await bot.services.forwards.interrupted():  # noqa: ASYNC110 - the store sends no events
                await asyncio.sleep(0.05)
        await env.events_handled()
        await hall.wait_for_message(lambda one: one.model.origin is third.model)
        origins = [one.model.origin for one in hall.messages]
        assert origins == [first.model, second.model, third.model]
        assert sent in hall.messages


def _claim(stored: Forward, since: datetime) -> Forward:
    return Forward(stored.message, stored.job, stored.guild, stored.channel, stored.hall, since)


async def test_erased_people_leave_no_forward(env: BotEnvironment, hall: ChannelHandle) -> None:
    async with env.bot() as bot:
        await _open(env, bot, hall, stars=1)
        dream = await _dream(env)
        await _star(env, dream, env.bob)
        [forward] = hall.messages
        page = await (await env.ann.slash("privacy", channel=env.channel)).result()
        await env.ann.press(page, "Delete my data…")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await env.ann.press(page, "Delete my data")
        await page.until(lambda now: "Done" in now.content)
        assert forward.deleted
        assert not dream.deleted
        assert not await bot.services.forwards.find([dream.id])
