"""How many unfinished jobs one user may have, in any state."""

import asyncio

import pytest

from dreambot.jobs.models import JobState
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import BotEnvironment, noise_png


async def test_a_user_has_a_limited_number_of_unfinished_jobs(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "1")
    async with env.bot(queue_per_person=2, drain_seconds=0) as bot:
        asks = [await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=n)) for n in range(9)]
        refused: list[MessageHandle] = []
        for interaction in asks[4:]:
            reply = await interaction.follow_up()
            assert reply.ephemeral
            assert "You already have 4 dreams in the queue" in reply.content
            refused.append(reply)
        assert sum((await bot.services.store.counts()).values()) <= 4
        others = await env.bob.slash("dream", channel=env.channel, image=noise_png(seed=10))
        await (await others.response()).until(lambda now: "Cancel" in now.buttons, 30)
        # After a cancelled job there is room for another.
        shown = await (await asks[0].response()).until(lambda now: "Cancel" in now.buttons, 30)
        await env.ann.press(shown, "Cancel")
        async with asyncio.timeout(60):
            while True:
                again = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=11))
                shown = await (await again.response()).until(
                    lambda now: now.deleted or "Cancel" in now.buttons
                )
                if not shown.deleted:
                    break
                # The cancelled job was still being removed.
                assert "in the queue" in (await again.follow_up()).content
        waiting = await bot.services.store.counts()
        assert set(waiting) <= {JobState.received, JobState.queued, JobState.running}
    assert len(refused) == 5
