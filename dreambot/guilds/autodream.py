"""The auto-dream settings of a channel, and the rate limit of its automatic dreams."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database
from dreambot.jobs.schema import autodreams

AutoDreamTrigger = Literal["post", "reaction"]
AutoDreamLook = Literal["surprise", "roulette", "fixed"]


class AutoDreamSettings(BaseModel):
    """chance: 0 (off) to 1. trigger: a posted picture, or a 👁️ that somebody puts on one, where chance is only
    on or off. look: layers at random, a preset at random, or the `preset` named. cooldown: seconds between
    two in the channel. hourly: at most so many an hour; None is the operator's number."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    chance: Annotated[float, Field(ge=0, le=1)] = 0.0
    trigger: AutoDreamTrigger = "post"
    look: AutoDreamLook = "surprise"
    preset: str | None = None
    cooldown: Annotated[int, Field(ge=0, le=86_400)] = 0
    hourly: Annotated[int, Field(ge=1, le=1000)] | None = None


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
"""The longest cool-down there is: what is older is forgotten."""


class AutoDreamLimiter:
    """Counts them. Raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_at_a_time = asyncio.Lock()

    async def take(self, channel: int, *, hourly: int, cooldown: float) -> bool:
        """Whether there may be one more there now, which is then counted. hourly: the most within an hour.
        cooldown: seconds that must have passed since the last."""
        now = datetime.now(UTC)
        here = autodreams.c.channel == channel
        latest = select(func.max(autodreams.c.at)).where(here)
        lately = select(func.count()).where(here & (autodreams.c.at > now - _HOUR))

        async def work(connection: AsyncConnection) -> bool:
            last = await connection.scalar(latest)
            if last and last > now - timedelta(seconds=cooldown):
                return False
            if (await connection.scalar(lately) or 0) >= hourly:
                return False
            await connection.execute(insert(autodreams).values(channel=channel, at=now))
            await connection.execute(delete(autodreams).where(here & (autodreams.c.at < now - _DAY)))
            return True

        async with self._one_at_a_time:
            return await self._database.run(work)
