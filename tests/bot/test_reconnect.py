"""The line to Discord breaks: what was asked meanwhile is dreamed all the same."""

import pytest

from tests.bot.support import BotEnvironment, noise_png
from tests.sandbox.test_resume import INTERRUPTIONS


@pytest.mark.parametrize("how", ["op 9, resumable", "cut"])
async def test_a_dream_under_way_is_finished_though_the_line_breaks(stage: BotEnvironment, how: str) -> None:
    async with stage.bot(step=0.05):
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await asked.acknowledged()
        INTERRUPTIONS[how](stage.sandbox)
        await stage.dreamed(await asked.response())


async def test_a_dream_asked_for_in_the_gap_is_dreamed(stage: BotEnvironment) -> None:
    async with stage.bot():
        async with stage.sandbox.gateway.offline():
            asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=1))
            mention = f"<@{stage.sandbox.bot_id}>"
            post = await stage.bob.post(stage.channel, mention, files=[noise_png(seed=2)])
        await stage.dreamed(await asked.response())
        reply = await stage.channel.wait_for_message(lambda one: one.replies_to == post.id, 100)
        await stage.dreamed(reply)


async def test_a_bot_whose_session_is_gone_comes_back(stage: BotEnvironment) -> None:
    async with stage.bot():
        gateway = stage.sandbox.gateway
        gateway.reconnect(invalid=False)
        await stage.sandbox.world.events.wait_for(
            lambda: not gateway.ready_shards, 5, "the end of the session"
        )
        await stage.sandbox.wait_until_bot_ready()
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await stage.dreamed(await asked.response())
