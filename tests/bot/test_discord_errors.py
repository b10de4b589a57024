"""Whatever Discord refuses, and whatever people type: what was lost is said, and the bot goes on."""

import asyncio
import functools
from collections.abc import Callable

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, is_dream, noise_png
from tests.bot.test_history import select, texts
from tests.bot.test_variation_buttons import dreamed, pressed

CALLBACK = "/interactions/.*/callback"
MESSAGES = "/channels/.*/messages"
RIGHT_TO_LEFT, NOTHING_WIDE = "\u202e", "\u200b"


def mine(stage: BotEnvironment) -> list[MessageHandle]:
    """What the bot said in the channel."""
    return [one for one in stage.channel.messages if one.author_id == stage.sandbox.bot_id]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER])
async def test_an_acknowledgement_lost_on_the_way_is_made_up_for(stage: BotEnvironment, fault: Fault) -> None:
    async with stage.bot():
        stage.sandbox.faults.plan(fault, "POST", CALLBACK)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        done = await stage.dreamed(await asked.response())
        stage.sandbox.faults.plan(fault, "POST", CALLBACK)
        assert await pressed(stage, stage.bob, done, "Deeper")


async def test_no_access_no_leave_archived_locked_or_closed(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        for code in (50001, 50013, 50083, 160005, 50007, 10003):
            before = refusals(stage)
            stage.sandbox.faults.plan(code, "POST", MESSAGES, times=50)
            await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", files=[noise_png()])
            await until(functools.partial(has_refused, stage, before + 1))
            await life.idle()
            stage.sandbox.faults.clear()
        assert not mine(stage)
        assert await dreamed(stage)


async def test_a_closed_conversation_ends_the_job(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    direct = stage.ann.dm_channel()
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=direct, image=noise_png())
        await asked.result()
        stage.ann.refuse_direct_messages()
        stage.sandbox.clock.advance(16 * 60)
        await life.idle()
        assert not await life.services.job_history.dreams(stage.ann.id)
    assert not [one for one in direct.messages if is_dream(one)]


async def test_who_is_timed_out_meanwhile_still_gets_their_dream(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        message = await asked.result()
        stage.guild.time_out(stage.ann)
        stage.guild.time_out()
        assert await stage.dreamed(message)


async def test_presses_that_come_to_nothing_leave_the_bot_at_work(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, stage.ann, first, "Deeper")
        before = len(mine(stage))
        for code in (10062, 40060):
            for button in ("Deeper", "Layer…", "Undo", "Compare", "🗑️"):
                stage.sandbox.faults.plan(code, "POST", CALLBACK)
                await stage.ann.press(second, button)
                await until(lambda: not stage.sandbox.faults.remaining)
        # The message went while the press was on its way.
        sure = await (await stage.ann.press(second, "🗑️")).result()
        stage.sandbox.faults.plan(10008, "DELETE", MESSAGES)
        await stage.ann.press(sure, "Delete")
        await until(lambda: not stage.sandbox.faults.remaining)
        stage.sandbox.faults.plan(Fault.TOO_LARGE, "PATCH", "@original")
        told = await (await stage.ann.press(second, "Undo")).follow_up()
        assert "not even a small one" in told.content
        assert len([one for one in mine(stage) if not one.ephemeral]) == before
        assert await pressed(stage, stage.bob, second, "Deeper")


async def test_names_and_words_of_people_do_no_harm(stage: BotEnvironment) -> None:
    name = f"@everyone **{stage.bob.mention}** {RIGHT_TO_LEFT}gnp.{NOTHING_WIDE}x.png"
    async with stage.bot() as life:
        posted = await stage.bob.post(stage.channel, files=[Upload(name, noise_png())])
        asked = await stage.ann.menu("Dream this", posted)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        assert "everyone" not in done.content
        assert not {RIGHT_TO_LEFT, NOTHING_WIDE} & set(done.content)
        history = await (await stage.ann.slash("history", channel=stage.channel)).result()
        await stage.ann.choose(
            history, select(history)["custom_id"], [select(history)["options"][0]["value"]]
        )
        await history.until(lambda now: "gnp" in texts(now))
        assert RIGHT_TO_LEFT not in texts(history)
        assert "**<" not in texts(history)
        layer = f"@everyone {stage.bob.mention} ```x``` {RIGHT_TO_LEFT}"
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), layer=layer)
        told = await asked.follow_up()
        assert told.ephemeral
        assert not told.json["mentions"]
        assert not told.json["mention_everyone"]


SAID = {
    200000: "AutoMod did not let",
    200001: "AutoMod did not let",
    240000: "AutoMod did not let",
    50035: "error 50035",
    50083: "archived or locked",
    160005: "archived or locked",
    50001: "no longer post",
    30046: "error 30046",
    50024: "error 50024",
    20009: "error 20009",
    99999: "error 99999",
}
"""What is said of Discord's refusals; those of the future among them."""


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The messages that were logged with a traceback."""
    return [record.getMessage() for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("code", SAID)
async def test_what_discord_refuses_is_said_in_a_sentence(
    stage: BotEnvironment, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        stage.sandbox.faults.plan(code, "PATCH", "@original", times=50)
        asked = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        # Where not even the progress got through, the answer itself says it.
        assert SAID[code] in (await asked.result()).content
        for asked in (
            await stage.bob.press(first, "Compare"),
            await stage.bob.slash("history", channel=stage.channel),
        ):
            told = await asked.result()
            assert SAID[code] in told.content
            assert told.ephemeral
        stage.sandbox.faults.clear()
        stage.sandbox.faults.plan(code, "POST", CALLBACK)
        told = await (await stage.bob.slash("about", channel=stage.channel)).response()
        assert SAID[code] in told.content
        assert await dreamed(stage)
    assert not tracebacks(caplog)
    assert [one for one in caplog.records if str(code) in one.getMessage()]


@pytest.mark.parametrize("code", SAID)
async def test_a_reply_that_discord_refuses_is_one_line_in_the_log(
    stage: BotEnvironment, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    edits = functools.partial(stage.sandbox.requests.of, "PATCH", "/messages")
    async with stage.bot() as life:
        stage.sandbox.faults.plan(code, "POST", MESSAGES, times=50)
        await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", files=[noise_png()])
        await until(functools.partial(has_refused, stage, 1))
        await life.idle()
        stage.sandbox.faults.clear()
        assert not mine(stage)
        # The progress goes out, and then no edit does: another reply says why.
        stage.sandbox.faults.plan(code, "PATCH", MESSAGES, times=50)
        asked = await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", files=[noise_png()])
        if code not in UNREACHABLE:
            told = await stage.channel.wait_for_message(lambda one: SAID[code] in one.content)
            assert told.replies_to == asked.id
            await until(lambda: [one.id for one in mine(stage)] == [told.id])
        else:
            await until(lambda: 400 in {(one.status or 0) // 100 * 100 for one in edits()})
        await life.idle()
    assert not tracebacks(caplog)


UNREACHABLE = {50001, 50083, 160005}
"""Where nothing can be posted any more."""


def refusals(stage: BotEnvironment) -> int:
    """How many messages Discord did not take."""
    sent = stage.sandbox.requests.matching("POST", "/messages")
    return len([one for one in sent if (one.status or 0) >= 400])


def has_refused(stage: BotEnvironment, times: int) -> bool:
    """Whether Discord did not take so many."""
    return refusals(stage) >= times


async def until(look: Callable[[], bool]) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(100):
        while not look():  # noqa: ASYNC110 - the sandbox tells of no such thing
            await asyncio.sleep(0.02)
