"""The gallery, with the real bot: what is shared, what never is, and that it is gone when withdrawn."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import expect

from dreambot.jobs.gallery import SharedDream
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.permissions import Permission
from tests.bot.gallery import (
    EXPLICIT,
    PICTURE,
    SHARE,
    WITHDRAW,
    Site,
    dreamed,
    only_shared,
    share,
    withdrawn,
)
from tests.bot.support import BotEnvironment, RunningBot, decode_pixels, press
from tests.sandbox.browser import open_browser, violations


async def test_without_a_gallery_there_is_neither_a_button_nor_a_page(
    env: BotEnvironment, unused_tcp_port: int
) -> None:
    site = Site(unused_tcp_port)
    async with env.bot(http_port=unused_tcp_port):
        dream = await dreamed(env)
        await (await env.ann.press(dream, "More…")).acknowledged()
        await dream.until(lambda now: "Less" in now.buttons)
        assert SHARE not in dream.buttons
        for path in ("", "/", "/layers", "/dashboard", "/static/x/gallery.css"):
            assert (await site.get(path))[0] == 404
        assert (await site.get(f"http://127.0.0.1:{unused_tcp_port}/healthz"))[0] == 200
    async with env.bot(**site.settings) as bot:
        await (await env.ann.press(dream, "Less")).acknowledged()
        await dream.until(lambda now: "More…" in now.buttons)
        await share(env.ann, dream)
        assert await bot.services.gallery.count() == 1
    async with env.bot(http_port=unused_tcp_port):
        # The button of a gallery that was switched off.
        answer = await (await env.ann.press(dream, WITHDRAW)).result()
        assert "Withdrawn" in answer.content
        await dream.until(lambda now: WITHDRAW not in now.buttons and SHARE not in now.buttons)


async def test_a_dream_is_shared_and_withdrawn(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        dream = await dreamed(env)
        answer = await share(env.ann, dream)
        shared = await only_shared(bot)
        assert f"{site.base}/dream/{shared.id}" in answer.content
        status, text = await site.get(f"/dream/{shared.id}")
        assert status == 200
        for secret in (str(env.ann.id), str(env.guild.id), str(dream.id), shared.job, "memes"):
            assert secret not in text
        media = await site.media(shared.id)
        assert len(media) == 2
        assert (await site.get("/"))[1].count('class="card"') == 1
        # Not for another person, whatever button they send.
        for button in (WITHDRAW, WITHDRAW):
            refused = await (await press(env.bob, dream, button)).result()
            assert "Only the person" in refused.content
        # Her picture can be hidden alone.
        await env.ann.press(answer, "Hide my picture")
        await answer.until(lambda now: "dream alone" in now.content)
        assert len(await site.media(shared.id)) == 1
        assert [(await site.get(one))[0] for one in media] == [404, 200]
        answer = await (await press(env.ann, dream, WITHDRAW)).result()
        assert "Withdrawn" in answer.content
        await withdrawn(bot, media, site)
        assert (await site.get(f"/dream/{shared.id}"))[0] == 404
        await dream.until(lambda now: SHARE in now.buttons)


async def test_another_person_cannot_share_it_and_only_own_pictures_are_shown(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings) as bot:
        posted = await env.bob.post(env.channel, files=[PICTURE])
        sent = await env.ann.menu("Dream this", posted)
        dream = await env.dreamed(await sent.response())
        refused = await (await press(env.bob, dream, SHARE)).result()
        assert "Only the person" in refused.content
        await share(env.ann, dream)
        shared = await only_shared(bot)
        assert shared.before is None
        assert (shared.source_person, shared.source_message) == (env.bob.id, posted.id)
        media = await site.media(shared.id)
        # Its owner deletes the picture.
        await env.bob.delete(posted)
        await withdrawn(bot, media, site)
        posted = await env.bob.post(env.channel, files=[PICTURE])
        dream = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        await share(env.ann, dream)
        page = await (await env.bob.slash("privacy", channel=env.channel)).result()
        await env.bob.press(page, "privacy:untouchable")
        await withdrawn(bot, media, site)
        await (await env.ann.press(dream, WITHDRAW)).result()
        await dream.until(lambda now: SHARE in now.buttons)
        answer = await share(env.ann, dream)
        assert "does not want" in answer.content
        assert await bot.services.gallery.count() == 0


async def test_a_clip_shows_its_picture_so_only_its_owner_shares_it(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        posted = await env.bob.post(env.channel, files=[PICTURE])
        still = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        clip = await env.dreamed(await (await press(env.ann, still, "Watch")).response())
        assert "begins with the picture" in (await share(env.ann, clip)).content
        assert await bot.services.gallery.count() == 0
        still = await dreamed(env, image=_dark_and_bright())
        clip = await env.dreamed(await (await press(env.ann, still, "Watch")).response())
        await share(env.ann, clip)
        shared = await only_shared(bot)
        assert [file.kind for file in shared.results] == ["animation"]
        # The thumbnail is not the picture that the clip begins with, but the dream, which is its negative.
        path = await bot.services.gallery.files.path(shared.id, shared.thumbnail.name)
        left, right = np.array_split(decode_pixels(path.read_bytes()), 2, axis=1)
        assert left.mean() > 200
        assert right.mean() < 50


def _dark_and_bright() -> bytes:
    pixels = np.zeros((256, 256, 3), np.uint8)
    pixels[:, 128:] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


async def test_own_pictures_are_shown_for_later_dreams_of_the_line(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        posted = await env.ann.post(env.channel, files=[PICTURE])
        first = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        second = await env.dreamed(await (await press(env.ann, first, "Deeper")).response())
        third = await env.dreamed(await (await press(env.ann, second, "Deeper")).response())
        for dream in (first, third):
            await share(env.ann, dream)
        later, earlier = await bot.services.gallery.page("newest", first=0, most=9)
        assert later.before == earlier.before
        assert later.before is not None
        assert f"/dream/{earlier.id}" in (await site.get(f"/dream/{later.id}"))[1]
        assert f"/dream/{later.id}" in (await site.get(f"/dream/{earlier.id}"))[1]
        await env.ann.delete(posted)
        await withdrawn(bot, [], site)


async def test_what_is_hidden_restricted_or_explicit_is_refused(env: BotEnvironment, site: Site) -> None:
    nsfw, spoilers = env.guild.add_channel("nsfw", nsfw=True), env.guild.add_channel("hush", spoiler=True)
    async with env.bot(**site.settings) as bot:
        hidden, explicit = await dreamed(env, spoiler=True), await dreamed(env)
        explicit.model.attachments[0].flags |= EXPLICIT
        posted = await env.ann.post(env.channel, files=[PICTURE])
        of_explicit = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        posted.model.attachments[0].flags |= EXPLICIT
        private = await dreamed(env, private=True)
        await (await env.ann.press(private, "More…")).acknowledged()
        await private.until(lambda now: "Less" in now.buttons)
        assert SHARE not in private.buttons
        refusals = {
            "spoiler": [hidden, await dreamed(env, where=spoilers)],
            "explicit": [explicit, of_explicit],
            "age-restricted": [await dreamed(env, where=nsfw)],
        }
        for word, dreams in refusals.items():
            for dream in dreams:
                assert word in (await share(env.ann, dream)).content
        assert await bot.services.gallery.count() == 0


async def test_it_is_withdrawn_when_the_channel_changes_or_discord_marks_it(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings) as bot:
        dream = await dreamed(env)
        await share(env.ann, dream)
        media, world = await site.media((await only_shared(bot)).id), env.sandbox.world
        where = {"guild": env.guild.model, "channel": env.channel.model}
        env.channel.model.nsfw = True
        world.events.publish(Event("CHANNEL_UPDATE", **where))
        await withdrawn(bot, media, site)
        env.channel.model.nsfw = False
        world.events.publish(Event("CHANNEL_UPDATE", **where))
        await env.events_handled()
        dream = await dreamed(env)
        await share(env.ann, dream)
        media = await site.media((await only_shared(bot)).id)
        dream.model.attachments[0].flags |= EXPLICIT
        world.events.publish(Event("MESSAGE_UPDATE", **where, message=dream.model))
        await withdrawn(bot, media, site)


async def test_what_is_deleted_is_withdrawn(env: BotEnvironment, site: Site) -> None:
    mod = env.guild.add_member("mod", permissions=Permission.MANAGE_MESSAGES | Permission.MODERATE_MEMBERS)
    other = env.guild.add_channel("other")
    async with env.bot(**site.settings) as bot:

        async def shared_dream(where: ChannelHandle | None = None) -> MessageHandle:
            dream = await dreamed(env, where=where)
            await share(env.ann, dream)
            return dream

        question = await (await press(env.ann, await shared_dream(), "🗑️")).response()
        media = await site.media((await only_shared(bot)).id)
        await env.ann.press(question, "Delete")
        await withdrawn(bot, media, site)
        await mod.delete(await shared_dream())
        await withdrawn(bot, media, site)
        await shared_dream(other)
        other.delete()
        await withdrawn(bot, media, site)
        dream = await shared_dream()
        await (await mod.slash("forget", channel=env.channel, dream=str(dream.id))).result()
        await withdrawn(bot, media, site)
        await shared_dream()
        await (await mod.slash("block", channel=env.channel, person=env.ann)).result()
        await withdrawn(bot, media, site)
        await (await mod.slash("unblock", channel=env.channel, person=env.ann)).result()
        await shared_dream()
        env.guild.remove_bot()
        await withdrawn(bot, media, site)


async def test_undo_withdraws_the_dream_that_is_no_longer_shown(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        first = await dreamed(env)
        second = await env.dreamed(await (await press(env.ann, first, "Deeper")).response())
        await share(env.ann, second)
        await (await press(env.ann, second, "Undo")).acknowledged()
        await withdrawn(bot, [], site)


async def test_privacy_exports_and_deletes_what_was_shared(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        await share(env.ann, await dreamed(env))
        shared = await only_shared(bot)
        page = await (await env.ann.slash("privacy", channel=env.channel)).result()
        assert "gallery on the web" in page.content
        reply = await (await env.ann.press(page, "Save my data")).result()
        [exported] = json.loads(reply.attachments[0].data)["gallery"]
        assert (exported["id"], exported["files"]["before"]["kind"]) == (shared.id, "image")
        media = await site.media(shared.id)
        await env.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await env.ann.press(page, "Delete my data")
        await page.until(lambda now: "deleted one dream" in now.content)
        await withdrawn(bot, media, site)


async def test_stars_are_counted_as_for_the_hall_of_fame(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        dream, other = await dreamed(env), await dreamed(env)
        await share(env.ann, dream)
        await share(env.ann, other)
        for user in (env.ann, env.bob, env.guild.add_member("carl")):
            await user.react(dream, "⭐")
        await env.events_handled()
        found = await bot.services.gallery.of_message(dream.id)
        assert found is not None
        assert found.stars == 2
        text = (await site.get("/starred"))[1]
        assert "★ 2 stars" in text
        assert text.index(found.id) < text.index((await only_first(bot)).id)
        await env.bob.unreact(dream, "⭐")
        await env.events_handled()
        assert "★ 1 star<" in (await site.get("/starred"))[1]


async def only_first(bot: RunningBot) -> SharedDream:
    return (await bot.services.gallery.page("newest", first=0, most=1))[0]


async def test_the_owners_get_a_link_to_the_dashboard(env: BotEnvironment, site: Site) -> None:
    boss = UserHandle(env.sandbox.world, env.sandbox.world.application.owner)
    async with env.bot(**site.settings, admin_guild=env.guild.id) as bot:
        await dreamed(env)
        await bot.idle()
        answer = await (await boss.slash("admin dashboard", channel=env.channel)).result()
        [link] = re.findall(r"http\S+", answer.content)
        status, text = await site.get(link)
        assert status == 200
        for words in ("worker cpu", "Devices", "torch", "discord.py"):
            assert words in text
        status, text = await site.get(link[:-1] + ("0" if link[-1] != "0" else "1"))
        assert status == 403
        assert "expired" in text
        assert (await site.get("/dashboard"))[0] == 403


@pytest.mark.chromium
async def test_in_a_browser(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot, open_browser() as browser:
        dream = await dreamed(env)
        await share(env.ann, dream)
        shared = await only_shared(bot)
        context = await browser.new_context(viewport={"width": 390, "height": 800})
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{site.base}/")
        await page.locator("a.card").click()
        await expect(page.locator("h1")).to_be_visible()
        after = page.locator(".compare-after img")
        await expect(after).to_have_js_property("complete", True)
        assert await after.evaluate("image => image.naturalWidth") > 0
        # The slider obeys the keyboard.
        await page.locator("input[type=range]").focus()
        await page.keyboard.press("Home")
        await expect(page.locator(".compare")).to_have_css("--cut", "0%")
        await page.keyboard.press("End")
        await expect(page.locator(".compare")).to_have_css("--cut", "100%")
        await page.locator("button[data-copy=command]").click()
        await expect(page.locator("button[data-copy=command]")).to_have_text("Copied")
        assert problems == []
        assert all(url.startswith(f"{site.base}/") for url in asked)
        await context.close()
        plain = await (await browser.new_context(java_script_enabled=False)).new_page()
        await plain.goto(f"{site.base}/dream/{shared.id}")
        await expect(plain.locator(".compare-before img")).to_be_visible()
        await expect(plain.locator("#command")).to_contain_text("/dream ")
        await expect(plain.locator("button:visible")).to_have_count(0)
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                context = await browser.new_context(
                    viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
                )
                page = await context.new_page()
                for path in ("/", f"/dream/{shared.id}", "/layers", "/presets", "/starred?page=7"):
                    await page.goto(site.base + path)
                    assert await violations(page) == [], (path, width, scheme)
                    wide = "document.documentElement.scrollWidth > innerWidth"
                    assert not await page.evaluate(wide), (path, width)
                await context.close()
        await (await press(env.ann, dream, WITHDRAW)).result()
        await plain.reload()
        await expect(plain.locator("h1")).to_have_text("There is nothing here")
