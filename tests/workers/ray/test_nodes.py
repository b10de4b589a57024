"""Who may use what, without a cluster."""

import asyncio

import pytest

from dreambot.errors import UserError
from dreambot.workers.ray.device_lock import DeviceLock
from dreambot.workers.ray.nodes import Node, list_devices, node_engine_settings


async def test_bots_take_turns_in_the_order_they_ask() -> None:
    floor = DeviceLock()
    assert floor.claim("a")
    floor.began("a", "a1")
    waiting = [asyncio.create_task(floor.turn(bot)) for bot in ("b", "c")]
    await asyncio.sleep(0)
    # A batch is joined by nobody once others wait.
    assert not floor.claim("a")
    assert not floor.claim("b")
    floor.ended("a1")
    await waiting[0]
    assert floor.claim("b")
    assert not floor.claim("a")
    floor.began("b", "b1")
    floor.ended("b1")
    await waiting[1]
    assert floor.holder == "c"


async def test_a_batch_is_one_turn() -> None:
    floor = DeviceLock()
    for job in ("a1", "a2"):
        assert floor.claim("a")
        floor.began("a", job)
    turn = asyncio.create_task(floor.turn("b"))
    await asyncio.sleep(0)
    floor.ended("a1")
    assert floor.holder == "a"
    floor.ended("a2")
    await turn
    assert floor.holder == "b"


async def test_a_turn_that_is_not_used_passes() -> None:
    floor = DeviceLock(unused=0.05)
    assert floor.claim("a")
    async with asyncio.timeout(100):
        await floor.turn("b")
    assert floor.holder == "b"


async def test_a_bot_that_goes_keeps_nobody_waiting() -> None:
    floor = DeviceLock()
    assert floor.claim("a")
    floor.began("a", "a1")
    waiting = {bot: asyncio.create_task(floor.turn(bot)) for bot in ("b", "c")}
    await asyncio.sleep(0)
    assert floor.left("b") == []
    assert floor.left("a") == ["a1"]
    # Its job is at the device still.
    assert floor.holder == "a"
    floor.ended("a1")
    await waiting["c"]
    assert floor.holder == "c"


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
    assert len({place.host_name("engine") for place in gpus}) == 2
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
