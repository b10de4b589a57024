"""/help, /about and /stats."""

from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import BotEnvironment, noise_png


async def _told(env: BotEnvironment, command: str, *, direct: bool = False) -> MessageHandle:
    channel = env.ann.dm_channel() if direct else env.channel
    message = await (await env.ann.slash(command, channel=channel)).result()
    assert message.ephemeral
    return message


def _read(message: MessageHandle) -> str:
    """Joins the texts of a message made of components."""
    return "\n".join(part["content"] for part in message.components if "content" in part)


async def test_help_shows_pictures_and_few_words(env: BotEnvironment) -> None:
    async with env.bot():
        reply = await _told(env, "help")
        again = await _told(env, "help", direct=True)
    shown = [part["items"][0] for part in reply.components if "items" in part]
    assert [file.filename for file in reply.attachments] == ["first.jpg", "looks.jpg", "more.jpg"]
    assert len(shown) == 3
    assert all(item["description"] for item in shown)
    assert sum(len(file.data) for file in reply.attachments) < 400_000
    assert "Dream this" in _read(reply)
    assert len(_read(reply)) < 800
    [dream] = [one for one in env.sandbox.world.application.commands.values() if one["name"] == "dream"]
    assert f"</dream:{dream['id']}>" in _read(reply)
    assert _read(again) == _read(reply)


async def test_help_comes_without_links_too(env: BotEnvironment) -> None:
    async with env.bot():
        env.sandbox.faults.plan(50001, "GET", "/commands")
        reply = await _told(env, "help")
    assert "`/dream`" in _read(reply)
    assert len(reply.attachments) == 3


async def test_about_names_the_networks_their_authors_and_licences(env: BotEnvironment) -> None:
    async with env.bot(source_url="https://example.org/dreambot"):
        reply = await _told(env, "about")
    [embed] = reply.embeds
    fields = {field["name"]: field["value"] for field in embed["fields"]}
    assert "Szegedy" in fields["inception_v3"]
    assert "BSD-3-Clause" in fields["vgg16"]
    assert embed["title"].startswith("dreambot ")
    links = {label: button["url"] for label, button in reply.buttons.items()}
    assert links["Source code"] == "https://example.org/dreambot"
    assert f"client_id={env.sandbox.bot_id}" in links["Add me to a server"]


async def test_stats_count_the_server_and_the_user(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        assert "Nothing was dreamed here yet" in (await _told(env, "stats")).content
        for user, more in ((env.ann, {"layer": "mixed5"}), (env.bob, {"preset": "eyes"})):
            interaction = await user.slash("dream", channel=env.channel, image=noise_png(), options=more)
            await env.dreamed(await interaction.response())
        await bot.idle()
        here = (await _told(env, "stats")).content
        own = (await _told(env, "stats", direct=True)).content
    assert "**2** dreams" in here
    assert "- `mixed5`: dogs, fur, tartan, webs · 1×" in here
    assert "- `eyes`: eyes wherever there is room for one · 1×" in here
    assert "**One** of them is yours" in here
    assert "You have dreamed **once**" in own


async def test_stats_name_summoned_classes(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        for what in ("goldfish", "goldfish", "jellyfish + goldfish", "mixed4[68]"):
            interaction = await env.ann.slash("summon", channel=env.channel, what=what)
            await env.dreamed(await interaction.response())
        await bot.idle()
        here = (await _told(env, "stats")).content
    assert "**Summoned most often**\n- goldfish · 3×\n- jellyfish · 1×" in here
    assert "classes" not in here
    assert "- `mixed4`: eyes, primate faces, fur · 1×" in here
