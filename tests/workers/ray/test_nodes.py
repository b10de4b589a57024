"""Devices and settings of nodes, without a cluster."""

import pytest

from dreambot.errors import UserError
from dreambot.workers.ray.nodes import Node, list_devices, node_engine_settings


def test_every_gpu_is_a_place_or_every_machine() -> None:
    nodes = [
        Node("one", "10.0.0.5", gpus=2, cpus=8),
        Node("two", "10.0.0.6", gpus=0, cpus=4),
        Node("head", "h", 0, 0),
    ]
    gpus = list_devices(nodes, "auto")
    assert [(place.node.id, place.gpus, place.cpus, place.device) for place in gpus] == [
        ("one", 1, 0, "cuda:0")
    ] * 2
    assert len({place.name for place in gpus}) == 2
    cpus = list_devices(nodes, "cpu")
    assert [(place.node.id, place.gpus, place.cpus, place.device) for place in cpus] == [
        ("one", 0, 8, "cpu"),
        ("two", 0, 4, "cpu"),
    ]


def test_a_machine_decides_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PRECISION", "MEMORY_GIGABYTES", "WEIGHTS_DIR"):
        monkeypatch.delenv(f"DREAMBOT_{name}", raising=False)
    assert node_engine_settings("cpu").precision == "auto"
    monkeypatch.setenv("DREAMBOT_PRECISION", "bf16")
    monkeypatch.setenv("DREAMBOT_MEMORY_GIGABYTES", "12.5")
    monkeypatch.setenv("DREAMBOT_WEIGHTS_DIR", "/weights")
    settings = node_engine_settings("cuda:0")
    assert (settings.device, settings.precision, settings.memory_gigabytes) == ("cuda:0", "bf16", 12.5)
    assert str(settings.weights_dir) == "/weights"


@pytest.mark.parametrize(
    ("name", "value"), [("PRECISION", "fp8"), ("MEMORY_GIGABYTES", "lots"), ("MEMORY_GIGABYTES", "-1")]
)
def test_a_machines_mistake_is_told(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DREAMBOT_{name}", value)
    with pytest.raises(UserError, match=f"DREAMBOT_{name} is {value} on .*; it should be"):
        node_engine_settings("cpu")
