"""`/history`: a user's dreams, and the lineage of each."""

from typing import Any

from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.models import Json
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, noise_png
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import dreamed, pressed


def texts(message: MessageHandle) -> str:
    """Lists all texts of a page."""
    return "\n".join(one["content"] for one in _every(message.components) if one["type"] == 10)


def select(message: MessageHandle) -> Json:
    """Finds the page's menu."""
    return next(one for one in _every(message.components) if one["type"] == 3)


def _every(components: list[Json]) -> list[Any]:
    return [one for top in components for one in (top, *_every(top.get("components", [])))]


async def test_the_lineage_of_a_dream_ends_at_its_source(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4 10")
        louder = await pressed(env, env.bob, first, "Louder")
        deeper = await pressed(env, env.bob, louder, "Deeper")
        await bot.idle()
    async with env.bot():
        page = await (await env.bob.slash("history", channel=env.channel)).result()
        assert page.ephemeral
        shown = texts(page)
        assert shown.index(f"/{deeper.id}") < shown.index(f"/{louder.id}")
        assert "by Deeper" in shown
        assert "by Louder" in shown
        # Ann's dream is not among Bob's, but in the lineage of his.
        assert f"/{first.id}" not in shown
        options = select(page)["options"]
        await (await env.bob.choose(page, select(page)["custom_id"], [options[0]["value"]])).acknowledged()
        await page.until(lambda now: f"/{first.id}" in texts(now))
        [posted] = [one for one in env.channel.messages if one.content == "look"]
        line = texts(page)
        for earlier, later in ((deeper, louder), (louder, first), (first, posted)):
            assert line.index(f"/{earlier.id}") < line.index(f"/{later.id}")
        await env.bob.press(page, "Back")
        await page.until(lambda now: f"/{first.id}" not in texts(now))


def thumbnails(message: MessageHandle) -> list[str]:
    """Lists the URLs of the page's images, without their signatures."""
    sections = (one for one in _every(message.components) if one["type"] == 9)
    return [one["accessory"]["media"]["url"].partition("?")[0] for one in sections]


def address(message: MessageHandle) -> str:
    """Reads the URL of a message's image, without its signature."""
    return str(message.attachments[0].url.partition("?")[0])


async def test_a_page_shows_images_and_readable_texts(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "eyes 9")
        deleted = await dreamed(env, "mixed3")
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(300, 260), private=True
        )
        await env.dreamed(await interaction.response())
        interaction = await env.ann.slash("summon", channel=env.channel, what="goldfish")
        fish = await env.dreamed(await interaction.response())
        limits = GuildSettings(everyone=RoleLimits(seconds=0.5))
        await bot.services.guild_store.set_guild(env.guild.id, limits)
        interaction = await env.ann.slash("hellscape", channel=env.channel, layer="mixed4")
        video = await env.dreamed(await interaction.response())
        await delete(env.ann, deleted)
        await bot.idle()
        page = await (await env.ann.slash("history", channel=env.channel)).result()
        shown = texts(page)
    pictures = [address(fish), address(first)]
    if not address(video).endswith(".mp4"):
        pictures.insert(0, address(video))
    assert thumbnails(page) == pictures
    assert "**Eyes wherever there is room for one, intensity 9 of 11**" in shown
    assert "**Wheels, ringed eyes, spikes, intensity 6 of 11**" in shown
    assert "**Goldfish, intensity 6 of 11**" in shown
    assert "**Video of 1 s: Eyes, primate faces, fur" in shown
    assert "in private" in shown
    assert "`/summon what:goldfish" in shown


async def test_images_of_hidden_channels_are_not_shown(env: BotEnvironment) -> None:
    adults = env.guild.add_channel("adults", nsfw=True)
    secret = env.guild.add_channel("secret")
    async with env.bot() as bot:
        for channel in (adults, secret, env.channel):
            interaction = await env.ann.slash("dream", channel=channel, image=noise_png(300, 260))
            await env.dreamed(await interaction.response())
        await bot.idle()
        secret.revoke(Permission.VIEW_CHANNEL, of=env.ann.id)
        page = await (await env.ann.slash("history", channel=env.channel)).result()
        here = [one for one in env.channel.messages if one.attachments]
        assert thumbnails(page) == [address(here[0])]
        page = await (await env.ann.slash("history", channel=adults)).result()
        there = [one for one in adults.messages if one.attachments]
        assert thumbnails(page) == [address(here[0]), address(there[0])]


async def test_a_dream_of_a_dream_does_not_repeat_its_alt_text(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env, "mixed4")
        interaction = await env.ann.menu("Dream this", first)
        second = await env.dreamed(await interaction.response())
        assert second.attachments[0].description.startswith("A dream of mine")
        await bot.idle()
        page = await (await env.ann.slash("history", channel=env.channel)).result()
        newest = select(page)["options"][0]["value"]
        await (await env.ann.choose(page, select(page)["custom_id"], [newest])).acknowledged()
        await page.until(lambda now: "What it was made from" in texts(now))
        line = texts(page)
        [posted] = [one for one in env.channel.messages if one.content == "look"]
        assert line.index(f"/{second.id}") < line.index(f"/{first.id}") < line.index(f"/{posted.id}")
        assert "neural network" not in line


async def test_pages_are_turned_and_forged_ids_are_refused(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        nothing = await (await env.bob.slash("history", channel=env.channel)).result()
        assert "not dreamed here yet" in texts(nothing)
        first = await dreamed(env, "mixed4")
        await bot.idle()
        job = await bot.services.job_history.find_by_result(first.id)
        assert job
        await dreamed(env, "mixed5")
        alone = await (await env.ann.slash("history", channel=env.ann.dm_channel())).result()
        assert "not dreamed here yet" in texts(alone)
        page = await (await env.ann.slash("history", channel=env.channel)).result()
        assert "Older" not in page.buttons
        bobs = await (await env.bob.slash("history", channel=env.channel)).result()
        assert "not dreamed here yet" in texts(bobs)
        # Another user's dream, by its id.
        menu = select(page)
        bobs.model.components.append({"type": 1, "id": 90, "components": [menu | {"id": 91}]})
        value = next(one["value"] for one in menu["options"] if job.id in one["value"])
        reply = await (await env.bob.choose(bobs, menu["custom_id"], [value])).follow_up()
        assert reply.ephemeral
        assert "not yours" in reply.content


async def test_many_dreams_fill_several_pages(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        for number in range(9):
            interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), seed=number)
            await env.dreamed(await interaction.response())
        await bot.idle()
    async with env.bot():
        page = await (await env.ann.slash("history", channel=env.channel)).result()
        assert "seed:8" in texts(page)
        assert "seed:0" not in texts(page)
        await env.ann.press(page, "Older")
        await page.until(lambda now: "seed:0" in texts(now))
        assert "seed:8" not in texts(page)
        await env.ann.press(page, "Newer")
        await page.until(lambda now: "seed:8" in texts(now))
