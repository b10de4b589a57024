"""Which of many tensors a network is made of."""

from collections.abc import Iterator, Mapping

from torch import Tensor


class Watched(Mapping[str, Tensor]):
    """Tensors that remember which of them were asked for."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        value = self._tensors[name]
        self.asked.add(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)
