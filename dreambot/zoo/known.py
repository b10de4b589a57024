"""The models that people may name, and which weights each name stands for. Imports no torch."""

from pathlib import Path

from dreambot.recipe.trained import Trained
from dreambot.zoo import cache as files
from dreambot.zoo import catalogue, registry
from dreambot.zoo.catalogue import UnknownModel
from dreambot.zoo.errors import WeightsError


def names(*, cache: Path | None = None) -> tuple[str, ...]:
    """The models there are: of packages, of torchvision, and the operator's own checkpoints."""
    return tuple(dict.fromkeys([*catalogue.MODELS, *catalogue.DOWNLOADS, *_registered(cache)]))


def trained(name: str, *, cache: Path | None = None) -> Trained:
    """The architecture and weights that a model's name stands for. UnknownModel lists the names there are;
    WeightsError if it is one that torchvision publishes and that was not fetched yet."""
    if name in catalogue.MODELS:
        return Trained(name, catalogue.MODELS[name].carrier.file.sha256)
    entry = _registered(cache).get(name)
    if entry is not None:
        return Trained(entry.architecture, entry.sha256)
    if name in catalogue.DOWNLOADS:
        raise WeightsError(
            f"The weights of {name} are not here yet; `dreambot models pull {name}` fetches them once.", name
        )
    raise UnknownModel(
        f"There is no network called “{name[:40]}”; there are {', '.join(names(cache=cache))}."
    )


def name_of(model: Trained, *, cache: Path | None = None) -> str | None:
    """The name that stands for an architecture with these weights; None if they are not known here."""
    if model.architecture in catalogue.MODELS and trained(model.architecture) == model:
        return model.architecture
    for name, entry in _registered(cache).items():
        if (entry.architecture, entry.sha256) == (model.architecture, model.weights):
            return name
    return None


def classes(name: str, *, cache: Path | None = None) -> int:
    """How many classes a registered model tells apart: 0 without a classifier. Those of packages and
    torchvision's are ImageNet's 1000."""
    entry = _registered(cache).get(name)
    return entry.classes if entry is not None else 1000


def _registered(cache: Path | None) -> dict[str, registry.Registered]:
    return registry.read(cache or files.default_folder())
