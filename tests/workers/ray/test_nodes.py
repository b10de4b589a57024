"""Devices and settings of nodes, without a cluster."""

import pytest

from dreambot.errors import UserError
from dreambot.workers.ray.nodes import Node, list_devices, node_engine_settings


def test_devices_are_gpus_or_machines() -> None:
    nodes = [
        Node("one", "10.0.0.5", gpus=2, cpus=8),
        Node("two", "10.0.0.6", gpus=0, cpus=4),
        Node("head", "h", 0, 0),
    ]
    gpus = list_devices(nodes, "auto")
    assert [(device.node.id, device.gpus, device.cpus, device.device) for device in gpus] == [
        ("one", 1, 0, "cuda:0")
    ] * 2
    assert len({device.name for device in gpus}) == 2
    cpus = list_devices(nodes, "cpu")
    assert [(device.node.id, device.gpus, device.cpus, device.device) for device in cpus] == [
        ("one", 0, 8, "cpu"),
        ("two", 0, 4, "cpu"),
    ]


def test_engine_settings_are_read_from_the_machines_environment(monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_an_invalid_setting_names_the_variable_and_the_machine(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"DREAMBOT_{name}", value)
    with pytest.raises(UserError, match=f"DREAMBOT_{name} is {value} on .*; it should be"):
        node_engine_settings("cpu")
