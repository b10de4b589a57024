"""The facts of the catalogue are in THIRD_PARTY.md too."""

from pathlib import Path

import pytest

from dreambot.zoo.catalogue import DOWNLOADS, MODELS, PackagedModel, TorchvisionModel
from dreambot.zoo.weights import weights_sha256

THIRD_PARTY = Path(__file__).parents[2] / "THIRD_PARTY.md"


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_authors_and_package_are_documented(model: PackagedModel) -> None:
    _, heading, section = THIRD_PARTY.read_text("utf-8").partition(f"\n### {model.name}\n")
    assert heading
    section = section.partition("\n#")[0]
    carrier = model.carrier
    assert model.authors.split(" (")[0] in section
    assert f"{carrier.package} {carrier.version}" in section
    for file in (carrier.archive, carrier.file):
        assert file.name in section
        assert file.sha256 in section
        assert f"{file.size:,}" in section


def test_the_default_weights_are_identified_by_the_hash_of_their_file() -> None:
    assert weights_sha256("inception_v3").startswith("7ff4a85c")


@pytest.mark.parametrize("download", DOWNLOADS.values(), ids=DOWNLOADS.keys())
def test_torchvisions_weights_are_documented(download: TorchvisionModel) -> None:
    text = THIRD_PARTY.read_text("utf-8")
    for word in (download.name, download.weights, download.file):
        assert word in text
