"""Looks with a name: saved, used, listed, deleted, and as defaults."""

import asyncio
import io
import json

import pytest

from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.recipe import Recipe
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, noise_png


@pytest.fixture
def boss(env: BotEnvironment) -> UserHandle:
    return env.guild.add_member("mia", permissions=Permission.MANAGE_GUILD | Permission.MANAGE_CHANNELS)


async def _dream(env: BotEnvironment, user: UserHandle, **options: object) -> MessageHandle:
    sent = await user.slash("dream", channel=env.channel, options={"image": noise_png(), **options})
    return await env.dreamed(await sent.response())


async def _say(env: BotEnvironment, user: UserHandle, command: str, **options: object) -> str:
    sent = await user.slash(f"look {command}", channel=env.channel, options=options)
    await sent.acknowledged()
    reply = await sent.result()
    if not reply.text:
        reply = await sent.follow_up()
    assert reply.ephemeral
    return reply.text


async def _last(bot: RunningBot, user: UserHandle, count: int = 1) -> Recipe:
    """Loads the recipe of a user's last dream, once there are `count`."""
    await bot.idle()
    async with asyncio.timeout(60):
        while len(dreams := await bot.services.job_history.dreams(user.id)) < count:  # noqa: ASYNC110 - no events
            await asyncio.sleep(0.05)
    recipe = dreams[0].recipe
    assert recipe
    return recipe


async def test_a_look_is_saved_and_used_wherever_a_preset_is(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await _dream(env, env.ann, layer="mixed4[68]", intensity=9, seed=3)
        assert "/dream preset:blue hell" in await _say(env, env.ann, "save", name="blue hell")
        look = await _last(bot, env.ann)
        await _dream(env, env.ann, preset="Blue Hell")
        by_command = await _last(bot, env.ann)
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> blue hell, 4", files=[noise_png(300, 300)])
        by_mention = await _last(bot, env.ann, 3)
        form = await env.ann.menu("Dream settings…", await env.ann.post(env.channel, files=[noise_png()]))
        await env.ann.submit(form, {"preset": "blue hell"})
        by_form = await _last(bot, env.ann, 4)
        direct = env.ann.dm_channel()
        await env.ann.post(direct, "preset: Blue hell", files=[noise_png()])
        by_message = await _last(bot, env.ann, 5)
        menus = await (await env.ann.press(await _dream(env, env.bob), "Layer…")).response()
        await env.ann.choose(menus, menus.components[2]["components"][0]["custom_id"], ["preset blue hell"])
        by_menu = await _last(bot, env.ann, 6)
        menus_of_others = await (await env.bob.press(await _dream(env, env.ann), "Layer…")).response()
        choices = await env.ann.autocomplete("dream", "preset", "", channel=env.channel)
        others = await env.bob.autocomplete("dream", "preset", "hell", channel=env.channel)
    assert {one.layers for one in (by_command, by_mention, by_form, by_message, by_menu)} == {look.layers}
    assert by_command.step == look.step
    assert by_command.seed != look.seed
    assert by_mention.intensity == 4
    assert (by_mention.width, by_mention.height) == (300, 300)
    assert choices[0] == {"name": "blue hell · your look", "value": "blue hell"}
    assert len(choices) == 25
    assert len(menus_of_others.components) == 2
    assert "blue hell" not in [one["value"] for one in others]


async def test_unknown_and_unusable_names(env: BotEnvironment) -> None:
    async with env.bot():
        assert "no dream in this channel" in await _say(env, env.ann, "save", name="mine")
        await _dream(env, env.ann)
        assert "already means" in await _say(env, env.ann, "save", name="eyes")
        assert "1 to 24" in await _say(env, env.ann, "save", name="x" * 25)
        await _say(env, env.ann, "save", name="deep sea")
        sent = await env.ann.slash("dream", channel=env.channel, image=noise_png(), preset="deep see")
        assert "did you mean deep sea" in (await sent.follow_up()).content
        sent = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), preset="deep sea", layer="mixed5"
        )
        assert "Leave out `layer`" in (await sent.follow_up()).content
        assert "deep sea" in await _say(env, env.ann, "delete", name="dep sea")
        assert "deleted" in await _say(env, env.ann, "delete", name="Deep Sea")
        assert "no saved looks" in await _say(env, env.ann, "delete", name="deep sea")


