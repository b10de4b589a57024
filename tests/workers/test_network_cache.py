"""Which networks a worker keeps in memory."""

from dreambot.workers.gpu.torch_engine import NetworkCache, network_bytes
from tests.engine.tiny import tiny_network


class CountingCache:
    """A cache of networks whose size is the length of their name; counts what is loaded and dropped."""

    def __init__(self, capacity: float) -> None:
        self.loaded: list[str] = []
        self.drops = 0
        self.networks: NetworkCache[str] = NetworkCache(capacity, len, self._on_drop)

    def _on_drop(self) -> None:
        self.drops += 1

    def use(self, *names: str) -> list[str]:
        """Gets networks; returns those that were loaded."""
        self.loaded.clear()
        for name in names:
            assert self.networks.get(name, lambda name=name: self.loaded.append(name) or name) == name
        return list(self.loaded)


def test_recently_used_networks_are_kept() -> None:
    cache = CountingCache(capacity=8)
    assert cache.use("default", "default") == ["default"]
    cache = CountingCache(capacity=10)
    assert cache.use("aaaa", "bbb", "ccc") == ["aaaa", "bbb", "ccc"]
    assert cache.use("ccc", "bbb", "aaaa") == []
    assert cache.drops == 0
    assert cache.use("bbb", "ddd") == ["ddd"]
    assert cache.drops == 1
    assert cache.use("aaaa", "bbb", "ddd") == []
    assert cache.use("ccc") == ["ccc"]
    assert cache.networks.bytes == 10


def test_the_default_network_is_dropped_last() -> None:
    cache = CountingCache(capacity=10)
    cache.use("aaaa", "bbb", "ccc")
    # The default was used longest ago.
    assert cache.use("dddddd", "aaaa") == ["dddddd"]
    assert cache.use("bbbbbbbbb", "aaaa") == ["bbbbbbbbb", "aaaa"]


def test_a_network_larger_than_the_capacity_can_be_used() -> None:
    cache = CountingCache(capacity=2)
    assert cache.use("aaaa", "aaaa", "bbbb", "bbbb") == ["aaaa", "bbbb"]
    assert cache.networks.bytes == 4


def test_the_bytes_of_a_network_are_those_of_its_weights() -> None:
    network = tiny_network()
    weights = sum(parameter.nbytes for parameter in network.parameters())
    assert network_bytes(network) == weights
    assert network_bytes(network.bfloat16()) == weights / 2
