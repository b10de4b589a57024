"""What waits and runs, and who may end it."""

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import MODERATOR, BotEnvironment, noise_png
from tests.support.fake_engine import HELD


@pytest.fixture
def mod(stage: BotEnvironment) -> UserHandle:
    return stage.guild.add_member("mia", permissions=MODERATOR)


async def _ask(stage: BotEnvironment, who: UserHandle, seed: int = 0) -> MessageHandle:
    asked = await who.slash("dream", channel=stage.channel, image=noise_png(seed=seed), seed=HELD)
    return await (await asked.response()).until(lambda now: "Cancel" in now.buttons)


async def _queue(stage: BotEnvironment, who: UserHandle) -> MessageHandle:
    page = await (await who.slash("queue", channel=stage.channel)).result()
    assert page.ephemeral
    return page


def _offered(page: MessageHandle) -> list[str]:
    """The dreams that may be cancelled there."""
    return [one["value"] for one in page.selects["queue:pick"]["options"]] if page.selects else []


async def test_an_empty_queue_says_so(stage: BotEnvironment) -> None:
    async with stage.bot():
        assert "queue is empty" in (await _queue(stage, stage.ann)).text


async def test_everyone_sees_whose_turn_it_is(stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with stage.bot(drain_seconds=0.0):
        first = await _ask(stage, stage.ann)
        await first.until(lambda now: "%" in now.content)
        second = await _ask(stage, stage.bob, 1)
        await second.until(lambda now: "1st" in now.content)
        page = await _queue(stage, stage.bob)
        lines = page.text.splitlines()
        assert "2 dreams under way" in lines[0]
        assert stage.ann.mention in lines[1]
        assert "%" in lines[1]
        assert stage.bob.mention in lines[2]
        assert "1st" in lines[2]
        assert len(_offered(page)) == 1


async def test_moderators_cancel_what_they_choose(
    stage: BotEnvironment, mod: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with stage.bot(drain_seconds=0.0) as life:
        await _ask(stage, stage.ann)
        page = await _queue(stage, mod)
        (job,) = _offered(page)
        await mod.choose(page, "queue:pick", [job])
        await page.until(lambda now: "Cancel 1. dream" in now.buttons)
        await mod.press(page, "Cancel 1. dream")
        await page.until(lambda now: "queue is empty" in now.text)
        await life.idle()
        told = [one.content for one in stage.ann.ephemeral_messages(stage.channel)]
        assert any("moderator" in words for words in told)


async def test_nobody_cancels_another_ones_by_a_forged_button(
    stage: BotEnvironment, mod: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with stage.bot(drain_seconds=0.0) as life:
        await _ask(stage, stage.ann)
        page = await _queue(stage, mod)
        await mod.choose(page, "queue:pick", _offered(page))
        await page.until(lambda now: "Cancel 1. dream" in now.buttons)
        stage.channel.revoke(MODERATOR, of=mod.id)
        told = await (await mod.press(page, "Cancel 1. dream")).follow_up()
        assert "moderators" in told.content
        assert len(await life.services.store.unfinished()) == 1


async def test_a_direct_conversation_has_its_own(stage: BotEnvironment) -> None:
    async with stage.bot():
        page = await (await stage.ann.slash("queue", channel=stage.ann.dm_channel())).result()
        assert "queue is empty" in page.text
