"""Which user may have which dream in which channel."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dreambot.bot.admission import AdmittedRequest, NotAllowed, Requester, admit
from dreambot.bot.services import Services
from dreambot.errors import UserError
from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.guilds.store import GuildStore
from dreambot.jobs.models import JobRequest, JobState, Limits
from dreambot.jobs.store import JobStore
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import RepeatRequest, Request
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.video import HellscapeParams
from tests.jobs.conftest import backend, job_request, store, url
from tests.support.recipes import make_recipe

__all__ = ["backend", "job_request", "store", "url"]

ANN, GUILD, CHANNEL, FANS = 5, 11, 12, 7
PLAIN = DreamRequest()


class Gate:
    """A server, and a member who requests dreams."""

    def __init__(self, store: JobStore) -> None:
        self.store = store
        self.guild_store = GuildStore(store.database)
        operator = SimpleNamespace(max_film_seconds=20.0)
        self._services = cast(Services, SimpleNamespace(settings=operator, guild_store=self.guild_store))

    async def settle(self, **settings: Any) -> None:
        await self.guild_store.set_guild(GUILD, GuildSettings(**settings))

    async def admit(self, request: Request = PLAIN, **requester: Any) -> AdmittedRequest:
        values = {"person": ANN, "guild": GUILD, "channel": CHANNEL} | requester
        return await admit(self._services, Requester(**values), request)


@pytest.fixture
def gate(store: JobStore) -> Gate:
    return Gate(store)


async def test_by_default_everything_is_allowed(gate: Gate) -> None:
    assert await gate.admit() == AdmittedRequest(PLAIN)
    assert await gate.admit(guild=None) == AdmittedRequest(PLAIN)


async def test_blocked_users_are_refused_with_the_reason(gate: Gate) -> None:
    await gate.guild_store.block(GUILD, ANN)
    with pytest.raises(NotAllowed, match="moderators have blocked you"):
        await gate.admit()
    await gate.admit(person=ANN + 1)
    await gate.admit(guild=GUILD + 1)
    await gate.guild_store.block(0, ANN)
    with pytest.raises(NotAllowed, match="The operator of this bot"):
        await gate.admit(guild=None)
    await gate.guild_store.block(GUILD, 0)
    with pytest.raises(NotAllowed, match="this server"):
        await gate.admit(person=ANN + 1)


async def test_other_channels_are_refused_by_name(gate: Gate) -> None:
    await gate.settle(channels=(CHANNEL, 77))
    await gate.admit()
    await gate.admit(channel=99, parent=CHANNEL)
    with pytest.raises(NotAllowed, match="<#12> <#77>"):
        await gate.admit(channel=99)
    await gate.admit(guild=None, channel=99)


async def test_the_highest_intensity_is_reported_or_used_as_default(gate: Gate) -> None:
    await gate.settle(intensity=4)
    assert (await gate.admit()).request == DreamRequest(intensity=4)
    assert (await gate.admit(DreamRequest(intensity=3))).request == DreamRequest(intensity=3)
    summon = SummonRequest(classes="goldfish")
    assert (await gate.admit(summon)).request == summon.model_copy(update={"intensity": 4})
    for request in (
        DreamRequest(intensity=5),
        HellscapeRequest(intensity=11),
        RepeatRequest(recipe=make_recipe(intensity=9)),
    ):
        with pytest.raises(UserError, match="1 to 4"):
            await gate.admit(request)
    unasked = await gate.admit(DreamRequest(intensity=9), unasked=True)
    assert unasked.request == DreamRequest(intensity=4)
    await gate.admit(RepeatRequest(recipe=make_recipe(intensity=4)))


async def test_videos_are_limited_by_role_and_operator(gate: Gate) -> None:
    with pytest.raises(UserError, match="20 seconds"):
        await gate.admit(HellscapeRequest(seconds=21))
    await gate.settle(everyone=RoleLimits(seconds=0), roles={FANS: RoleLimits(seconds=5)})
    fan = {"roles": frozenset({FANS})}
    terms = await gate.admit(HellscapeRequest(), **fan)
    assert terms.request == HellscapeRequest(seconds=5)
    assert terms.limits == Limits(seconds=5)
    too_long = HellscapeParams(frames=100, fps=10)
    for request in (
        HellscapeRequest(seconds=6),
        HellscapeRequest(frames=61, fps=10),
        RepeatRequest(recipe=make_recipe(hellscape=too_long)),
    ):
        with pytest.raises(UserError, match="5 seconds"):
            await gate.admit(request, **fan)
    await gate.admit(HellscapeRequest(frames=50, fps=10), **fan)
    with pytest.raises(UserError, match="do not allow videos"):
        await gate.admit(HellscapeRequest(seconds=1))
    still = await gate.admit()
    assert still.limits.seconds is not None
    assert 0 < still.limits.seconds < 0.04


async def test_size_limit_and_language_are_part_of_the_terms(gate: Gate) -> None:
    await gate.settle(everyone=RoleLimits(side=512), language="ja")
    assert await gate.admit() == AdmittedRequest(PLAIN, Limits(pixels=512 * 512), "ja")


async def test_the_daily_quota_is_counted_and_the_reply_says_when_it_renews(
    gate: Gate, job_request: Callable[..., JobRequest]
) -> None:
    await gate.settle(everyone=RoleLimits(pictures_a_day=2), roles={FANS: RoleLimits(pictures_a_day=3)})
    jobs = [await gate.store.create(job_request(owner=ANN)) for _ in range(2)]
    await gate.store.create(job_request(owner=ANN, guild=GUILD + 1))
    await gate.store.set_state(jobs[0].id, JobState.done)
    when = round(jobs[0].created.timestamp()) + 24 * 3600
    with pytest.raises(NotAllowed, match=f"your 2 dreams.*<t:{when}:R>"):
        await gate.admit()
    await gate.admit(roles=frozenset({FANS}))
    await gate.admit(person=ANN + 1)
    await gate.admit(unasked=True)
    await gate.store.set_state(jobs[1].id, JobState.failed)
    await gate.admit()


async def test_autodreams_use_no_quota(gate: Gate, job_request: Callable[..., JobRequest]) -> None:
    await gate.settle(everyone=RoleLimits(pictures_a_day=1))
    await gate.store.create(job_request(owner=ANN, quiet=True))
    await gate.admit()


async def test_a_quota_of_zero(gate: Gate) -> None:
    await gate.settle(everyone=RoleLimits(pictures_a_day=0))
    with pytest.raises(NotAllowed, match="do not allow dreams"):
        await gate.admit()
    await gate.admit(unasked=True)


async def test_the_number_of_waiting_jobs_is_limited(
    gate: Gate, job_request: Callable[..., JobRequest]
) -> None:
    await gate.settle(everyone=RoleLimits(queue=1))
    job = await gate.store.create(job_request(owner=ANN))
    with pytest.raises(NotAllowed, match="only one at a time is allowed"):
        await gate.admit()
    await gate.store.set_state(job.id, JobState.failed)
    await gate.admit()
