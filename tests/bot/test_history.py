"""`/history`: one's dreams, and what each came from."""

from typing import Any

from dreambot.sandbox.driver.handles import MessageHandle
from dreambot.sandbox.model import Json
from tests.bot.support import Scene, picture
from tests.bot.test_buttons import dreamed, pressed


def texts(message: MessageHandle) -> str:
    """All that a page says."""
    return "\n".join(one["content"] for one in _every(message.components) if one["type"] == 10)


def select(message: MessageHandle) -> Json:
    """The page's menu."""
    return next(one for one in _every(message.components) if one["type"] == 3)


def _every(components: list[Json]) -> list[Any]:
    return [one for top in components for one in (top, *_every(top.get("components", [])))]


async def test_a_dreams_line_leads_back_to_its_picture(stage: Scene) -> None:
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


async def test_pages_are_turned_and_what_is_forged_leads_nowhere(stage: Scene) -> None:
    async with stage.bot() as life:
        nothing = await (await stage.bob.slash("history", channel=stage.channel)).result()
        assert "not dreamed here yet" in texts(nothing)
        first = await dreamed(stage, "mixed4")
        await life.idle()
        job = await life.services.lineage.of_result(first.id)
        assert job
        await dreamed(stage, "mixed5")
        alone = await (await stage.ann.slash("history", channel=stage.ann.direct())).result()
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
        assert "not a dream of yours" in told.content


async def test_many_dreams_fill_several_pages(stage: Scene) -> None:
    async with stage.bot() as life:
        for number in range(9):
            asked = await stage.ann.slash("dream", channel=stage.channel, image=picture(), seed=number)
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
