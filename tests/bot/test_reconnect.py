"""The connection to Discord breaks: what is requested meanwhile is dreamed."""

from pathlib import Path

import pytest

from tests.bot.support import BotEnvironment, noise_png
from tests.sandbox.test_resume import INTERRUPTIONS
from tests.support.fake_engine import hold, release


@pytest.mark.parametrize("how", ["op 9, resumable", "cut"])
async def test_a_running_job_finishes_although_the_connection_breaks(
    env: BotEnvironment, tmp_path: Path, how: str
) -> None:
    hold(tmp_path)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await interaction.acknowledged()
        INTERRUPTIONS[how](env.sandbox)
        release(tmp_path)
        await env.dreamed(await interaction.response())


async def test_a_request_during_the_reconnect_is_dreamed(env: BotEnvironment) -> None:
    async with env.bot():
        async with env.sandbox.gateway.offline():
            interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=1))
            mention = f"<@{env.sandbox.bot_id}>"
            post = await env.bob.post(env.channel, mention, files=[noise_png(seed=2)])
        await env.dreamed(await interaction.response())
        reply = await env.channel.wait_for_message(lambda one: one.replies_to == post.id, 100)
        await env.dreamed(reply)


async def test_a_bot_reconnects_after_its_session_expired(env: BotEnvironment) -> None:
    async with env.bot():
        gateway = env.sandbox.gateway
        gateway.reconnect(invalid=False)
        await env.sandbox.world.events.wait_for(lambda: not gateway.ready_shards, 5, "the end of the session")
        await env.sandbox.wait_until_bot_ready()
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await interaction.response())
