"""The buttons under a result: each press is a new job that has the result as its parent."""

import numpy as np

from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.jobs.models import Job
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import (
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    is_dream,
    noise_png,
    press,
)

POSTED = noise_png(300, 260)


async def dreamed(env: BotEnvironment, wish: str = "mixed4") -> MessageHandle:
    """Dreams an image that Bob posted, for Ann."""
    posted = await env.bob.post(env.channel, "look", files=[POSTED])
    mention = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> {wish}", reply_to=posted)
    return await env.channel.wait_for_message(lambda one: one.replies_to == mention.id and is_dream(one), 30)


async def pressed(env: BotEnvironment, who: UserHandle, message: MessageHandle, button: str) -> MessageHandle:
    """Presses a button and waits for its dream."""
    return await env.dreamed(await (await press(who, message, button)).response())


async def job_of(bot: RunningBot, message: MessageHandle) -> Job:
    """Loads the job whose result a message shows."""
    await bot.idle()
    job = await bot.services.job_history.find_by_result(message.id)
    assert job
    return job


async def test_deeper_starts_from_the_dream_for_anyone_and_after_a_restart(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env, "mixed4 3")
    async with env.bot() as bot:
        second = await pressed(env, env.bob, first, "Deeper")
        job, parent = await job_of(bot, second), await job_of(bot, first)
    assert second.id != first.id
    assert second.replies_to == first.id
    assert np.array_equal(
        decode_pixels(second.attachments[0].data), fake_engine_output(first.attachments[0].data)
    )
    assert "layer:mixed4 intensity:3" in second.content
    assert second.content.endswith(f"\n-# Deeper · {env.bob.mention}")
    assert (job.spec.owner, job.spec.parent, job.spec.press) == (env.bob.id, parent.id, "deeper")


async def test_louder_and_quieter_change_the_intensity_by_three_on_the_same_source(
    env: BotEnvironment,
) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 seed:7")
        louder = await pressed(env, env.ann, first, "Louder")
        assert "`layer:mixed4 intensity:9 seed:7`" in louder.content
        assert np.array_equal(decode_pixels(louder.attachments[0].data), fake_engine_output(POSTED))
        loudest = await pressed(env, env.bob, louder, "Louder")
        assert "`layer:mixed4 intensity:11 seed:7`" in loudest.content
        reply = await (await press(env.bob, loudest, "Louder")).follow_up()
        assert reply.ephemeral
        assert "eleven" in reply.content
        quieter = await pressed(env, env.bob, louder, "Quieter")
        assert "intensity:6 seed:7" in quieter.content
        assert (await job_of(bot, quieter)).spec.press == "quieter"
        low = await dreamed(env, "mixed4 2 seed:7")
        quietest = await pressed(env, env.ann, low, "Quieter")
        assert "intensity:1 seed:7" in quietest.content
        reply = await (await press(env.ann, quietest, "Quieter")).follow_up()
        assert "as quiet as it gets" in reply.content


async def test_louder_stops_where_the_server_does(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 seed:7")
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(intensity=8))
        louder = await pressed(env, env.ann, first, "Louder")
        assert "intensity:8 seed:7" in louder.content
        reply = await (await press(env.ann, louder, "Louder")).follow_up()
        assert "from 1 to 8" in reply.content


async def test_each_dream_of_a_channel_has_another_caption(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 3 seed:7")
        others = [await pressed(env, env.ann, first, "Again") for _ in range(8)]
        captions = [one.content.partition("\n")[0] for one in (first, *others)]
        stored = [(await job_of(bot, one)).caption for one in (first, *others)]
    assert len(set(captions)) == len(set(stored)) == 9


async def test_again_uses_a_new_seed(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 seed:7")
        again = await pressed(env, env.bob, first, "Again")
        job = await job_of(bot, again)
    assert np.array_equal(decode_pixels(again.attachments[0].data), fake_engine_output(POSTED))
    assert job.recipe
    assert job.recipe.seed != 7
    assert job.recipe.layers[0].layer == "mixed4"


async def test_another_layer_is_chosen_in_private_and_dreamed_in_public(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 seed:7")
        choosing = await (await env.bob.press(first, "Layer…")).response()
        assert choosing.ephemeral
        layers, presets = (row["components"][0] for row in choosing.components)
        assert {one["value"] for one in presets["options"]} == {f"preset {name}" for name in OFFERED_PRESETS}
        chosen = await env.bob.choose(choosing, layers["custom_id"], ["layer mixed3"])
        other = await env.dreamed(await chosen.response())
        look = await env.bob.choose(choosing, presets["custom_id"], ["preset eyes"])
        eyes = await env.dreamed(await look.response())
        assert (await job_of(bot, other)).spec.press == "layer"
    assert "layer:mixed3" in other.content
    assert "seed:7" in other.content
    assert not other.ephemeral
    assert np.array_equal(decode_pixels(other.attachments[0].data), fake_engine_output(POSTED))
    assert "preset:eyes" in eyes.content


async def test_bend_starts_from_the_dream(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        bent = await pressed(env, env.bob, first, "Bend")
        job = await job_of(bot, bent)
    assert job.recipe
    assert job.recipe.bends
    assert np.array_equal(
        decode_pixels(bent.attachments[0].data), fake_engine_output(first.attachments[0].data)
    )


async def test_zoom_makes_a_video_with_fewer_buttons(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        limits = GuildSettings(everyone=RoleLimits(seconds=0.5))
        await bot.services.guild_store.set_guild(env.guild.id, limits)
        first = await dreamed(env)
        video = await pressed(env, env.bob, first, "Zoom video")
        job = await job_of(bot, video)
    assert job.recipe
    assert job.recipe.hellscape
    assert job.recipe.hellscape.start == "picture"
    assert video.attachments[0].filename.endswith((".mp4", ".webp"))
    assert {"Louder", "Quieter", "Again", "Undo", "🗑️"} == set(video.buttons)
    progress = [str((one.json or {}).get("content")) for one in env.sandbox.requests if one.method == "PATCH"]
    assert any(text.startswith("Video of 1 s · ") for text in progress)


async def test_a_variation_of_a_private_dream_is_private(env: BotEnvironment) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=POSTED, private=True)
        first = await env.dreamed(await interaction.response())
        assert first.ephemeral
        second = await pressed(env, env.ann, first, "Deeper")
        assert second.ephemeral
        reply = await (await press(env.ann, second, "Undo")).follow_up()
        assert "cannot be undone" in reply.content


async def test_labels_are_in_the_servers_language(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(language="de"))
        first = await dreamed(env)
    assert {"Tiefer", "Nochmal", "Mehr …"} <= set(first.buttons)


async def test_forged_deleted_and_foreign_ids_get_an_error_text(env: BotEnvironment) -> None:
    elsewhere = env.guild.add_channel("art")
    async with env.bot():
        first = await dreamed(env)
        interaction = await env.ann.slash("dream", channel=elsewhere, image=noise_png())
        other = await env.dreamed(await interaction.response())
        job_id = first.buttons["Deeper"]["custom_id"].rpartition(":")[2]
        for message, forged in ((first, "0" * 20), (other, job_id)):
            for action in ("deeper", "again", "layer", "compare", "undo", "cancel"):
                button = message.buttons["Deeper"]
                button["custom_id"] = f"dream:{action}:{forged}"
                interaction = await env.ann.press(message, button["custom_id"])
                await interaction.acknowledged()
                reply = await (
                    interaction.result() if action in "layer compare undo cancel" else interaction.follow_up()
                )
                assert reply.ephemeral
                assert "no longer know this dream" in reply.content
                button["custom_id"] = f"dream:deeper:{job_id}"
