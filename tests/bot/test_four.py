"""`/dream four:true`: a sheet of four looks, with a button for each."""

from pathlib import Path

import numpy as np

from dreambot.recipe.recipe import SheetRecipe
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png, press
from tests.bot.test_variation_buttons import POSTED, job_of, pressed
from tests.support.fake_engine import hold, release


async def test_a_look_of_the_sheet_becomes_a_normal_dream_even_after_a_restart(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=POSTED, four=True, intensity=8)
        sheet = await env.dreamed(await interaction.response())
        recipe = (await job_of(bot, sheet)).recipe
    assert isinstance(recipe, SheetRecipe)
    width, height = recipe.input_size
    assert decode_pixels(sheet.attachments[0].data).shape[:2] == (2 * height + 4, 2 * width + 4)
    assert f"`four:true intensity:8 seed:{recipe.seed}`" in sheet.content
    assert list(sheet.buttons) == ["1", "2", "3", "4", "Again", "🗑️"]
    assert [len(row["components"]) for row in sheet.components] == [2, 2, 2]
    async with env.bot() as bot:
        third = await pressed(env, env.bob, sheet, "3")
        job, parent = await job_of(bot, third), await job_of(bot, sheet)
        assert job.recipe == recipe.looks[2]
        assert (job.spec.parent, job.spec.press) == (parent.id, "pick")
        assert third.content.endswith(f"\n-# One of four · {env.bob.mention}")
        assert np.array_equal(decode_pixels(third.attachments[0].data), fake_engine_output(POSTED))
        # From here on it is like any dream: its buttons do not know of the sheet, and Undo goes back to it.
        louder = await pressed(env, env.ann, third, "Louder")
        assert (await job_of(bot, louder)).recipe.seed == recipe.looks[2].seed
        compared = await (await press(env.ann, third, "Compare")).result()
        await compared.until(lambda now: now.attachments)
        assert len(compared.attachments) == 1
        await press(env.bob, third, "Undo")
        await third.until(lambda now: "3" in now.buttons)
        again = await pressed(env, env.ann, sheet, "Again")
        new = (await job_of(bot, again)).recipe
        assert isinstance(new, SheetRecipe)
        assert new.seed != recipe.seed


async def test_a_sheet_continues_after_a_restart(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot(drain_seconds=0) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=POSTED, four=True, seed=5)
        message = await (await interaction.response()).until(lambda now: "octave" in now.content)
        await bot.end()
    release(tmp_path)
    async with env.bot() as bot:
        sheet = await env.dreamed(message)
        recipe = (await job_of(bot, sheet)).recipe
        assert isinstance(recipe, SheetRecipe)
        assert recipe.seed == 5
        assert "3" in sheet.buttons
        await bot.idle()
    assert [one for one in env.channel.messages if is_dream(one)] == [sheet]


async def test_four_in_a_mention_and_a_pasted_sheet(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        posted = await env.bob.post(env.channel, "look", files=[POSTED])
        mention = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> four, 7!", reply_to=posted)
        sheet = await env.channel.wait_for_message(
            lambda one: one.replies_to == mention.id and is_dream(one), 30
        )
        recipe = (await job_of(bot, sheet)).recipe
        assert isinstance(recipe, SheetRecipe)
        assert recipe.intensity == 7
        pasted = await env.ann.slash(
            "dream", channel=env.channel, image=POSTED, recipe=f"`{recipe.in_words()}`"
        )
        assert (await job_of(bot, await env.dreamed(await pasted.response()))).recipe == recipe
        line = await env.ann.slash("dream", channel=env.channel, image=noise_png(), recipe=recipe.to_json())
        other = await env.dreamed(await line.response())
        one = await pressed(env, env.ann, other, "1")
        assert (await job_of(bot, one)).recipe.layers == recipe.looks[0].layers
