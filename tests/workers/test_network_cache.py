"""Which networks stay in a worker's memory."""

from dreambot.workers.gpu.torch_engine import NetworkCache, network_bytes
from tests.engine.tiny import tiny_network


class Shelf:
    """Loads networks that are their own size, and keeps count."""

    def __init__(self, room: float) -> None:
        self.loaded: list[str] = []
        self.let_go = 0
        self.resident: NetworkCache[str] = NetworkCache(room, len, self._let_go)

    def _let_go(self) -> None:
        self.let_go += 1

    def use(self, *names: str) -> list[str]:
        """What had to be loaded for it."""
        self.loaded.clear()
        for name in names:
            assert self.resident.get(name, lambda name=name: self.loaded.append(name) or name) == name
        return list(self.loaded)


def test_what_was_used_last_is_kept() -> None:
    shelf = Shelf(room=8)
    assert shelf.use("default", "default") == ["default"]
    shelf = Shelf(room=10)
    assert shelf.use("aaaa", "bbb", "ccc") == ["aaaa", "bbb", "ccc"]
    assert shelf.use("ccc", "bbb", "aaaa") == []
    assert shelf.let_go == 0
    assert shelf.use("bbb", "ddd") == ["ddd"]
    assert shelf.let_go == 1
    assert shelf.use("aaaa", "bbb", "ddd") == []
    assert shelf.use("ccc") == ["ccc"]
    assert shelf.resident.bytes == 10


def test_the_default_goes_last() -> None:
    shelf = Shelf(room=10)
    shelf.use("aaaa", "bbb", "ccc")
    # The default was used before all others.
    assert shelf.use("dddddd", "aaaa") == ["dddddd"]
    assert shelf.use("bbbbbbbbb", "aaaa") == ["bbbbbbbbb", "aaaa"]


def test_what_is_larger_than_the_room_is_used_all_the_same() -> None:
    shelf = Shelf(room=2)
    assert shelf.use("aaaa", "aaaa", "bbbb", "bbbb") == ["aaaa", "bbbb"]
    assert shelf.resident.bytes == 4


def test_a_networks_memory_is_that_of_its_weights() -> None:
    network = tiny_network()
    weights = sum(parameter.nbytes for parameter in network.parameters())
    assert network_bytes(network) == weights
    assert network_bytes(network.bfloat16()) == weights / 2
