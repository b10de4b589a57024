"""Where on a cluster there is something to dream on."""

from collections.abc import Iterable
from dataclasses import dataclass

from dreambot import __version__


@dataclass(frozen=True)
class Node:
    """A machine of the cluster. address: what the others reach it by. gpus, cpus: as many as it offers."""

    id: str
    address: str
    gpus: int
    cpus: int


@dataclass(frozen=True)
class Place:
    """A device of a machine. device: as the engine there knows it. gpus, cpus: what of the machine it takes;
    index: of several, which."""

    node: Node
    index: int
    device: str
    gpus: int
    cpus: int

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return f"{self.node.address} {'GPU' if self.gpus else self.device} {self.index}"

    def host_name(self, engine: str) -> str:
        """The name by which every bot finds the same host; one of another version has its own."""
        return f"{__version__} {engine} {self.node.id} {self.device} {self.index}"


def places(nodes: Iterable[Node], device: str) -> list[Place]:
    """What there is to dream on. device: "auto" or "cuda" is every GPU; "cpu" or "mps" is one place on every
    machine that offers processors, and takes them all."""
    if device in ("cpu", "mps"):
        return [Place(node, 0, device, 0, node.cpus) for node in nodes if node.cpus]
    return [Place(node, index, "cuda:0", 1, 0) for node in nodes for index in range(node.gpus)]
