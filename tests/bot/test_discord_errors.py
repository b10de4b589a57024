"""Discord refuses requests, and users type anything: the loss is reported, and the bot continues."""

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.messages import Upload
from tests.bot.support import (
    BotEnvironment,
    is_dream,
    noise_png,
    press,
)
from tests.bot.test_history import select, texts
from tests.bot.test_variation_buttons import dreamed, pressed
from tests.support.fake_engine import hold, release

CALLBACK = "/interactions/.*/callback"
MESSAGES = "/channels/.*/messages"
RIGHT_TO_LEFT, NOTHING_WIDE = "\u202e", "\u200b"


def mine(env: BotEnvironment) -> list[MessageHandle]:
    """Lists the bot's messages in the channel."""
    return [one for one in env.channel.messages if one.author_id == env.sandbox.bot_id]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER])
async def test_a_lost_acknowledgement_is_repeated(env: BotEnvironment, fault: Fault) -> None:
    async with env.bot():
        env.sandbox.faults.plan(fault, "POST", CALLBACK)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        done = await env.dreamed(await interaction.response())
        env.sandbox.faults.plan(fault, "POST", CALLBACK)
        assert await pressed(env, env.bob, done, "Deeper")


async def test_every_kind_of_closed_channel(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        for code in (50001, 50013, 50083, 160005, 50007, 10003):
            before = refusals(env)
            env.sandbox.faults.plan(code, "POST", MESSAGES, times=50)
            await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
            await until(functools.partial(has_refused, env, before + 1))
            await bot.idle()
            env.sandbox.faults.clear()
        assert not mine(env)
        assert await dreamed(env)


async def test_a_closed_conversation_ends_the_job(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    direct = env.ann.dm_channel()
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=direct, image=noise_png())
        await interaction.result()
        env.ann.refuse_direct_messages()
        env.sandbox.clock.advance(16 * 60)
        release(tmp_path)
        await bot.idle()
        assert not await bot.services.job_history.dreams(env.ann.id)
    assert not [one for one in direct.messages if is_dream(one)]


async def test_users_timed_out_meanwhile_get_their_dream(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        message = await interaction.result()
        env.guild.time_out(env.ann)
        env.guild.time_out()
        release(tmp_path)
        assert await env.dreamed(message)


async def test_failing_presses_do_not_stop_the_bot(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        second = await pressed(env, env.ann, first, "Deeper")
        before = len(mine(env))
        await (await env.ann.press(second, "More…")).acknowledged()
        for code in (10062, 40060):
            for button in ("Deeper", "Layer…", "Undo", "Compare", "🗑️", "Less"):
                env.sandbox.faults.plan(code, "POST", CALLBACK)
                await env.ann.press(second, button)
                await until(lambda: not env.sandbox.faults.remaining)
        # The message went while the press was on its way.
        sure = await (await press(env.ann, second, "🗑️")).result()
        env.sandbox.faults.plan(10008, "DELETE", MESSAGES)
        await env.ann.press(sure, "Delete")
        await until(lambda: not env.sandbox.faults.remaining)
        env.sandbox.faults.plan(Fault.TOO_LARGE, "PATCH", "@original")
        told = await (await press(env.ann, second, "Undo")).follow_up()
        assert "not even a small one" in told.content
        assert len([one for one in mine(env) if not one.ephemeral]) == before
        assert await pressed(env, env.bob, second, "Deeper")


async def test_user_names_and_texts_cannot_inject_markup(env: BotEnvironment) -> None:
    name = f"@everyone **{env.bob.mention}** {RIGHT_TO_LEFT}gnp.{NOTHING_WIDE}x.png"
    async with env.bot() as bot:
        posted = await env.bob.post(env.channel, files=[Upload(name, noise_png())])
        interaction = await env.ann.menu("Dream this", posted)
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        assert "everyone" not in done.content
        assert not {RIGHT_TO_LEFT, NOTHING_WIDE} & set(done.content)
        history = await (await env.ann.slash("history", channel=env.channel)).result()
        await env.ann.choose(history, select(history)["custom_id"], [select(history)["options"][0]["value"]])
        await history.until(lambda now: "gnp" in texts(now))
        assert RIGHT_TO_LEFT not in texts(history)
        assert "**<" not in texts(history)
        layer = f"@everyone {env.bob.mention} ```x``` {RIGHT_TO_LEFT}"
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), layer=layer)
        told = await interaction.follow_up()
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
"""Discord's error codes and the texts for them; unknown codes get a general text."""


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Lists the messages that were logged with a traceback."""
    return [record.getMessage() for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("code", SAID)
async def test_discords_refusal_is_reported_in_a_sentence(
    env: BotEnvironment, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot():
        first = await dreamed(env)
        env.sandbox.faults.plan(code, "PATCH", "@original", times=50)
        interaction = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        # If not even the progress could be sent, the original response reports it.
        assert SAID[code] in (await interaction.result()).content
        for interaction in (
            await press(env.bob, first, "Compare"),
            await env.bob.slash("history", channel=env.channel),
        ):
            told = await interaction.result()
            assert SAID[code] in told.content
            assert told.ephemeral
        env.sandbox.faults.clear()
        env.sandbox.faults.plan(code, "POST", CALLBACK)
        told = await (await env.bob.slash("about", channel=env.channel)).response()
        assert SAID[code] in told.content
        assert await dreamed(env)
    assert not tracebacks(caplog)
    assert [one for one in caplog.records if str(code) in one.getMessage()]


@pytest.mark.parametrize("code", SAID)
async def test_a_reply_that_discord_refuses_is_one_line_in_the_log(
    env: BotEnvironment, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    edits = functools.partial(env.sandbox.requests.matching, "PATCH", "/messages")
    async with env.bot() as bot:
        env.sandbox.faults.plan(code, "POST", MESSAGES, times=50)
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        await until(functools.partial(has_refused, env, 1))
        await bot.idle()
        env.sandbox.faults.clear()
        assert not mine(env)
        # The progress is sent, but no edit succeeds: another reply gives the reason.
        env.sandbox.faults.plan(code, "PATCH", MESSAGES, times=50)
        request = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        if code not in UNREACHABLE:
            told = await env.channel.wait_for_message(lambda one: SAID[code] in one.content)
            assert told.replies_to == request.id
            await until(lambda: [one.id for one in mine(env)] == [told.id])
        else:
            await until(lambda: 400 in {(one.status or 0) // 100 * 100 for one in edits()})
        await bot.idle()
    assert not tracebacks(caplog)


UNREACHABLE = {50001, 50083, 160005}
"""Errors after which nothing can be posted any more."""


def refusals(env: BotEnvironment) -> int:
    """Counts the messages that Discord refused."""
    sent = env.sandbox.requests.matching("POST", "/messages")
    return len([one for one in sent if (one.status or 0) >= 400])


def has_refused(env: BotEnvironment, times: int) -> bool:
    """Checks whether Discord refused that many messages."""
    return refusals(env) >= times


async def until(look: Callable[[], bool]) -> None:
    """Waits until a condition holds."""
    async with asyncio.timeout(100):
        while not look():  # noqa: ASYNC110 - the sandbox sends no such event
            await asyncio.sleep(0.02)