async def test_the_servers_looks_are_the_moderators(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot() as bot:
        result = await _dream(env, env.ann, layer="mixed3", intensity=9)
        link = f"https://discord.com/channels/{env.guild.id}/{env.channel.id}/{result.id}"
        assert "moderators" in await _say(env, env.ann, "save", name="ours", server=True)
        await _say(env, boss, "save", name="ours", server=True, link=link)
        for count in range(12):
            await _say(env, boss, "save", name=f"number {count}", server=True, recipe="layer:mixed5 seed:3")
        sent = await env.bob.slash("look list", channel=env.channel)
        page = await sent.result()
        assert "number 11" in page.text
        assert "ours" not in page.text
        await env.bob.press(page, "▶")
        await page.until(lambda now: "ours" in now.text)
        await _dream(env, env.bob, preset="ours")
        assert [one.layer for one in (await _last(bot, env.bob)).layers] == ["mixed3"]
        # A look is as loud as its dream was.
        settings = await bot.services.guild_store.guild(env.guild.id)
        await bot.services.guild_store.set_guild(env.guild.id, settings.model_copy(update={"intensity": 5}))
        sent = await env.bob.slash("dream", channel=env.channel, image=noise_png(), preset="ours")
        assert "5" in (await sent.follow_up()).content
        await _say(env, boss, "default", name="ours", channel=True)
        await _dream(env, env.bob)
        assert (await _last(bot, env.bob)).intensity == 5
        rules = AutoDreamSettings(chance=1.0, look="fixed", preset="ours")
        await bot.services.guild_store.set_autodream(env.channel.id, rules)
        await env.ann.post(env.channel, files=[noise_png(seed=5)])
        await _last(bot, env.ann, 2)
        [auto] = await bot.services.job_history.dreams(env.ann.id, most=1)
        assert auto.recipe
        assert (auto.recipe.layers[0].layer, auto.recipe.intensity) == ("mixed3", 5)
        env.guild.remove_bot()
        await env.events_handled()
        assert await bot.services.guild_store.looks.names(None, env.guild.id) == []


async def test_a_default_look_is_named_below_the_dream(env: BotEnvironment, boss: UserHandle) -> None:
    async with env.bot() as bot:
        await _say(env, boss, "default", name="fur", channel=True)
        first = await _dream(env, env.ann)
        assert "this channel's default look" in first.content
        assert (await _last(bot, env.ann)).preset == "fur"
        await _say(env, env.ann, "default", name="eyes")
        await env.ann.menu("Dream this", await env.ann.post(env.channel, files=[noise_png()]))
        assert (await _last(bot, env.ann, 2)).preset == "eyes"
        named = await _dream(env, env.ann, layer="mixed5")
        assert "default look" not in named.content
        pressed = await (await env.ann.press(first, "Again")).response()
        assert "default look" not in (await env.dreamed(pressed)).content
        assert (await _last(bot, env.ann)).preset == "fur"
        await _say(env, env.ann, "default")
        await _say(env, boss, "default", channel=True)
        assert "default look" not in (await _dream(env, env.ann)).content
        assert "no preset called “zzz”" in await _say(env, boss, "default", name="zzz", channel=True)
        assert "moderators" in await _say(env, env.ann, "default", name="fur", channel=True)


async def test_the_look_of_a_hellscape(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        sent = await env.ann.slash("hellscape", channel=env.channel, seconds=1, layer="mixed3 > mixed4")
        await env.dreamed(await sent.response())
        assert "/hellscape preset:falls" in await _say(env, env.ann, "save", name="falls")
        first = await _last(bot, env.ann)
        sent = await env.ann.slash("hellscape", channel=env.channel, preset="falls")
        await env.dreamed(await sent.response())
        again = await _last(bot, env.ann)
        sent = await env.ann.slash("dream", channel=env.channel, preset="falls", image=noise_png())
        assert "look of a video" in (await sent.follow_up()).content
        assert "look of a video" in await _say(env, env.ann, "default", name="falls")
        still = await env.ann.autocomplete("dream", "preset", "falls", channel=env.channel)
        moving = await env.ann.autocomplete("hellscape", "preset", "falls", channel=env.channel)
        assert ([one["value"] for one in still], [one["value"] for one in moving]) == ([], ["falls"])
    assert again.legs == first.legs
    assert again.seed != first.seed


async def test_looks_are_personal_data(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await _dream(env, env.ann, layer="mixed4")
        await _say(env, env.ann, "save", name="mine")
        await _say(env, env.ann, "default", name="mine")
        page = await (await env.ann.slash("privacy", channel=env.channel)).result()
        exported = await (await env.ann.press(page, "Save my data")).result()
        data = json.load(io.BytesIO(exported.attachments[0].data))
        assert [one["name"] for one in data["looks"]] == ["mine"]
        assert data["settings"]["look"] == "mine"
        await env.ann.press(page, "Delete my data…")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await env.ann.press(page, "Delete my data")
        await page.until(lambda now: "Done" in now.content)
        assert await bot.services.guild_store.looks.names(env.ann.id, None) == []
        assert (await bot.services.guild_store.person(env.ann.id)).look is None
