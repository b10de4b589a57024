"""What happens in the channel takes dreams back."""

import pytest

from dreambot.sandbox.driver.handles import InteractionHandle, MessageHandle
from tests.bot.support import Life, Scene, is_dream, picture


@pytest.fixture(autouse=True)
def _slowly(monkeypatch: pytest.MonkeyPatch, _fake_engine: None) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.1")


async def _begun(stage: Scene) -> tuple[MessageHandle, InteractionHandle]:
    posted = await stage.bob.post(stage.channel, "look", files=[picture()])
    asked = await stage.ann.menu("Dream this", posted)
    await (await asked.result()).until(lambda now: "octave" in now.content)
    return posted, asked


async def _nothing_came(stage: Scene, life: Life) -> None:
    await life.idle()
    mine = [one for one in stage.channel.messages if one.author_id == stage.sandbox.bot_id]
    assert not [one for one in mine if is_dream(one)]


async def test_deleting_the_picture_cancels_and_the_asker_hears_why(stage: Scene) -> None:
    async with stage.bot() as life:
        posted, asked = await _begun(stage)
        await stage.bob.delete(posted)
        told = await asked.follow_up()
        assert "gone" in told.content
        await stage.alone(told)
        await _nothing_came(stage, life)


async def test_deleting_the_mention_cancels(stage: Scene) -> None:
    async with stage.bot() as life:
        mention = f"<@{stage.sandbox.bot_id}>"
        asked = await stage.ann.post(stage.channel, f"{mention} mixed5 11", files=[picture()])
        reply = await stage.channel.wait_for_message(lambda one: "octave" in one.content)
        await stage.ann.delete(asked)
        await _nothing_came(stage, life)
        assert "Cancel" not in reply.buttons


async def test_being_thrown_out_cancels(stage: Scene) -> None:
    async with stage.bot() as life:
        await _begun(stage)
        stage.guild.remove_bot()
        await _nothing_came(stage, life)


async def test_the_channels_end_cancels(stage: Scene) -> None:
    async with stage.bot() as life:
        await _begun(stage)
        stage.channel.delete()
        await life.idle()


async def test_a_result_can_be_deleted_by_its_owner_alone(stage: Scene) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=picture())
        dream = await stage.dreamed(await asked.response())
        refused = await (await stage.bob.press(dream, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the one who asked" in refused.content
        await stage.ann.press(dream, "🗑️")
        await dream.until(lambda now: now.deleted)
