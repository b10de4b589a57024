"""*More…*, which shows the other buttons of a result, and *Watch*, which shows how it comes about."""

import io

from PIL import Image

from dreambot.recipe.clip import CLIP
from dreambot.recipe.text import format_recipe
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import BotEnvironment, press
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed

ROW = ["Deeper", "Again", "Layer…", "Watch", "More…"]


def moving(message: MessageHandle) -> tuple[str | None, int]:
    """Returns the format and the number of frames of a result."""
    with Image.open(io.BytesIO(message.attachments[0].data)) as image:
        return image.format, getattr(image, "n_frames", 1)


async def test_more_adds_the_other_buttons_to_the_message_for_anyone(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        sent = await env.ann.slash("dream", channel=env.channel, image=POSTED, private=True)
        private = await env.dreamed(await sent.response())
    async with env.bot():
        before = first.content, first.attachments[0].id, len(env.channel.messages)
        for who, message in ((env.bob, first), (env.ann, private)):
            assert list(message.buttons) == ROW
            await (await who.press(message, "More…")).acknowledged()
            await message.until(lambda now: "Less" in now.buttons)
            assert list(message.buttons)[:5] == [*ROW[:4], "Less"]
            assert {"Louder", "Quieter", "Bend", "Zoom video", "Compare", "🗑️"} < set(message.buttons)
            await (await who.press(message, "Less")).acknowledged()
            await message.until(lambda now: list(now.buttons) == ROW)
        assert (first.content, first.attachments[0].id, len(env.channel.messages)) == before


async def test_undo_and_a_restart_leave_the_first_row(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        second = await pressed(env, env.bob, first, "Deeper")
        await press(env.bob, second, "Undo")
        await second.until(lambda now: list(now.buttons) == ROW)
    async with env.bot():
        await (await press(env.ann, second, "🗑️")).acknowledged()


async def test_watch_shows_the_same_dream_come_about(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 seed:7")
        clip = await pressed(env, env.bob, first, "Watch")
        assert clip.id != first.id
        assert moving(clip) == ("GIF", len(CLIP))
        assert clip.attachments[0].filename.endswith(".gif")
        assert clip.content.endswith(f"\n-# Watch · {env.bob.mention}")
        assert "looping clip" in (clip.attachments[0].description or "")
        still, job = await job_of(bot, first), await job_of(bot, clip)
        assert still.recipe
        assert job.recipe == still.recipe.model_copy(update={"format": "gif"})
        assert (job.spec.press, job.spec.parent) == ("watch", still.id)
        assert list(clip.buttons) == ["Louder", "Quieter", "Again", "Layer…", "🗑️"]
        # Variations of a clip are clips, and so is what its recipe gives.
        louder = await pressed(env, env.ann, clip, "Louder")
        assert moving(louder) == ("GIF", len(CLIP))
        line = format_recipe(job.recipe)
        sent = await env.ann.slash("dream", channel=env.channel, image=POSTED, recipe=line)
        again = await env.dreamed(await sent.response())
        assert (await job_of(bot, again)).recipe == job.recipe


async def test_a_command_says_the_format(env: BotEnvironment) -> None:
    async with env.bot():
        sent = await env.ann.slash("dream", channel=env.channel, image=POSTED, format="mp4")
        clip = await env.dreamed(await sent.response())
        assert clip.attachments[0].filename == "mixed5-6.mp4"
        assert "format:mp4" in clip.content
        hell = await env.ann.slash("hellscape", channel=env.channel, seconds=1, format="gif")
        video = await env.dreamed(await hell.response())
        assert moving(video)[0] == "GIF"
        assert list(video.buttons) == ["Louder", "Quieter", "Again", "🗑️"]
