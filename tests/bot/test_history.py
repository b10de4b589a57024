"""`/history`: one's dreams, and what each came from."""

from typing import Any

from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.models import Json
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, noise_png
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import dreamed, pressed


def texts(message: MessageHandle) -> str:
    """All that a page says."""
    return "\n".join(one["content"] for one in _every(message.components) if one["type"] == 10)


def select(message: MessageHandle) -> Json:
    """The page's menu."""
    return next(one for one in _every(message.components) if one["type"] == 3)


def _every(components: list[Json]) -> list[Any]:
    return [one for top in components for one in (top, *_every(top.get("components", [])))]


async def test_a_dreams_line_leads_back_to_its_picture(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage, "mixed4 10")
        louder = await pressed(stage, stage.bob, first, "Louder")
        deeper = await pressed(stage, stage.bob, louder, "Deeper")
        await life.idle()
    async with stage.bot():
        page = await (await stage.bob.slash("history", channel=stage.channel)).result()
        assert page.ephemeral
        shown = texts(page)
        assert shown.index(f"/{deeper.id}") < shown.index(f"/{louder.id}")
        assert "by Deeper" in shown
        assert "by Louder" in shown
        # Ann's is not among Bob's, but in the line of his.
        assert f"/{first.id}" not in shown
        options = select(page)["options"]
        await (await stage.bob.choose(page, select(page)["custom_id"], [options[0]["value"]])).acknowledged()
        await page.until(lambda now: f"/{first.id}" in texts(now))
        [posted] = [one for one in stage.channel.messages if one.content == "look"]
        line = texts(page)
        for earlier, later in ((deeper, louder), (louder, first), (first, posted)):
            assert line.index(f"/{earlier.id}") < line.index(f"/{later.id}")
        await stage.bob.press(page, "Back")
        await page.until(lambda now: f"/{first.id}" not in texts(now))


def thumbnails(message: MessageHandle) -> list[str]:
    """The addresses of the page's pictures, without their signatures."""
    sections = (one for one in _every(message.components) if one["type"] == 9)
    return [one["accessory"]["media"]["url"].partition("?")[0] for one in sections]


def address(message: MessageHandle) -> str:
    """Where a message's picture is, without its signature."""
    return str(message.attachments[0].url.partition("?")[0])


async def test_a_page_shows_pictures_and_words_that_people_use(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage, "eyes 9")
        gone = await dreamed(stage, "mixed3")
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(300, 260), private=True)
        await stage.dreamed(await asked.response())
        asked = await stage.ann.slash("summon", channel=stage.channel, what="goldfish")
        fish = await stage.dreamed(await asked.response())
        limits = GuildSettings(everyone=RoleLimits(seconds=0.5))
        await life.services.guild_store.set_guild(stage.guild.id, limits)
        asked = await stage.ann.slash("hellscape", channel=stage.channel, layer="mixed4")
        video = await stage.dreamed(await asked.response())
        await delete(stage.ann, gone)
        await life.idle()
        page = await (await stage.ann.slash("history", channel=stage.channel)).result()
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


async def test_pictures_stay_where_the_asker_sees_them(stage: BotEnvironment) -> None:
    adults = stage.guild.add_channel("adults", nsfw=True)
    secret = stage.guild.add_channel("secret")
    async with stage.bot() as life:
        for channel in (adults, secret, stage.channel):
            asked = await stage.ann.slash("dream", channel=channel, image=noise_png(300, 260))
            await stage.dreamed(await asked.response())
        await life.idle()
        secret.revoke(Permission.VIEW_CHANNEL, of=stage.ann.id)
        page = await (await stage.ann.slash("history", channel=stage.channel)).result()
        here = [one for one in stage.channel.messages if one.attachments]
        assert thumbnails(page) == [address(here[0])]
        page = await (await stage.ann.slash("history", channel=adults)).result()
        there = [one for one in adults.messages if one.attachments]
        assert thumbnails(page) == [address(here[0]), address(there[0])]


async def test_a_dream_of_a_posted_dream_is_not_told_by_its_alt_text(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage, "mixed4")
        asked = await stage.ann.menu("Dream this", first)
        second = await stage.dreamed(await asked.response())
        assert second.attachments[0].description.startswith("A dream of mine")
        await life.idle()
        page = await (await stage.ann.slash("history", channel=stage.channel)).result()
        newest = select(page)["options"][0]["value"]
        await (await stage.ann.choose(page, select(page)["custom_id"], [newest])).acknowledged()
        await page.until(lambda now: "What it was made from" in texts(now))
        line = texts(page)
        [posted] = [one for one in stage.channel.messages if one.content == "look"]
        assert line.index(f"/{second.id}") < line.index(f"/{first.id}") < line.index(f"/{posted.id}")
        assert "neural network" not in line


async def test_pages_are_turned_and_what_is_forged_leads_nowhere(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        nothing = await (await stage.bob.slash("history", channel=stage.channel)).result()
        assert "not dreamed here yet" in texts(nothing)
        first = await dreamed(stage, "mixed4")
        await life.idle()
        job = await life.services.job_history.find_by_result(first.id)
        assert job
        await dreamed(stage, "mixed5")
        alone = await (await stage.ann.slash("history", channel=stage.ann.dm_channel())).result()
        assert "not dreamed here yet" in texts(alone)
        page = await (await stage.ann.slash("history", channel=stage.channel)).result()
        assert "Older" not in page.buttons
        bobs = await (await stage.bob.slash("history", channel=stage.channel)).result()
        assert "not dreamed here yet" in texts(bobs)
        # Somebody else's dream, by the id of it.
        menu = select(page)
        bobs.model.components.append({"type": 1, "id": 90, "components": [menu | {"id": 91}]})
        value = next(one["value"] for one in menu["options"] if job.id in one["value"])
        told = await (await stage.bob.choose(bobs, menu["custom_id"], [value])).follow_up()
        assert told.ephemeral
        assert "not yours" in told.content


async def test_many_dreams_fill_several_pages(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        for number in range(9):
            asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), seed=number)
            await stage.dreamed(await asked.response())
        await life.idle()
    async with stage.bot():
        page = await (await stage.ann.slash("history", channel=stage.channel)).result()
        assert "seed:8" in texts(page)
        assert "seed:0" not in texts(page)
        await stage.ann.press(page, "Older")
        await page.until(lambda now: "seed:0" in texts(now))
        assert "seed:8" not in texts(page)
        await stage.ann.press(page, "Newer")
        await page.until(lambda now: "seed:8" in texts(now))
