"""Counts jobs and finds the favourite layers, presets and classes of a server or a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from dreambot.errors import Message
from dreambot.jobs.database import Database
from dreambot.jobs.models import Job, JobState, first_id_since
from dreambot.jobs.schema import job_from_row, jobs
from dreambot.recipe import DreamRequest, find_layer
from dreambot.recipe.classes import class_names
from dreambot.recipe.summon import CLASSES_LAYER as CLASSES

_DONE = jobs.c.state == JobState.done.value
_FAILURES_SAMPLE_SIZE = 10_000
FAVOURITES_SAMPLE_SIZE = 300
"""Number of latest dreams that favourites are taken from."""


@dataclass(frozen=True)
class Favourites:
    """What was dreamed with and how often, most often first.

    Attributes:
        layers: (model, layer) and count.
        presets: Name and count.
        summoned: The English name of a class and count.
    """

    layers: list[tuple[tuple[str, str], int]]
    presets: list[tuple[str, int]]
    summoned: list[tuple[str, int]]


class JobStatistics:
    """Counts jobs. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database

    async def states(self, since: datetime) -> dict[JobState, int]:
        """Counts the jobs that were requested since a moment, by state.

        Args:
            since: The moment.
        """
        recent = jobs.c.id >= first_id_since(since)
        counted = select(jobs.c.state, func.count().label("count")).where(recent).group_by(jobs.c.state)
        return {JobState(row["state"]): row["count"] for row in await self._database.fetch_all(counted)}

    async def failures(self, since: datetime, most: int = 10) -> list[tuple[str, int]]:
        """Returns why jobs that were requested since a moment failed, the most frequent reason first.

        Args:
            since: The moment.
            most: The most reasons returned.

        Returns:
            The code of each error, and how many jobs failed with it.
        """
        failed = (jobs.c.id >= first_id_since(since)) & (jobs.c.state == JobState.failed.value)
        rows = await self._database.fetch_all(select(jobs.c.error).where(failed).limit(_FAILURES_SAMPLE_SIZE))
        return Counter(Message.from_json(row["error"] or "").code for row in rows).most_common(most)

    async def done(self, *, guild: int | None = None, owner: int | None = None) -> int:
        """Counts the dreams of a server, a user, or both; an album counts for each of its pictures.

        Args:
            guild: The server's id.
            owner: The user's id.
        """
        counted = select(func.sum(jobs.c.pictures)).where(_done_where(guild, owner))
        return int(await self._database.fetch_value(counted) or 0)

    async def favourites(
        self, *, guild: int | None = None, owner: int | None = None, most: int = 3
    ) -> Favourites:
        """Finds what the latest dreams of a server, a user, or both were made with.

        Args:
            guild: The server's id.
            owner: The user's id.
            most: The length of each list.
        """
        latest = (
            select(jobs)
            .where(_done_where(guild, owner))
            .order_by(jobs.c.id.desc())
            .limit(FAVOURITES_SAMPLE_SIZE)
        )
        found = [job_from_row(row) for row in await self._database.fetch_all(latest)]
        layers = Counter(layer for job in found for layer in _layers_of(job))
        presets = Counter(preset for job in found for preset in _presets_of(job))
        summoned = Counter(name for job in found for name in _classes_of(job))
        return Favourites(layers.most_common(most), presets.most_common(most), summoned.most_common(most))


def _done_where(guild: int | None, owner: int | None) -> ColumnElement[bool]:
    where = _DONE
    if guild is not None:
        where &= jobs.c.guild == guild
    if owner is not None:
        where &= jobs.c.owner == owner
    return where


def _layers_of(job: Job) -> Iterable[tuple[str, str]]:
    recipe = job.recipe
    if recipe is None:
        return ()
    # What was summoned is a layer only to the engine.
    wanted = (term for term in recipe.layers if term.weight > 0 and term.layer != CLASSES)
    layers = (find_layer(term.layer, recipe.model) for term in wanted)
    return {(layer.model, layer.name) for layer in layers}


def _classes_of(job: Job) -> Iterable[str]:
    terms = job.recipe.layers if job.recipe else ()
    names = class_names()
    wanted = (term for term in terms if term.weight > 0 and term.layer == CLASSES)
    return {names[channel] for term in wanted for channel in term.channels if channel < len(names)}


def _presets_of(job: Job) -> Iterable[str]:
    request = job.spec.request
    return (request.preset,) if isinstance(request, DreamRequest) and request.preset else ()
