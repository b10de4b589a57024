"""What may be shown in the gallery, and what is withdrawn with what: the rules of docs/gallery.md."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

from dreambot.bot import missed_deletions
from dreambot.jobs.gallery import SharedDream
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.messages import Upload
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
    until,
    withdrawn,
)
from tests.bot.support import (
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    noise_png,
    press,
)
from tests.media.sounds import beeps, write_sound

SHORT = {"max_film_seconds": 0.5}


@pytest.fixture
def ogg(tmp_path: Path) -> bytes:
    return write_sound(tmp_path / "a.ogg", beeps(1.0, (0.25,)), "libopus").read_bytes()


async def of_menu(env: BotEnvironment, menu: str, message: MessageHandle) -> MessageHandle:
    return await env.dreamed(await (await env.ann.menu(menu, message)).response())


async def of_button(env: BotEnvironment, dream: MessageHandle, button: str) -> MessageHandle:
    return await env.dreamed(await (await press(env.ann, dream, button)).response())


async def of_command(env: BotEnvironment, command: str, **options: object) -> MessageHandle:
    sent = await env.ann.slash(command, channel=env.channel, options=options)
    return await env.dreamed(await sent.response())


async def test_a_hellscape_begins_with_its_picture_and_a_dream_from_nothing_does_not(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings, **SHORT) as bot:
        posted = await env.bob.post(env.channel, files=[PICTURE])
        answer = await share(env.ann, await of_menu(env, "Hellscape this", posted))
        assert "begins with the picture" in answer.content
        assert await bot.services.gallery.count() == 0
        # One of a dream begins with the dream.
        zoom = await of_button(env, await of_menu(env, "Dream this", posted), "Zoom video")
        shareable = [
            await of_command(env, "hellscape", start="fog"),
            await of_command(env, "summon", what="jellyfish"),
            await of_menu(env, "Hellscape this", await env.ann.post(env.channel, files=[PICTURE])),
            await of_command(env, "hellscape", image=PICTURE),
            zoom,
            await of_button(env, zoom, "Again"),
        ]
        for dream in shareable:
            assert "Shared" in (await share(env.ann, dream)).content
        found = await bot.services.gallery.page("newest", first=0, most=9)
        assert len(found) == len(shareable)
        assert {dream.before for dream in found} == {None}


async def test_uploads_by_command_that_discord_marks_as_explicit_are_refused(
    env: BotEnvironment, site: Site, ogg: bytes
) -> None:
    explicit, explicit_sound = Upload("a.png", PICTURE, flags=EXPLICIT), Upload("a.ogg", ogg, flags=EXPLICIT)
    async with env.bot(**site.settings, **SHORT) as bot:
        dreams = [
            await of_command(env, "dream", image=explicit),
            await of_command(env, "dream", image=PICTURE, guide=explicit),
            await of_command(env, "hellscape", image=explicit),
            await of_command(env, "hellscape", sound=explicit_sound),
        ]
        dreams.append(await of_button(env, dreams[0], "Deeper"))
        for dream in dreams:
            assert "explicit" in (await share(env.ann, dream)).content
        assert await bot.services.gallery.count() == 0


async def test_guides_and_sounds_that_are_spoilers_hide_the_dream_and_are_refused(
    env: BotEnvironment, site: Site, ogg: bytes
) -> None:
    async with env.bot(**site.settings, **SHORT) as bot:
        guided = await of_command(env, "dream", image=PICTURE, guide=Upload("SPOILER_a.png", noise_png()))
        posted = await env.ann.post(env.channel, files=[PICTURE])
        form = await env.ann.menu("Mix with…", posted)
        sent = await env.ann.submit(
            form, {"guide": Upload("SPOILER_a.png", noise_png()), "guide_as": "style"}
        )
        dreams = [
            guided,
            await env.dreamed(await sent.response()),
            await of_button(env, guided, "Again"),
            await of_command(env, "hellscape", sound=Upload("SPOILER_a.ogg", ogg)),
        ]
        for dream in dreams:
            assert [one.spoiler for one in dream.attachments] == [True]
            assert "spoiler" in (await share(env.ann, dream)).content
        assert await bot.services.gallery.count() == 0


async def test_a_sound_is_heard_so_only_its_owner_shares_it(
    env: BotEnvironment, site: Site, ogg: bytes
) -> None:
    async with env.bot(**site.settings, **SHORT) as bot:
        spoken = await env.bob.speak(env.channel, ogg, 1.0)
        answer = await share(env.ann, await of_menu(env, "Hellscape this", spoken))
        assert "sound" in answer.content
        assert await bot.services.gallery.count() == 0
        spoken = await env.ann.speak(env.channel, ogg, 1.0)
        for dream in (
            await of_command(env, "hellscape", sound=ogg),
            await of_menu(env, "Hellscape this", spoken),
        ):
            assert "Shared" in (await share(env.ann, dream)).content
        await env.ann.delete(spoken)
        await env.events_handled()
        assert (await only_shared(bot)).sound_message is None


async def test_own_uploads_can_be_shared_after_their_addresses_expired(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings) as bot:
        still = await dreamed(env)
        clip = await of_button(env, still, "Watch")
        env.sandbox.clock.advance(25 * 3600)
        for dream in (still, clip):
            assert "Shared" in (await share(env.ann, dream)).content
        # The upload itself is no longer there to be copied.
        assert [one.before for one in await bot.services.gallery.page("newest", first=0, most=9)] == [
            None
        ] * 2


async def test_a_picture_that_is_marked_later_or_deleted_before_is_refused(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings) as bot:
        for change, word in ((EXPLICIT, "explicit"), (8, "spoiler")):
            posted = await env.bob.post(env.channel, files=[PICTURE])
            dream = await of_menu(env, "Dream this", posted)
            deeper = await of_button(env, dream, "Deeper")
            posted.model.attachments[0].flags |= change
            for one in (dream, deeper):
                assert word in (await share(env.ann, one)).content
        posted = await env.bob.post(env.channel, files=[PICTURE])
        dream = await of_menu(env, "Dream this", posted)
        await env.bob.delete(posted)
        await env.events_handled()
        assert "was deleted" in (await share(env.ann, dream)).content
        assert await bot.services.gallery.count() == 0


async def test_a_picture_that_becomes_a_spoiler_withdraws_its_dreams(env: BotEnvironment, site: Site) -> None:
    async with env.bot(**site.settings) as bot:
        posted = await env.ann.post(env.channel, files=[PICTURE])
        await share(env.ann, await of_menu(env, "Dream this", posted))
        media = await site.media((await only_shared(bot)).id)
        posted.model.attachments[0].flags |= 8
        where = {"guild": env.guild.model, "channel": env.channel.model}
        env.sandbox.world.events.publish(Event("MESSAGE_UPDATE", **where, message=posted.model))
        await withdrawn(bot, media, site)


async def test_dreams_in_threads_go_with_the_thread_and_with_its_channel(
    env: BotEnvironment, site: Site
) -> None:
    async with env.bot(**site.settings) as bot:
        for end in ("thread", "channel", "channel of an archived thread", "age restriction"):
            channel = env.guild.add_channel("other")
            thread = await env.ann.start_thread(await env.ann.post(channel, "cats"))
            await share(env.ann, await dreamed(env, where=thread))
            media = await site.media((await only_shared(bot)).id)
            if end not in ("thread", "channel"):
                thread.archive()
                await env.events_handled()
            if end == "age restriction":
                channel.model.nsfw = True
                where = {"guild": env.guild.model, "channel": channel.model}
                env.sandbox.world.events.publish(Event("CHANNEL_UPDATE", **where))
            else:
                (thread if end == "thread" else channel).delete()
            await withdrawn(bot, media, site)


async def test_what_the_operator_blocks_vanishes_and_cannot_be_shared(
    env: BotEnvironment, site: Site
) -> None:
    boss = UserHandle(env.sandbox.world, env.sandbox.world.application.owner)

    async def admin(command: str, **options: object) -> None:
        sent = await boss.slash(f"admin {command}", channel=env.channel, options=options)
        await sent.result()

    async with env.bot(**site.settings, admin_guild=env.guild.id) as bot:
        dream, other = await dreamed(env), await dreamed(env, env.bob)
        await share(env.bob, other)
        for what, blocked in (("person", {"person": env.ann}), ("server", {"server": str(env.guild.id)})):
            await share(env.ann, dream)
            [shared] = await bot.services.gallery.page("newest", first=0, most=1)
            media = await site.media(shared.id)
            await admin(f"block-{what}", **blocked)
            if what == "person":
                assert (await only_shared(bot)).owner == env.bob.id
                assert {(await site.get(one))[0] for one in media} == {404}
            else:
                await withdrawn(bot, media, site)
            # The button that was there before.
            answer = await (await press(env.ann, dream, WITHDRAW)).result()
            assert "no longer in the gallery" in answer.content
            await dream.until(lambda now: SHARE in now.buttons)
            before = await bot.services.gallery.count()
            assert "Shared" not in (await share(env.ann, dream)).content
            assert await bot.services.gallery.count() == before
            await admin(f"unblock-{what}", **blocked)


async def test_an_album_is_shared_whole_and_withdrawn_whole(env: BotEnvironment, site: Site) -> None:
    pictures = [noise_png(300, 260, seed) for seed in range(3)]
    broken = Upload("broken.png", PICTURE[:40] + b"no picture at all")
    async with env.bot(**site.settings) as bot:
        posted = await env.ann.post(env.channel, files=[pictures[0], broken, *pictures[1:]])
        album = await of_menu(env, "Dream this", posted)
        await share(env.ann, album)
        shared = await only_shared(bot)
        assert [file.kind for file in shared.results] == ["image"] * 3
        assert shared.before is None
        for file, picture in zip(shared.results, pictures, strict=True):
            path = await bot.services.gallery.files.path(shared.id, file.name)
            assert np.array_equal(decode_pixels(path.read_bytes()), fake_engine_output(picture))
        media = await site.media(shared.id)
        assert len(media) == 3
        await (await press(env.ann, album, WITHDRAW)).result()
        await withdrawn(bot, media, site)
        await album.until(lambda now: SHARE in now.buttons)
        await share(env.ann, album)
        await env.ann.delete(posted)
        await withdrawn(bot, media, site)
        # One picture decides for all.
        for upload, word in (
            (Upload("SPOILER_c.png", pictures[2]), "spoiler"),
            (Upload("c.png", pictures[2], flags=EXPLICIT), "explicit"),
        ):
            posted = await env.ann.post(env.channel, files=[pictures[0], upload])
            assert word in (await share(env.ann, await of_menu(env, "Dream this", posted))).content
        assert await bot.services.gallery.count() == 0


async def test_a_stale_button_says_so_and_is_repaired(env: BotEnvironment, site: Site) -> None:
    mod = env.guild.add_member("mod", permissions=Permission.MODERATE_MEMBERS)
    async with env.bot(**site.settings) as bot:
        posted = await env.ann.post(env.channel, files=[PICTURE])
        dream = await of_menu(env, "Dream this", posted)
        answer = await share(env.ann, dream)
        await env.ann.delete(posted)
        await withdrawn(bot, [], site)
        # In the answer, too.
        await env.ann.press(answer, "Hide my picture")
        await answer.until(lambda now: "no longer in the gallery" in now.content and not now.buttons)
        said = await (await press(env.ann, dream, WITHDRAW)).result()
        assert "no longer in the gallery" in said.content
        await dream.until(lambda now: SHARE in now.buttons)

        dream = await dreamed(env)
        await share(env.ann, dream)
        await (await mod.slash("block", channel=env.channel, person=env.ann)).result()
        await withdrawn(bot, [], site)
        said = await (await press(env.ann, dream, WITHDRAW)).result()
        assert "no longer in the gallery" in said.content
        await dream.until(lambda now: SHARE in now.buttons)
        await (await mod.slash("unblock", channel=env.channel, person=env.ann)).result()

        await share(env.ann, dream)
        page = await (await env.ann.slash("privacy", channel=env.channel)).result()
        await env.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await env.ann.press(page, "Delete my data")
        await page.until(lambda now: now.content.startswith("Done."))
        await withdrawn(bot, [], site)
        said = await (await press(env.ann, dream, WITHDRAW)).result()
        assert "no longer in the gallery" in said.content
        await dream.until(lambda now: WITHDRAW not in now.buttons and SHARE not in now.buttons)
        assert "Again" in dream.buttons


async def test_moderators_decide_whether_dreams_of_their_server_are_shared(
    env: BotEnvironment, site: Site
) -> None:
    boss = env.guild.add_member("mia", permissions=Permission.MANAGE_GUILD)
    elsewhere = env.sandbox.add_guild("elsewhere")
    channel, eve = elsewhere.add_channel("memes"), elsewhere.add_member("eve")
    allowed, forbidden = "Sharing: allowed", "Sharing: not allowed"
    async with env.bot():
        page = await (await boss.slash("settings", channel=env.channel)).result()
        assert allowed not in page.buttons
    async with env.bot(**site.settings) as bot:
        dream, later = await dreamed(env), await dreamed(env)
        await (await env.ann.press(later, "More…")).acknowledged()
        await later.until(lambda now: SHARE in now.buttons)
        await share(env.ann, dream)
        media = await site.media((await only_shared(bot)).id)
        await share(eve, await dreamed(env, eve, channel))
        page = await (await boss.slash("settings", channel=env.channel)).result()
        await boss.press(page, allowed)
        await page.until(lambda now: forbidden in now.buttons)
        assert (await only_shared(bot)).owner == eve.id
        assert {(await site.get(one))[0] for one in media} == {404}
        # The buttons that were there before.
        assert "no longer in the gallery" in (await (await press(env.ann, dream, WITHDRAW)).result()).content
        await dream.until(lambda now: WITHDRAW not in now.buttons and SHARE not in now.buttons)
        answer = await (await env.ann.press(later, SHARE)).result()
        assert "moderators of this server" in answer.content
        await later.until(lambda now: SHARE not in now.buttons)
        # And those of new dreams.
        clip = await of_command(env, "hellscape", seconds=1)
        assert SHARE not in clip.buttons
        await boss.press(page, forbidden)
        await page.until(lambda now: allowed in now.buttons)
        await (await env.ann.press(dream, "Less")).acknowledged()
        await dream.until(lambda now: "More…" in now.buttons)
        await share(env.ann, dream)
        assert await bot.services.gallery.count() == 2


async def test_stars_are_not_looked_up_where_there_is_no_gallery(env: BotEnvironment, site: Site) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        statements: list[str] = []
        with recorded(bot, statements):
            await env.bob.react(dream, "⭐")
            await env.bob.unreact(dream, "⭐")
            await env.events_handled()
        assert [one for one in statements if "gallery" in one] == []
    async with env.bot(**site.settings) as bot:
        with recorded(bot, statements):
            await env.bob.react(dream, "⭐")
            await env.events_handled()
        assert [one for one in statements if "gallery" in one]


async def test_a_dream_that_cannot_be_checked_after_it_was_copied_is_not_shared(
    env: BotEnvironment, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot(**site.settings) as bot:
        dream, gallery = await dreamed(env), bot.services.gallery
        store = gallery.share

        async def then_discord_fails(shared: SharedDream, files: Mapping[str, bytes]) -> SharedDream:
            stored = await store(shared, files)
            env.sandbox.faults.plan(50035, "GET", rf"/messages/{dream.id}$")
            return stored

        monkeypatch.setattr(gallery, "share", then_discord_fails)
        assert "Shared" not in (await share(env.ann, dream)).content
        assert await gallery.count() == 0


async def test_what_was_deleted_while_the_bot_was_offline_is_withdrawn(
    env: BotEnvironment, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_deletions, "INTERVAL_S", 0.0)
    mod = env.guild.add_member("mod", permissions=Permission.MANAGE_MESSAGES)
    left, elsewhere = env.sandbox.add_guild("left"), env.sandbox.add_guild("elsewhere")
    dan, eve = left.add_member("dan"), elsewhere.add_member("eve")
    async with env.bot(**site.settings) as bot:
        posted = [await env.ann.post(env.channel, files=[PICTURE]) for _ in range(3)]
        dreams = [await of_menu(env, "Dream this", picture) for picture in posted]
        closed, restricted = env.guild.add_channel("closed"), env.guild.add_channel("restricted")
        dreams += [await dreamed(env, where=channel) for channel in (closed, restricted)]
        for dream in dreams:
            await share(env.ann, dream)
        await share(dan, await dreamed(env, dan, left.add_channel("memes")))
        # The newest is looked at first.
        await share(eve, await dreamed(env, eve, elsewhere.add_channel("memes")))
        assert await bot.services.gallery.count() == 7
    await mod.delete(dreams[0])
    await env.ann.delete(posted[1])
    posted[2].model.attachments[0].flags |= EXPLICIT
    closed.delete()
    restricted.model.nsfw = True
    left.remove_bot()
    async with env.bot(**site.settings) as bot:

        async def withdrawn_but_one() -> bool:
            return await bot.services.gallery.count() == 1

        await until(withdrawn_but_one)
        assert (await only_shared(bot)).owner == eve.id


@contextmanager
def recorded(bot: RunningBot, statements: list[str]) -> Iterator[None]:
    """Records the SQL of a bot."""

    def record(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    engine = bot.services.store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", record)
    yield
    event.remove(engine, "before_cursor_execute", record)
