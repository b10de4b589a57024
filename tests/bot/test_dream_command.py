"""/dream, from the command to the result."""

from pathlib import Path

import numpy as np
import pytest

from dreambot.sandbox.messages import Upload
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png
from tests.support.fake_engine import hold, release


async def test_an_attachment_becomes_the_dream(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with env.bot():
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=data, layer="mixed5", intensity=11, seed=7
        )
        message = await interaction.response()
        assert interaction.answer_type == 5
        done = await env.dreamed(message)
    [file] = done.attachments
    assert file.filename == "mixed5-11.png"
    assert np.array_equal(decode_pixels(file.data), fake_engine_output(data))
    assert "`layer:mixed5 intensity:11 seed:7`" in done.content
    assert "inception_v3" in (file.description or "")
    assert not done.ephemeral


async def test_it_is_acknowledged_before_anything_else(env: BotEnvironment) -> None:
    async with env.bot():
        env.sandbox.requests.clear()
        interaction = await env.ann.slash("dream", channel=env.channel)
        await interaction.acknowledged()
        first = next(iter(env.sandbox.requests))
        assert first.path.endswith("/callback")
        await interaction.follow_up()


async def test_progress_is_shown_with_previews_and_a_cancel_button(
    env: BotEnvironment, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=6)
        message = await interaction.result()
        assert "Cancel" in message.buttons
        await message.until(lambda now: "▰" in now.content and "octave" in now.content, 20)
        await message.until(lambda now: [file.filename for file in now.attachments] == ["dreaming.jpg"], 20)
        release(tmp_path)
        done = await env.dreamed(message)
    assert "▰" not in done.content
    assert len(done.attachments) == 1


async def test_previews_can_be_switched_off(env: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with env.bot(previews=False):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await interaction.response())
    edits = env.sandbox.requests.matching("PATCH", "@original")
    assert len(edits) > 2
    assert [len(one.parsed.files) for one in edits] == [0] * (len(edits) - 1) + [1]


async def test_without_an_image_the_requesters_newest_is_taken(env: BotEnvironment) -> None:
    mine = noise_png(300, 260, seed=2)
    await env.ann.post(env.channel, files=[noise_png(300, 260, seed=1)])
    await env.ann.post(env.channel, files=[mine])
    await env.bob.post(env.channel, files=[noise_png(300, 260, seed=3)])
    await env.ann.post(env.channel, "words only")
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        done = await env.dreamed(await interaction.response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(mine))


async def test_without_an_own_image_the_newest_of_anyone_is_taken(env: BotEnvironment) -> None:
    newest = noise_png(300, 260, seed=3)
    await env.bob.post(env.channel, files=[noise_png(300, 260, seed=1)])
    await env.bob.post(env.channel, files=[newest])
    await env.bob.post(env.channel, files=[Upload("notes.txt", b"no picture at all")])
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        done = await env.dreamed(await interaction.response())
        again = await env.ann.slash("dream", channel=env.channel)
        twice = await env.dreamed(await again.response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(newest))
    assert np.array_equal(decode_pixels(twice.attachments[0].data), decode_pixels(newest))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "http://127.0.0.1:80/cat.png"}, "public web address"),
        ({"url": "http://2130706433/cat.png"}, "public web address"),
        ({"url": "file:///etc/passwd"}, "http"),
        ({"layer": "mixd5", "image": noise_png()}, "did you mean mixed5"),
        ({"layer": "mixed5+", "image": noise_png()}, "^"),
        ({"image": Upload("cat.png", b"this is only text, whatever its name says")}, "not a picture"),
        ({}, "no picture in the last 50 messages"),
    ],
)
async def test_mistakes_are_reported_to_the_requester_only(
    env: BotEnvironment, options: dict[str, object], said: str
) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, options=options)
        reply = await interaction.follow_up()
        assert said in reply.content
        await env.alone(reply)


async def test_a_missing_permission_is_found_before_any_work(env: BotEnvironment) -> None:
    env.channel.revoke(Permission.ATTACH_FILES)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        reply = await interaction.follow_up()
        assert await bot.services.store.unfinished() == []
    assert "Attach Files" in reply.content
    assert reply.ephemeral


async def test_reading_history_without_permission_names_what_is_missing(env: BotEnvironment) -> None:
    env.channel.revoke(Permission.READ_MESSAGE_HISTORY)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        reply = await interaction.follow_up()
    assert "Read Message History" in reply.content


async def test_spoilers_stay_spoilers_in_previews_too(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    await env.ann.post(env.channel, files=[noise_png()], spoiler=True)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        message = await interaction.response()
        await message.until(lambda now: now.attachments, 20)
        assert message.attachments[0].spoiler
        release(tmp_path)
        done = await env.dreamed(message)
    assert done.attachments[0].filename.startswith("SPOILER_")


async def test_direct_messages_work(env: BotEnvironment) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.ann.dm_channel(), image=noise_png())
        assert is_dream(await env.dreamed(await interaction.response()))


async def test_completion_describes_layers(env: BotEnvironment) -> None:
    async with env.bot():
        choices = await env.ann.autocomplete("dream", "layer", "mixed3+mixed5", channel=env.channel)
        strange = await env.ann.autocomplete("dream", "layer", "x" * 500, channel=env.channel)
    assert choices == [{"name": "mixed3+mixed5 · dogs, fur, tartan, webs", "value": "mixed3+mixed5"}]
    assert strange == []


async def test_free_text_in_a_completed_option_is_checked(env: BotEnvironment) -> None:
    async with env.bot():
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), layer="@everyone <@1> ```"
        )
        reply = await interaction.follow_up()
    assert reply.ephemeral
    assert "layer" in reply.content


async def test_embedded_pictures_count_and_their_links_are_guarded(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, "https://example.org/cat")
    posted.model.embeds = [
        {"type": "image", "url": "https://example.org/cat", "image": {"url": env.sandbox.url}}
    ]
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        reply = await interaction.follow_up()
    assert "web ports" in reply.content


async def test_user_installed_bots_ask_for_an_image(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.Interaction.is_guild_integration", lambda _: False)
    monkeypatch.setattr("discord.Interaction.is_user_integration", lambda _: True)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel)
        reply = await interaction.follow_up()
    assert "may not read other people's messages" in reply.content
