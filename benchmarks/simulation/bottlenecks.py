"""Compares the load of each component besides the devices with its limit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.simulation.workload import SimulatedRequest

PER_SHARD = 1000
"""Servers per shard that Discord recommends; 2500 is its maximum."""
IDENTIFY_SECONDS = 5.0
"""Seconds between two identifications with a `max_concurrency` of 1."""
BOT_TOKEN_SHARE = 0.15
"""ASSUMED share of dreams that are delivered with the bot's token: auto-dreams, mentions, late ones. The
others are delivered through their interactions, which do not count towards the bot's 50 requests per
second."""
REQUESTS_PER_DREAM = 5.0
"""Requests per dream: the acknowledgement, two or three progress edits, the result."""
REST_REQUESTS_PER_SECOND = 50.0
WRITES_PER_JOB = 8.0
"""Updates of a job's row, counted in the store; lease renewals are few in comparison."""
SQLITE_COMMITS_PER_SECOND = 1000.0
"""ASSUMED commits per second of SQLite on an SSD, each flushed to disk; we measured 3400, in one table
without indexes."""
MEGABYTES_PER_DREAM = 0.6 + 1.6 + 3 * 0.05
"""A source ASSUMED at 0.6 MB; a dream of 0.8 megapixels as PNG, and three previews, as measured."""
LINE_MEGABYTES_PER_SECOND = 125.0
"""Megabytes per second of a 1 Gbit/s connection."""
CODEC_SECONDS = 0.15
"""Seconds of one core for decoding, encoding and previews at 0.8 megapixels, measured."""
CODEC_CORES = 4.0
ACKNOWLEDGEMENT_SECONDS = 0.0016
"""Measured seconds of event loop time per acknowledgement. ASSUMED: a whole dream takes ten times that."""


class RequestRates(NamedTuple):
    """Dreams per second: on average, in the busiest five minutes, and in the busiest second."""

    mean: float
    minutes: float
    second: int


@dataclass(frozen=True)
class ComponentLoad:
    """The load of a component and its limit."""

    name: str
    load: float
    limit: float
    unit: str
    remedy: str


def request_rates(requests: Sequence[SimulatedRequest]) -> RequestRates:
    """Computes the rates of an evening.

    Args:
        requests: The evening in order of time.
    """
    minutes = Counter(int(request.when // 300) for request in requests)
    seconds = Counter(int(request.when) for request in requests)
    return RequestRates(
        len(requests) / (requests[-1].when - requests[0].when),
        max(minutes.values()) / 300,
        max(seconds.values()),
    )


def component_loads(rate: float, servers: int) -> list[ComponentLoad]:
    """Computes the load of each component.

    Args:
        rate: Dreams per second.
        servers: Number of servers.
    """
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
    """Returns a Markdown table with one column per rate, the component nearest to its limit first.

    Args:
        rates: Dreams per second.
        servers: Number of servers.
    """
    columns = [component_loads(rate, servers) for rate in rates]
    lines = [
        f"| share of the limit at | {' | '.join(f'{rate:.0f}/s' for rate in rates)} | limit | then |",
        "|---|" + "---|" * len(rates) + "---|---|",
    ]
    for row in sorted(zip(*columns, strict=True), key=lambda row: -row[-1].load / row[-1].limit):
        shares = " | ".join(f"{100 * load.load / load.limit:.0f} %" for load in row)
        lines.append(f"| {row[0].name} | {shares} | {row[0].limit:g} {row[0].unit} | {row[0].remedy} |")
    return lines
