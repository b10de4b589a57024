"""What is learned of shards and of interactions from the events that discord.py dispatches."""

from types import SimpleNamespace

import pytest

from dreambot.metrics import GatewayWatch, Metrics


def _asked(number: int) -> tuple[SimpleNamespace]:
    return (SimpleNamespace(id=number, type=SimpleNamespace(name="application_command")),)


def test_a_shard_is_connected_from_ready_to_disconnect() -> None:
    watch = GatewayWatch(Metrics(), (3, 4))
    assert watch.shards == {3: False, 4: False}
    watch.heard("shard_connect", (3,))
    assert not watch.shards[3]
    watch.heard("shard_ready", (3,))
    assert watch.shards == {3: True, 4: False}
    watch.heard("shard_disconnect", (3,))
    assert not watch.shards[3]
    watch.heard("shard_resumed", (3,))
    assert watch.shards[3]


def test_a_first_connection_is_no_reconnect() -> None:
    metrics = Metrics()
    watch = GatewayWatch(metrics, (0,))

    def reconnects() -> float | None:
        return metrics.registry.get_sample_value("dreambot_gateway_reconnects_total", {"shard": "0"})

    watch.heard("shard_ready", (0,))
    assert not reconnects()
    watch.heard("shard_disconnect", (0,))
    watch.heard("shard_disconnect", (0,))
    watch.heard("shard_ready", (0,))
    assert reconnects() == 1


def test_an_interaction_is_acknowledged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, now = Metrics(), [1000.0]
    monkeypatch.setattr("dreambot.metrics.gateway.time", SimpleNamespace(monotonic=lambda: now[0]))
    watch = GatewayWatch(metrics, (0,))
    watch.heard("interaction", _asked(5))
    now[0] += 0.2
    watch.answered(5)
    watch.answered(5)
    watch.answered(6)

    def value(of: str) -> float | None:
        name = f"dreambot_acknowledgement_seconds_{of}"
        return metrics.registry.get_sample_value(name, {"kind": "application_command"})

    assert value("count") == 1
    assert value("sum") == pytest.approx(0.2)


def test_interactions_that_nobody_answers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, now = Metrics(), [1000.0]
    monkeypatch.setattr("dreambot.metrics.gateway.time", SimpleNamespace(monotonic=lambda: now[0]))
    watch = GatewayWatch(metrics, (0,))
    for number in range(1000):
        watch.heard("interaction", _asked(number))
    now[0] += 100
    watch.heard("interaction", _asked(5000))
    watch.answered(7)
    labels = {"kind": "application_command"}
    assert not metrics.registry.get_sample_value("dreambot_acknowledgement_seconds_count", labels)
