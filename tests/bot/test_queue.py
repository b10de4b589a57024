"""Waiting and running jobs, and who may cancel them."""

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import MODERATOR, BotEnvironment, noise_png
from tests.support.fake_engine import HELD


@pytest.fixture
def mod(env: BotEnvironment) -> UserHandle:
    return env.guild.add_member("mia", permissions=MODERATOR)


async def _ask(env: BotEnvironment, who: UserHandle, seed: int = 0) -> MessageHandle:
    interaction = await who.slash("dream", channel=env.channel, image=noise_png(seed=seed), seed=HELD)
    return await (await interaction.response()).until(lambda now: "Cancel" in now.buttons)


async def _queue(env: BotEnvironment, who: UserHandle) -> MessageHandle:
    page = await (await who.slash("queue", channel=env.channel)).result()
    assert page.ephemeral
    return page


def _offered(page: MessageHandle) -> list[str]:
    """Lists the jobs that the menu offers to cancel."""
    return [one["value"] for one in page.selects["queue:pick"]["options"]] if page.selects else []


async def test_an_empty_queue_says_so(env: BotEnvironment) -> None:
    async with env.bot():
        assert "queue is empty" in (await _queue(env, env.ann)).text


async def test_everyone_sees_the_order_of_the_queue(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with env.bot(drain_seconds=0.0):
        first = await _ask(env, env.ann)
        await first.until(lambda now: "%" in now.content)
        second = await _ask(env, env.bob, 1)
        await second.until(lambda now: "1st" in now.content)
        page = await _queue(env, env.bob)
        lines = page.text.splitlines()
        assert "2 dreams in the queue" in lines[0]
        assert env.ann.mention in lines[1]
        assert "%" in lines[1]
        assert env.bob.mention in lines[2]
        assert "1st" in lines[2]
        assert len(_offered(page)) == 1


async def test_moderators_cancel_what_they_choose(
    env: BotEnvironment, mod: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with env.bot(drain_seconds=0.0) as bot:
        await _ask(env, env.ann)
        page = await _queue(env, mod)
        (job,) = _offered(page)
        await mod.choose(page, "queue:pick", [job])
        await page.until(lambda now: "Cancel 1. dream" in now.buttons)
        await mod.press(page, "Cancel 1. dream")
        await page.until(lambda now: "queue is empty" in now.text)
        await bot.idle()
        reply = [one.content for one in env.ann.ephemeral_messages(env.channel)]
        assert any("moderator" in words for words in reply)


async def test_a_forged_button_does_not_cancel_another_users_job(
    env: BotEnvironment, mod: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with env.bot(drain_seconds=0.0) as bot:
        await _ask(env, env.ann)
        page = await _queue(env, mod)
        await mod.choose(page, "queue:pick", _offered(page))
        await page.until(lambda now: "Cancel 1. dream" in now.buttons)
        env.channel.revoke(MODERATOR, of=mod.id)
        reply = await (await mod.press(page, "Cancel 1. dream")).follow_up()
        assert "moderators" in reply.content
        assert len(await bot.services.store.unfinished()) == 1


async def test_a_direct_conversation_has_its_own(env: BotEnvironment) -> None:
    async with env.bot():
        page = await (await env.ann.slash("queue", channel=env.ann.dm_channel())).result()
        assert "queue is empty" in page.text
