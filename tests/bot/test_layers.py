"""/layers: turning the pages, choosing a layer, dreaming with it."""

from dreambot.bot.pages.layers import layer_page
from dreambot.i18n import translator_for
from dreambot.recipe import LAYERS
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import BotEnvironment, noise_png


def text(message: MessageHandle) -> str:
    """Joins all texts of a page."""

    def walk(components: list[dict[str, object]]) -> list[str]:
        found = []
        for one in components:
            inner = one.get("components", [])
            assert isinstance(inner, list)
            found += [str(one["content"])] if one.get("type") == 10 else walk(inner)
        return found

    return "\n".join(walk(message.components))


async def test_turn_pages_choose_a_layer_and_dream_the_newest_image(env: BotEnvironment) -> None:
    await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot() as bot:
        page = await (await env.ann.slash("layers", channel=env.channel)).result()
        assert page.ephemeral
        assert "mixed0" in text(page)
        assert "mazes" in text(page)
        assert "mixed6" not in text(page)
        assert {file.filename for file in page.attachments} >= {"inception_v3-mixed0.jpg"}

        await env.ann.press(page, "▶")
        await page.until(lambda now: "mixed6" in text(now) and "mixed0" not in text(now))
        await env.ann.press(page, "◀")
        await page.until(lambda now: "mixed0" in text(now))

        await env.ann.choose(page, "layers:pick", ["inception_v3-mixed6"])
        await page.until(lambda now: [one.filename for one in now.attachments] == ["inception_v3-mixed6.jpg"])
        assert "dog heads" in text(page)
        pressed = await env.ann.press(page, "Dream the newest picture with it")
        done = await env.dreamed(await pressed.response())
        await bot.idle()
        assert not done.ephemeral
        assert "layer:mixed6" in done.content

        await env.ann.press(page, "Back")
        await page.until(lambda now: "mixed5" in text(now))


async def test_other_networks(env: BotEnvironment) -> None:
    await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot():
        page = await (await env.ann.slash("layers", channel=env.channel)).result()
        await env.ann.choose(page, "layers:model", ["vgg16-0"])
        await page.until(lambda now: "What vgg16 dreams" in text(now))
        await env.ann.choose(page, "layers:pick", ["vgg16-conv4_3"])
        await page.until(lambda now: "conv4_3" in text(now) and "conv3_1" not in text(now))
        pressed = await env.ann.press(page, "Dream the newest picture with it")
        done = await env.dreamed(await pressed.response())
    assert "model:vgg16 layer:conv4_3" in done.content


async def test_pages_work_after_a_restart(env: BotEnvironment) -> None:
    async with env.bot():
        page = await (await env.ann.slash("layers", channel=env.channel)).result()
    async with env.bot():
        await env.ann.press(page, "▶")
        await page.until(lambda now: "mixed6" in text(now))


async def test_an_unknown_network(env: BotEnvironment) -> None:
    async with env.bot():
        reply = await (await env.ann.slash("layers", channel=env.channel, model="skynet")).result()
    assert "no network called" in reply.content


def test_pages_speak_the_readers_language_and_carry_a_picture_of_every_layer() -> None:
    for model in ("inception_v3", "vgg16", "mobilenet_v2", "faces", "writing"):
        for layer in LAYERS[model]:
            if layer.offered:
                page = layer_page(model, layer.name, translator_for("de"))
                assert [file.filename for file in page.files] == [f"{model}-{layer.name}.jpg"]
                assert "Das neueste Bild damit träumen" in str(page.view.to_components())
