"""The auto-dream settings of a channel, and the rate limit of its automatic dreams."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.database import Database, transaction
from dreambot.jobs.schema import autodreams
from dreambot.recipe.presets import current_name

AutoDreamTrigger = Literal["post", "reaction"]
AutoDreamLook = Literal["surprise", "roulette", "fixed"]


class AutoDreamSettings(BaseModel):
    """When and how a channel's pictures are dreamed automatically.

    Attributes:
        chance: 0 (off) to 1.
        trigger: A posted picture, or a 👁️ reaction to one, where `chance` is only on or off.
        look: Random layers, a random preset, or the preset or saved look named by `preset`.
        preset: The name of a preset or of a look of the server, as `looks.name_key` returns it.
        cooldown: Seconds between two in the channel.
        hourly: The most in an hour; None is the operator's number.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    chance: Annotated[float, Field(ge=0, le=1)] = 0.0
    trigger: AutoDreamTrigger = "post"
    look: AutoDreamLook = "surprise"
    preset: Annotated[str, Field(max_length=80), AfterValidator(current_name)] | None = None
    cooldown: Annotated[int, Field(ge=0, le=86_400)] = 0
    hourly: Annotated[int, Field(ge=1, le=1000)] | None = None


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
"""The longest cool-down: older rows are deleted."""


class AutoDreamLimiter:
    """Counts automatic dreams. Raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
        """
        self._database = database
        self._lock = asyncio.Lock()

    async def take(self, channel: int, pictures: int = 1, *, hourly: int, cooldown: float) -> int:
        """Counts the pictures of one more message in a channel, as many of them as are allowed now.

        Args:
            channel: The channel's id.
            pictures: The number of pictures.
            hourly: The most within an hour.
            cooldown: Seconds that must have passed since the last.

        Returns:
            The number of pictures that are allowed, and were counted.
        """
        async with self._lock:
            return await self._take(channel, pictures, hourly, cooldown)

    @transaction
    async def _take(
        self, connection: AsyncConnection, channel: int, pictures: int, hourly: int, cooldown: float
    ) -> int:
        now = datetime.now(UTC)
        here = autodreams.c.channel == channel
        last = await connection.scalar(select(func.max(autodreams.c.at)).where(here))
        if last and last > now - timedelta(seconds=cooldown):
            return 0
        lately = select(func.count()).where(here & (autodreams.c.at > now - _HOUR))
        allowed = min(pictures, hourly - (await connection.scalar(lately) or 0))
        if allowed <= 0:
            return 0
        await connection.execute(insert(autodreams), [{"channel": channel, "at": now}] * allowed)
        await connection.execute(delete(autodreams).where(here & (autodreams.c.at < now - _DAY)))
        return allowed
