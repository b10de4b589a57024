"""The page on which moderators set what the bot may do in their server."""

import pytest

from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import GuildSettings
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.models import Overwrite
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, noise_png


@pytest.fixture
def boss(env: BotEnvironment) -> UserHandle:
    return env.guild.add_member("mia", permissions=Permission.MANAGE_GUILD)


async def _open(env: BotEnvironment, boss: UserHandle) -> MessageHandle:
    page = await (await boss.slash("settings", channel=env.channel)).result()
    assert page.ephemeral
    return page


async def _stored(env: BotEnvironment, bot: RunningBot) -> GuildSettings:
    return await bot.services.guild_store.guild(env.guild.id)


def _shown(page: MessageHandle, custom_id: str) -> list[str]:
    """Reads the selected value of a menu."""
    select = page.selects[custom_id]
    if "options" in select:
        return [option["value"] for option in select["options"] if option.get("default")]
    return [str(one["id"]) for one in select.get("default_values", [])]


async def test_only_those_who_manage_the_server_open_it(env: BotEnvironment) -> None:
    async with env.bot():
        with pytest.raises(RejectedByClient):
            await env.ann.slash("settings", channel=env.channel)


async def test_every_change_is_kept_and_shown_at_once(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot() as bot:
        page = await _open(env, boss)
        await (await boss.choose(page, "settings:intensity", ["7"])).acknowledged()
        await page.until(lambda now: _shown(now, "settings:intensity") == ["7"])
        await boss.choose(page, "settings:language", ["ja"])
        await page.until(lambda now: _shown(now, "settings:language") == ["ja"])
        await boss.choose(page, "settings:deleters", ["everyone"])
        await page.until(lambda now: _shown(now, "settings:deleters") == ["everyone"])
        await boss.press(page, "Corrupted captions: on")
        await page.until(lambda now: "Corrupted captions: off" in now.buttons)
        await boss.press(page, "Previews: on")
        await page.until(lambda now: "Previews: off" in now.buttons)
        await boss.choose(page, "settings:channels", [env.channel])
        await page.until(lambda now: _shown(now, "settings:channels") == [str(env.channel.id)])
        assert await _stored(env, bot) == GuildSettings(
            channels=(env.channel.id,),
            intensity=7,
            captions=False,
            previews=False,
            language="ja",
            deleters="everyone",
        )


async def test_the_limits_of_a_role_are_entered_in_a_form(env: BotEnvironment, boss: UserHandle) -> None:
    role = env.guild.add_role("fans")
    async with env.bot() as bot:
        page = await _open(env, boss)
        interaction = await boss.choose(page, "settings:role", [role])
        await boss.submit(interaction, {"pictures_a_day": "5", "seconds": "2,5"})
        await page.until(lambda now: "5 dreams a day · videos up to 2.5 s" in now.text)
        everyone = await boss.press(page, "Everyone…")
        await boss.submit(everyone, {"pictures_a_day": "0"})
        await page.until(lambda now: "no dreams" in now.text)
        settings = await _stored(env, bot)
        assert settings.limits([role.id]).pictures_a_day == 5
        assert settings.limits([]).pictures_a_day == 0
        await boss.choose(page, "settings:remove", [str(role.id)])
        await page.until(lambda now: "settings:remove" not in now.selects)
        assert (await _stored(env, bot)).roles == {}


async def test_texts_that_are_no_numbers_are_reported(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot() as bot:
        page = await _open(env, boss)
        sent = await boss.submit(await boss.press(page, "Everyone…"), {"pictures_a_day": "many"})
        reply = await sent.result()
        assert reply.ephemeral
        assert "0 to 10000" in reply.content
        assert await _stored(env, bot) == GuildSettings()


async def test_auto_dream_is_chosen_from_menus(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot() as bot:
        page = await _open(env, boss)
        await boss.press(page, "Change…")
        await page.until(lambda now: "settings:auto-chance" in now.selects)
        for field, value in (
            ("chance", "25"),
            ("trigger", "reaction"),
            ("look", "roulette"),
            ("cooldown", "300"),
            ("hourly", "5"),
        ):
            await boss.choose(page, f"settings:auto-{field}", [value])
            await page.until(lambda now, f=field, v=value: _shown(now, f"settings:auto-{f}") == [v])
        await boss.press(page, "Back")
        await page.until(lambda now: "👁️" in now.text)
        rules = await bot.services.guild_store.autodream(env.channel.id)
        assert rules == AutoDreamSettings(
            chance=0.25, trigger="reaction", look="roulette", cooldown=300, hourly=5
        )


async def test_a_page_works_after_a_restart(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot():
        page = await _open(env, boss)
    async with env.bot() as bot:
        await boss.choose(page, "settings:intensity", ["3"])
        await page.until(lambda now: _shown(now, "settings:intensity") == ["3"])
        assert (await _stored(env, bot)).intensity == 3


async def test_former_moderators_cannot_change_settings(env: BotEnvironment) -> None:
    role = env.guild.add_role("boss", permissions=Permission.MANAGE_GUILD)
    role.give(env.ann)
    async with env.bot() as bot:
        page = await _open(env, env.ann)
        role.take(env.ann)
        reply = await (await env.ann.choose(page, "settings:intensity", ["3"])).result()
        assert "moderators" in reply.content
        assert reply.ephemeral
        assert await _stored(env, bot) == GuildSettings()


async def test_missing_permissions_are_named(env: BotEnvironment, boss: UserHandle) -> None:
    quiet = env.guild.add_channel("quiet")
    quiet.revoke(Permission.ATTACH_FILES)
    async with env.bot():
        page = await _open(env, boss)
        await boss.choose(page, "settings:channels", [quiet])
        await page.until(lambda now: f"<#{quiet.id}>" in now.text and "Attach Files" in now.text)


async def test_the_permissions_that_discord_states_with_a_choice_count(
    env: BotEnvironment, boss: UserHandle
) -> None:
    async with env.bot():
        page = await _open(env, boss)
        # The gateway says nothing of this change.
        env.channel.model.overwrites[env.guild.id] = Overwrite(env.guild.id, 0, deny=Permission.SEND_MESSAGES)
        await boss.choose(page, "settings:channels", [env.channel])
        await page.until(lambda now: f"<#{env.channel.id}>" in now.text and "Send Messages" in now.text)


async def test_a_deleted_channel_does_not_break_the_page(env: BotEnvironment, boss: UserHandle) -> None:
    doomed = env.guild.add_channel("doomed")
    async with env.bot():
        page = await _open(env, boss)
        await boss.choose(page, "settings:channels", [doomed])
        await page.until(lambda now: _shown(now, "settings:channels"))
        doomed.delete()
        again = await _open(env, boss)
        assert _shown(again, "settings:channels") == []


async def test_changes_are_reported_in_the_log_channel(env: BotEnvironment, boss: UserHandle) -> None:
    staff = env.guild.add_channel("staff")
    async with env.bot():
        page = await _open(env, boss)
        await boss.choose(page, "settings:log", [staff])
        reply = await staff.wait_for_message()
        assert boss.mention in reply.content
        await page.until(lambda now: _shown(now, "settings:log") == [str(staff.id)])


async def test_other_channels_are_refused_with_the_allowed_ones(
    env: BotEnvironment, boss: UserHandle
) -> None:
    other = env.guild.add_channel("serious")
    async with env.bot():
        page = await _open(env, boss)
        await boss.choose(page, "settings:channels", [env.channel])
        await page.until(lambda now: _shown(now, "settings:channels"))
        interaction = await env.ann.slash("dream", channel=other, image=noise_png())
        reply = await interaction.follow_up()
        assert reply.ephemeral
        assert f"<#{env.channel.id}>" in reply.content
