"""Which image of a channel's last messages is found."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import pytest_asyncio

from dreambot.bot import sources
from dreambot.bot.services import Services
from dreambot.errors import Message, UserError
from dreambot.guilds.settings import PersonSettings
from dreambot.guilds.store import GuildStore
from dreambot.jobs.models import JobRequest, ReplyTarget, SourceImage, UrlSource
from dreambot.jobs.store import JobStore
from dreambot.recipe import DreamRequest
from tests.bot.discord_objects import attachment, component, message, sticker

ANN, BOB, BOT, ROBOT = 1, 2, 3, 4


@pytest_asyncio.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    """Services without any stored users or jobs."""
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path / 'dreams.db'}")
    await store.open()
    yield cast(Services, SimpleNamespace(store=store, guild_store=GuildStore(store.database)))
    await store.close()


def button(custom_id: str) -> discord.Component:
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": custom_id}]}
    return component(row)


def posted(author: int, name: str, **parts: Any) -> discord.Message:
    return message(author, attachments=[attachment(name)], **parts)


def dream(name: str, requester: int | None = None, **parts: Any) -> discord.Message:
    interaction = SimpleNamespace(user=SimpleNamespace(id=requester)) if requester else None
    return posted(
        BOT, name, components=[button("dream:delete:0abc")], interaction_metadata=interaction, **parts
    )


def reply_to(author: int) -> Any:
    original = object.__new__(discord.Message)
    original.author = cast(Any, SimpleNamespace(id=author))
    return SimpleNamespace(resolved=original)


async def found(services: Services, *history: discord.Message) -> SourceImage | None:
    async def newest_first() -> AsyncIterator[discord.Message]:
        for one in history:
            yield one

    return next(iter(await sources.newest_images(services, newest_first(), ANN, BOT)), None)


async def label(services: Services, *history: discord.Message) -> str | None:
    subject = await found(services, *history)
    return Message.from_json(subject.label).text().removeprefix("the picture ") if subject else None


async def test_the_users_own_image_is_preferred_to_newer_ones(services: Services) -> None:
    history = [posted(BOB, "b.png"), posted(ANN, "a2.png"), posted(ANN, "a1.png")]
    assert await label(services, *history) == "a2.png"


async def test_results_of_other_bots_count(services: Services) -> None:
    assert await label(services, posted(ROBOT, "r.png"), posted(BOB, "b.png")) == "r.png"


@pytest.mark.parametrize(
    "last",
    [
        dream("last.png", ANN),
        dream("last.png", reference=reply_to(ANN)),
        dream("last.png", raw_mentions=[ANN]),
    ],
)
async def test_the_next_dream_continues_the_users_last_one(services: Services, last: discord.Message) -> None:
    assert await label(services, posted(BOB, "b.png"), last, posted(ANN, "a.png")) == "a dream of mine"


async def test_other_users_dreams_are_not_the_users_own(services: Services) -> None:
    assert await label(services, dream("d.png", BOB), posted(ANN, "a.png")) == "a.png"
    assert await label(services, dream("d.png", BOB), posted(BOB, "b.png")) == "a dream of mine"


@pytest.mark.parametrize("buttons", [["dream:cancel:0abc"], []])
async def test_previews_and_other_messages_of_the_bot_are_skipped(
    services: Services, buttons: list[str]
) -> None:
    ours = posted(BOT, "dreaming.jpg", components=[button(one) for one in buttons])
    assert await label(services, ours, posted(BOB, "b.png")) == "b.png"


async def test_stickers_and_emoji_only_where_there_is_no_picture(services: Services) -> None:
    stuck = message(ANN, stickers=[sticker(1)])
    written = message(BOB, content="<:cat:123456789012345678>")
    assert await label(services, stuck, written, posted(BOB, "b.png")) == "b.png"
    assert await label(services, written, stuck) == "the sticker Wave"


async def test_links_to_pages_are_only_followed_on_request(services: Services) -> None:
    assert await found(services, message(ANN, content="read https://example.com/news")) is None


async def test_images_of_users_who_opted_out_are_skipped(services: Services) -> None:
    await services.guild_store.set_person(BOB, PersonSettings(untouchable=True))
    history = [posted(BOB, "b.png"), dream("of-bob.png", BOB), posted(ROBOT, "r.png")]
    assert await label(services, *history) == "r.png"
    with pytest.raises(UserError, match="does not want others"):
        await sources.chosen_images(services, history[0], ANN)


async def test_users_may_always_dream_their_own_images(services: Services) -> None:
    await services.guild_store.set_person(ANN, PersonSettings(untouchable=True))
    mine = posted(ANN, "a.png")
    assert await label(services, mine) == "a.png"
    assert await sources.chosen_images(services, mine, ANN)


async def stored(services: Services, owner: int, person: int | None) -> discord.Message:
    """Stores the job of a dream of another user's image."""
    place = ReplyTarget(
        channel=1,
        guild=None,
        application=1,
        token=None,
        since=datetime.now(UTC),
        reply_to=None,
        quiet=False,
        limit=10**6,
        reachable=True,
    )
    job = await services.store.create(JobRequest(owner, DreamRequest(), place))
    started = SourceImage(UrlSource("https://x/a.png"), "a picture", False, 5, person)
    assert await services.store.set_source_image(job.id, started)
    interaction = SimpleNamespace(user=SimpleNamespace(id=owner))
    return posted(
        BOT, "d.png", components=[button(f"dream:delete:{job.id}")], interaction_metadata=interaction
    )


async def test_a_dream_belongs_to_the_owner_of_its_first_source(services: Services) -> None:
    dreamed = await stored(services, ANN, BOB)
    found = await sources.chosen_images(services, dreamed, ANN)
    assert [image.person for image in found] == [BOB]
    await services.guild_store.set_person(BOB, PersonSettings(untouchable=True))
    with pytest.raises(UserError, match="does not want others"):
        await sources.chosen_images(services, dreamed, ANN)
    assert await sources.chosen_images(services, dreamed, BOB)
    assert await label(services, dreamed, posted(ROBOT, "r.png")) == "r.png"


async def test_a_dream_without_a_source_belongs_to_its_requester(services: Services) -> None:
    found = await sources.chosen_images(services, await stored(services, BOB, None), ANN)
    assert [image.person for image in found] == [BOB]


async def test_a_message_without_a_picture(services: Services) -> None:
    assert await sources.chosen_images(services, message(BOB, content="only words"), ANN) == ()
