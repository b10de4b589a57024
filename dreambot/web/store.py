"""Asking the database, which may be gone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that it may take; whoever asks us does not wait for ever either."""

T = TypeVar("T")
U = TypeVar("U")


async def unless_down(ask: Callable[[], Awaitable[T]], otherwise: U) -> T | U:
    """What it says, or `otherwise` where it fails, or says nothing for two seconds."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await ask()
    except Exception as error:
        log.warning("The database does not answer: %s", error or type(error).__name__)
        return otherwise
