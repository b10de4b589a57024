"""The dashboard queries metrics that exist, and its file is valid for Grafana."""

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from dreambot.jobs.models import JobState
from dreambot.metrics import Metrics
from dreambot.web import render_metrics
from tests.web.fake_bot import FakeBot, FakeDevice

FOLDER = Path(__file__).parents[2]
DASHBOARD = json.loads((FOLDER / "deploy" / "grafana" / "dreambot.json").read_text("utf-8"))
# What Prometheus adds to every sample.
SCRAPED = {"instance", "job"}
METRIC = re.compile(r"\b(?:dreambot|process)_\w+")


def _queries() -> list[Any]:
    return [target for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]


async def _samples() -> dict[str, set[str]]:
    """Returns the labels of each sample of a bot that has counted everything once."""
    metrics = Metrics()
    metrics.job_moved("dream", "done")
    metrics.waited(1)
    metrics.dreamed("inception_v3", 1)
    metrics.batched(2)
    metrics.acknowledged("component", 0.1)
    metrics.delivered("edit")
    metrics.delivery_failed("other")
    metrics.requested("GET", "/gateway/bot", "200", 0.1)
    metrics.reconnected(0)
    metrics.loop_late(0.1)
    bot = FakeBot(
        devices=[FakeDevice()], codec_deaths={"slow": 1}, unfinished={JobState.queued: 1}, queue=(1, 1)
    )
    text, _ = await render_metrics(metrics.registry, bot.watched, "")
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


async def test_every_queried_metric_and_label_exists() -> None:
    samples = await _samples()
    for target in _queries():
        expression = target["expr"]
        names = METRIC.findall(expression)
        assert names, expression
        assert set(names) <= set(samples), expression
        known = SCRAPED | set().union(*(samples[name] for name in names))
        selected = re.findall(r'(\w+)=~?"', expression)
        grouped = re.findall(r"(?:by|on|group_left) \(([^)]*)\)", expression)
        shown = re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])
        queried = {*selected, *shown, *(label for group in grouped for label in group.split(", "))}
        assert queried <= known, expression
        assert expression.count("(") == expression.count(")")
        assert expression.count("{") == expression.count("}")


async def test_every_metric_is_on_the_dashboard() -> None:
    queried = {name for target in _queries() for name in METRIC.findall(target["expr"])}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in queried}
    measured = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in await _samples()}
    ours = {name for name in measured if name.startswith("dreambot_")}
    # The "created" sample of a counter has lost its ending.
    counters = {name.removesuffix("_total") for name in ours if name.endswith("_total")}
    assert ours - counters == families & ours


def test_panels_do_not_overlap() -> None:
    cells: dict[tuple[int, int], int] = {}
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["w"] > 0
        assert at["h"] > 0
        assert 0 <= at["x"] <= at["x"] + at["w"] <= 24
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                assert cells.setdefault((x, y), panel["id"]) == panel["id"]


def test_the_file_is_a_valid_dashboard() -> None:
    assert re.fullmatch(r"[\w-]{1,40}", DASHBOARD["uid"])
    assert "id" not in DASHBOARD
    assert DASHBOARD["schemaVersion"] >= 36
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    titles = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert titles == ["People", "Queue", "Devices", "Discord", "Process"]
    for panel in DASHBOARD["panels"]:
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            assert panel["title"]
            assert panel["description"]
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


async def test_metrics_named_in_the_docs_exist() -> None:
    guide = (FOLDER / "docs" / "watching.md").read_text("utf-8")
    known = set(await _samples())
    known |= {re.sub(r"_(bucket|sum|count)$", "", name) for name in known}
    assert set(METRIC.findall(guide)) <= known
