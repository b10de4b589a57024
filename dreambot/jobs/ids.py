"""The ids of jobs: in the order of creation, and not to be guessed."""

import secrets
import time
from datetime import datetime

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 52


def new_id() -> str:
    """20 characters that sort by the millisecond they were made in, and cannot be guessed."""
    return _text(time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_id(since: datetime) -> str:
    """No id that was made from that moment on sorts before this one: a span of time by the primary key."""
    return _text(int(since.timestamp() * 1000) << _RANDOM_BITS)


def _text(number: int) -> str:
    return "".join(_DIGITS[number >> shift & 31] for shift in range(95, -1, -5))
