"""Compares the load of each component besides the devices with its limit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.simulation.workload import SimulatedRequest

PER_SHARD = 1000
"""Servers that Discord puts on a shard by its own reckoning; 2500 are the most it lets be."""
IDENTIFY_SECONDS = 5.0
"""Between two identifications, where `max_concurrency` is 1."""
BOT_TOKEN_SHARE = 0.15
"""ASSUMED share of the dreams that are answered with the bot's token: auto-dream, mentions, late ones. The
others are answered by their interactions, which Discord does not count in the bot's 50 requests a second."""
REQUESTS_PER_DREAM = 5.0
"""Of a dream: one to answer at all, two or three edits on the way, the dream."""
REST_REQUESTS_PER_SECOND = 50.0
WRITES_PER_JOB = 8.0
"""Changes of a job's row in its life, counted in the store; the leases' renewals are few beside them."""
SQLITE_COMMITS_PER_SECOND = 1000.0
"""ASSUMED commits a second of SQLite on an SSD, each on the disk before the next; ours did 3400, in one table
without indexes."""
MEGABYTES_PER_DREAM = 0.6 + 1.6 + 3 * 0.05
"""A source ASSUMED at 0.6 MB; a dream of 0.8 megapixels as PNG, and three previews, as measured."""
LINE_MEGABYTES_PER_SECOND = 125.0
"""Megabytes a second of a line of one gigabit."""
CODEC_SECONDS = 0.15
"""Seconds of one core for decoding, encoding and previews at 0.8 megapixels, measured."""
CODEC_CORES = 4.0
ACKNOWLEDGEMENT_SECONDS = 0.0016
"""Seconds for an acknowledgement, measured. ASSUMED: a whole dream takes the event loop ten times that."""


class RequestRates(NamedTuple):
    """Dreams a second: in the mean, in the busiest five minutes, and in the busiest second of all."""

    mean: float
    minutes: float
    second: int


@dataclass(frozen=True)
class ComponentLoad:
    """What is asked of something, and what it bears."""

    what: str
    asked: float
    bears: float
    unit: str
    then: str


def request_rates(asks: Sequence[SimulatedRequest]) -> RequestRates:
    """Of an evening in order of time."""
    minutes = Counter(int(ask.when // 300) for ask in asks)
    seconds = Counter(int(ask.when) for ask in asks)
    return RequestRates(
        len(asks) / (asks[-1].when - asks[0].when), max(minutes.values()) / 300, max(seconds.values())
    )


def component_loads(rate: float, servers: int) -> list[ComponentLoad]:
    """What so many dreams a second ask, in so many servers."""
    shards = -(-servers // PER_SHARD)
    return [
        ComponentLoad(
            "event loop of one bot process", 10 * ACKNOWLEDGEMENT_SECONDS * rate, 1.0, "s/s", "more processes"
        ),
        ComponentLoad(
            "REST by the bot's token",
            BOT_TOKEN_SHARE * REQUESTS_PER_DREAM * rate,
            REST_REQUESTS_PER_SECOND,
            "/s",
            "fewer edits",
        ),
        ComponentLoad(
            "REST, if interactions counted",
            REQUESTS_PER_DREAM * rate,
            REST_REQUESTS_PER_SECOND,
            "/s",
            "fewer edits",
        ),
        ComponentLoad(
            "SQLite's commits", WRITES_PER_JOB * rate, SQLITE_COMMITS_PER_SECOND, "/s", "PostgreSQL"
        ),
        ComponentLoad(
            "bandwidth for files",
            MEGABYTES_PER_DREAM * rate,
            LINE_MEGABYTES_PER_SECOND,
            "MB/s",
            "WebP instead of PNG",
        ),
        ComponentLoad("codecs on four cores", CODEC_SECONDS * rate, CODEC_CORES, "cores", "more cores"),
        ComponentLoad("servers on a shard", servers / shards, 2500, "", "more shards"),
        ComponentLoad("identifications a day, one restart", shards, 1000, "", "resuming"),
        ComponentLoad("start of all shards", shards * IDENTIFY_SECONDS, 600, "s", "a larger max_concurrency"),
    ]


def bottleneck_table(rates: Sequence[float], servers: int) -> list[str]:
    """A table in Markdown with a column for each rate; the nearest to its limit first."""
    columns = [component_loads(rate, servers) for rate in rates]
    lines = [
        f"| share of the limit at | {' | '.join(f'{rate:.0f}/s' for rate in rates)} | limit | then |",
        "|---|" + "---|" * len(rates) + "---|---|",
    ]
    for row in sorted(zip(*columns, strict=True), key=lambda row: -row[-1].asked / row[-1].bears):
        shares = " | ".join(f"{100 * load.asked / load.bears:.0f} %" for load in row)
        lines.append(f"| {row[0].what} | {shares} | {row[0].bears:g} {row[0].unit} | {row[0].then} |")
    return lines
