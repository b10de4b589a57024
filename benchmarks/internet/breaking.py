"""What breaks first: what such an evening asks of everything but the devices, beside what that can bear."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.internet.people import Ask

PER_SHARD = 1000
"""Servers that Discord puts on a shard by its own reckoning; 2500 are the most it lets be."""
IDENTIFY_SECONDS = 5.0
"""Between two identifications, where `max_concurrency` is 1."""
BY_TOKEN = 0.15
"""ASSUMED share of the dreams that are answered with the bot's token: auto-dream, mentions, late ones. The
others are answered by their interactions, which Discord does not count in the bot's 50 requests a second."""
REQUESTS = 5.0
"""Of a dream: one to answer at all, two or three edits on the way, the dream."""
REST = 50.0
WRITES = 8.0
"""Changes of a job's row in its life, counted in the store; the leases' renewals are few beside them."""
SQLITE = 1000.0
"""ASSUMED commits a second of SQLite on an SSD, each on the disk before the next; ours did 3400, in one table
without indexes."""
MEGABYTES = 0.6 + 1.6 + 3 * 0.05
"""A source ASSUMED at 0.6 MB; a dream of 0.8 megapixels as PNG, and three previews, as measured."""
LINE = 125.0
"""Megabytes a second of a line of one gigabit."""
CODEC = 0.15
"""Seconds of one core for decoding, encoding and previews at 0.8 megapixels, measured."""
CORES = 4.0
INTERACTION = 0.0016
"""Seconds for an acknowledgement, measured. ASSUMED: a whole dream takes the event loop ten times that."""


class Peak(NamedTuple):
    """Dreams a second: in the mean, in the busiest five minutes, and in the busiest second of all."""

    mean: float
    minutes: float
    second: int


@dataclass(frozen=True)
class Load:
    """What is asked of something, and what it bears."""

    what: str
    asked: float
    bears: float
    unit: str
    then: str


def at_peak(asks: Sequence[Ask]) -> Peak:
    """Of an evening in order of time."""
    minutes = Counter(int(ask.when // 300) for ask in asks)
    seconds = Counter(int(ask.when) for ask in asks)
    return Peak(
        len(asks) / (asks[-1].when - asks[0].when), max(minutes.values()) / 300, max(seconds.values())
    )


def loads(rate: float, servers: int) -> list[Load]:
    """What so many dreams a second ask, in so many servers."""
    shards = -(-servers // PER_SHARD)
    return [
        Load("event loop of one bot process", 10 * INTERACTION * rate, 1.0, "s/s", "more processes"),
        Load("REST by the bot's token", BY_TOKEN * REQUESTS * rate, REST, "/s", "fewer edits"),
        Load("REST, if interactions counted", REQUESTS * rate, REST, "/s", "fewer edits"),
        Load("SQLite's commits", WRITES * rate, SQLITE, "/s", "PostgreSQL"),
        Load("bandwidth for files", MEGABYTES * rate, LINE, "MB/s", "WebP instead of PNG"),
        Load("codecs on four cores", CODEC * rate, CORES, "cores", "more cores"),
        Load("servers on a shard", servers / shards, 2500, "", "more shards"),
        Load("identifications a day, one restart", shards, 1000, "", "resuming"),
        Load("start of all shards", shards * IDENTIFY_SECONDS, 600, "s", "a larger max_concurrency"),
    ]


def compared(rates: Sequence[float], servers: int) -> list[str]:
    """A table in Markdown with a column for each rate; the nearest to its limit first."""
    columns = [loads(rate, servers) for rate in rates]
    lines = [
        f"| share of the limit at | {' | '.join(f'{rate:.0f}/s' for rate in rates)} | limit | then |",
        "|---|" + "---|" * len(rates) + "---|---|",
    ]
    for row in sorted(zip(*columns, strict=True), key=lambda row: -row[-1].asked / row[-1].bears):
        shares = " | ".join(f"{100 * load.asked / load.bears:.0f} %" for load in row)
        lines.append(f"| {row[0].what} | {shares} | {row[0].bears:g} {row[0].unit} | {row[0].then} |")
    return lines
