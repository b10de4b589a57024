"""Objectives: the functions of a network's activations that gradient ascent maximises.

The objective of a layer expression is the sum over its layers of weight · log(activation strength). The
logarithm makes the weights comparable: deep and shallow layers differ in scale by orders of magnitude.
With a single layer it only changes the length of the gradient, which the normalisation undoes. A guide
image adds three more objectives: matching the guide's features, exaggerating them, and taking its style.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.transforms import Transform
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective

_EPS = 1e-8


class ObjectiveFunction(Protocol):
    """A differentiable function of activations that does not depend on earlier calls."""

    @property
    def layers(self) -> Collection[str]:
        """Names of the layers whose activations it reads."""

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """Returns the value to maximise for each image.

        Args:
            features: Activation of each layer by name, `[batch, channels, height, width]`, or
                `[batch, classes]` for the logits of `classes`.

        Returns:
            `[batch]`.
        """


@runtime_checkable
class ClosedFormObjective(ObjectiveFunction, Protocol):
    """An objective whose gradient can be computed without autograd."""

    def closed_form(self, features: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]] | None:
        """Computes the values and their gradient.

        Where an activation is 0 its gradient is 0 too, so a ReLU before it needs no mask.

        Args:
            features: See `ObjectiveFunction`.

        Returns:
            The values, `[batch]`, and the gradient with respect to each layer; None if it has to come from
                autograd.
        """


class SeparableObjective(ObjectiveFunction, Protocol):
    """A weighted sum of terms, each of which reads one layer."""

    @property
    def weight(self) -> float:
        """The sum of the absolute weights."""

    def restricted_to(self, layers: Collection[str]) -> "SeparableObjective":
        """Returns the sum of the terms that read these layers.

        Args:
            layers: Names of layers, at least one of them its own.
        """


@runtime_checkable
class SpatialObjective(SeparableObjective, Protocol):
    """An objective that depends on positions in the image."""

    def transformed(self, transform: Transform) -> SeparableObjective:
        """Returns the objective of an image to which the transform was applied.

        Args:
            transform: Transform of the image.
        """


def transform_objective(objective: SeparableObjective, transform: Transform) -> SeparableObjective:
    """Returns the objective of a transformed image; most objectives do not depend on the transform.

    Args:
        objective: Objective of the image before the transform.
        transform: Transform of the image.
    """
    return objective.transformed(transform) if isinstance(objective, SpatialObjective) else objective


class LayerObjective:
    """The activation strength of the layers of an expression."""

    def __init__(self, terms: Sequence[LayerTerm], kind: Objective) -> None:
        """Creates the objective.

        Args:
            terms: Terms of the layer expression.
            kind: How activation strength is measured; see `activation_strength`.
        """
        self.terms, self.kind = tuple(terms), kind
        self.layers = frozenset(term.layer for term in terms)
        self.weight = sum(abs(term.weight) for term in terms)

    def restricted_to(self, layers: Collection[str]) -> "LayerObjective":
        """See `SeparableObjective`.

        Args:
            layers: See `SeparableObjective`.
        """
        return LayerObjective([term for term in self.terms if term.layer in layers], self.kind)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        return evaluate_objective(features, self.terms, self.kind)

    def closed_form(self, features: Mapping[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]] | None:
        """See `ClosedFormObjective`.

        Args:
            features: See `ObjectiveFunction`.
        """
        selected = (select_channels(features[term.layer], term) for term in self.terms)
        channels = (
            torch.tensor(term.channels, device=features[term.layer].device) if term.channels else None
            for term in self.terms
        )
        return closed_form_gradient(features, selected, self.terms, channels, self.kind)


def evaluate_objective(features: Mapping[str, Tensor], terms: Sequence[LayerTerm], kind: Objective) -> Tensor:
    """Evaluates the objective of a layer expression.

    Args:
        features: Activations of the layers that `terms` name; see `ObjectiveFunction`.
        terms: Terms of the expression.
        kind: How activation strength is measured.

    Returns:
        The value to maximise for each image, `[batch]`.
    """
    return torch.stack(
        [term.weight * _evaluate_term(select_channels(features[term.layer], term), kind) for term in terms]
    ).sum(dim=0)


def select_channels(activation: Tensor, term: LayerTerm) -> Tensor:
    """Selects the channels that a term names.

    Args:
        activation: `[batch, channels, …]`.
        term: Term of the layer of this activation.

    Returns:
        The named channels, or the whole activation if the term names none.
    """
    return activation[:, list(term.channels)] if term.channels else activation


def _evaluate_term(activation: Tensor, kind: Objective) -> Tensor:
    if activation.dim() == 2:
        # A logit may be negative, so it cannot be a logarithm; but like one, asinh keeps a class that is
        # easily reached from dominating the others.
        return torch.asinh(activation.float().mean(dim=1))
    if kind == "logit":
        # Before a ReLU a square would also reward negative values.
        return activation.float().flatten(1).mean(dim=1)
    return (activation_strength(activation, kind) + _EPS).log()


def activation_strength(features: Tensor, kind: Objective) -> Tensor:
    """Measures the strength of an activation.

    Args:
        features: `[batch, channels, height, width]`.
        kind: `ms` is the mean square, as in google/deepdream (2015). `eq` is the mean over channels of each
            channel's RMS, so that all channels count equally and no strong one dominates. `p4` is the square
            root of the mean fourth power, which concentrates the dream in one place.

    Returns:
        `[batch]`.
    """
    if kind == "p4":
        return (features.float().pow(4).mean(dim=(1, 2, 3)) + _EPS).sqrt()
    squares = features.float().square().mean(dim=(2, 3))
    return squares.mean(dim=1) if kind == "ms" else _floored_roots(squares).mean(dim=1)


def _floored_roots(squares: Tensor) -> Tensor:
    # A floor relative to the layer avoids dividing by zero in the square roots of silent channels.
    floor = 1e-4 * squares.detach().mean(dim=1, keepdim=True) + _EPS
    return (squares + floor).sqrt()


def closed_form_gradient(
    features: Mapping[str, Tensor],
    selected: Iterable[Tensor],
    terms: Sequence[LayerTerm],
    channels: Iterable[Tensor | None],
    kind: Objective,
) -> tuple[Tensor, dict[str, Tensor]] | None:
    """Computes the values of a layer expression and their gradient without autograd.

    The gradient is the activation times one number for each channel. On a CPU every operation is the one that
    autograd would run: dreams of stored recipes keep their pixels.

    Args:
        features: Activations of the layers; see `ObjectiveFunction`.
        selected: The channels of each term's layer that it reads. Not iterated where there is no closed form.
        terms: Terms of the expression.
        channels: Index tensor of these channels; None for all.
        kind: How activation strength is measured.

    Returns:
        See `ClosedFormObjective.closed_form`.
    """
    names = [term.layer for term in terms]
    if kind not in ("ms", "eq") or len(set(names)) < len(names):
        return None
    if any(features[name].dim() != 4 for name in names):
        return None
    values: list[Tensor] = []
    gradients: dict[str, Tensor] = {}
    for term, part, index in zip(terms, selected, channels, strict=True):
        activation = features[term.layer]
        compute = _closed_form_of_term if part.device.type == "cpu" else _closed_form_in_few_kernels
        value, gradient = compute(part, term.weight, kind)
        if index is not None:
            gradient = torch.zeros_like(activation).index_copy_(1, index, gradient)
        values.append(value)
        gradients[term.layer] = gradient
    return values[0] if len(values) == 1 else torch.stack(values).sum(dim=0), gradients


def _closed_form_of_term(activation: Tensor, weight: float, kind: Objective) -> tuple[Tensor, Tensor]:
    x = activation.float()
    squares = x.square().mean(dim=(2, 3))
    roots = _floored_roots(squares) if kind == "eq" else squares
    strength = roots.mean(dim=1) + _EPS
    # A tensor, because a number divided by a tensor is rounded twice.
    slope = (torch.full_like(strength, weight) / strength)[:, None] / squares.shape[1]
    if kind == "eq":
        slope = slope / (2 * roots)
    slope = 2 * (slope / (x.shape[2] * x.shape[3]))
    gradient = (x * slope[..., None, None]).to(activation.dtype)
    return weight * strength.log(), gradient


def _closed_form_in_few_kernels(activation: Tensor, weight: float, kind: Objective) -> tuple[Tensor, Tensor]:
    """Does the same, rounded differently; only the first and the last kernel read the whole activation."""
    channels, positions = activation.shape[1], activation.shape[2] * activation.shape[3]
    lengths = torch.linalg.vector_norm(activation, dim=(2, 3), dtype=torch.float32)
    squares = lengths.square_().div_(positions)
    roots = _floored_roots(squares) if kind == "eq" else squares
    strength = roots.mean(dim=1) + _EPS
    slope = (
        weight / (channels * positions) / (strength[:, None] * roots)
        if kind == "eq"
        else 2 * weight / (channels * positions) / strength[:, None]
    )
    gradient = torch.mul(activation, slope[..., None, None], out=torch.empty_like(activation))
    return weight * strength.log(), gradient


MAX_GUIDE_POSITIONS = 1024
"""Maximum number of guide positions that are searched for a match; neighbours are similar."""

_GUIDE_EPS = 1e-8
_MIN_COSINE = 0.1
_ASINH_KNEE = 1e-3
_MATCH_CHUNK = 16_384


class MatchObjective:
    """Pulls every position of the image towards the guide position that matches it best.

    The method is that of google/deepdream's guided dreams (2015): of all feature vectors of the guide at a
    layer, a position moves towards the one whose dot product with its own vector is greatest.
    """

    def __init__(self, terms: Sequence[LayerTerm], guide: Mapping[str, Tensor]) -> None:
        """Creates the objective.

        Args:
            terms: Terms of the layer expression.
            guide: The guide's activations by layer, `[1, channels, h, w]`.
        """
        self._terms, self._activations = terms, guide
        self._guide = [_feature_vectors(select_channels(guide[term.layer], term)) for term in terms]
        self.layers = frozenset(term.layer for term in terms)
        self.weight = sum(abs(term.weight) for term in terms)

    def restricted_to(self, layers: Collection[str]) -> "MatchObjective":
        """See `SeparableObjective`.

        Args:
            layers: See `SeparableObjective`.
        """
        return MatchObjective([term for term in self._terms if term.layer in layers], self._activations)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        values = []
        for term, guide in zip(self._terms, self._guide, strict=True):
            vectors = select_channels(features[term.layer], term).float().flatten(2)
            targets = guide[:, _best_matches(vectors.detach(), guide)].transpose(0, 1)
            scale = guide.square().sum(dim=0).mean()
            values.append(term.weight * _signed_log((vectors * targets).sum(dim=1).mean(dim=1), scale))
        return torch.stack(values).sum(dim=0)


class CaricatureObjective:
    """Exaggerates in each place what is characteristic of the guide there.

    An image that guides itself becomes its own caricature. The method is that of Lucid (Mordvintsev et al.,
    2018): the dot product times the cosine, which keeps the direction while the length grows. Here both are
    computed relative to the mean of the image, because what is the same everywhere needs no exaggeration.
    """

    def __init__(
        self,
        terms: Sequence[LayerTerm],
        guides: Sequence[Mapping[str, Tensor]],
        transform: Transform | None = None,
    ) -> None:
        """Creates the objective.

        Args:
            terms: Terms of the layer expression.
            guides: The guide's activations by layer, `[1, channels, h, w]`, at each size of the octaves.
            transform: Transform of the image, which is applied to the guide too.
        """
        self._terms, self._guides, self._transform = terms, guides, transform
        self.layers = frozenset(term.layer for term in terms)
        self.weight = sum(abs(term.weight) for term in terms)

    def restricted_to(self, layers: Collection[str]) -> "CaricatureObjective":
        """See `SeparableObjective`.

        Args:
            layers: See `SeparableObjective`.
        """
        terms = [term for term in self._terms if term.layer in layers]
        return CaricatureObjective(terms, self._guides, self._transform)

    def transformed(self, transform: Transform) -> "CaricatureObjective":
        """Returns the objective of an image to which the transform was applied.

        Args:
            transform: Transform of the image.
        """
        return CaricatureObjective(self._terms, self._guides, transform)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        values = []
        for term in self._terms:
            activation = _subtract_mean(select_channels(features[term.layer], term).float())
            guide = self._guide_at_size(term.layer, activation.shape[-2:])
            guide = _subtract_mean(select_channels(guide, term))
            dot = (activation * guide).sum(dim=1)
            lengths = (activation.square().sum(dim=1) * guide.square().sum(dim=1) + _GUIDE_EPS).sqrt()
            cosine = (dot / lengths).clamp(min=_MIN_COSINE)
            scale = guide.square().sum(dim=1).mean()
            values.append(term.weight * _signed_log((dot * cosine).mean(dim=(1, 2)), scale))
        return torch.stack(values).sum(dim=0)

    def _guide_at_size(self, layer: str, size: torch.Size) -> Tensor:
        guide = min(self._guides, key=lambda guide: abs(guide[layer].shape[-1] - size[-1]))[layer].float()
        if guide.shape[-2:] != size:
            guide = F.interpolate(guide, size, mode="bilinear", align_corners=False)
        return self._transform.apply(guide) if self._transform else guide


@dataclass(frozen=True)
class GramMatrix:
    """The mean products of each pair of a layer's channels: a texture, without where things are.

    Attributes:
        products: `[batch, channels, channels]` float32.
        positions: Number of positions that they are the mean of.
    """

    products: Tensor
    positions: int

    @classmethod
    def of(cls, activation: Tensor) -> "GramMatrix":
        """Computes the Gram matrix of an activation.

        Args:
            activation: `[batch, channels, height, width]`.
        """
        vectors = activation.float().flatten(2)
        return cls(vectors @ vectors.mT / vectors.shape[2], vectors.shape[2])


_STYLE_EPS = 1e-4


class StyleObjective:
    """Pulls the Gram matrices of the image towards those of the guide, and so its strokes and colours.

    The method is that of Gatys, Ecker and Bethge, "Image style transfer using convolutional neural networks"
    (2016). The content needs no term of its own: the ascent starts from the source and takes few steps. The
    distance of each layer is relative to the guide's matrix, and the logarithm lets none of them dominate.
    """

    def __init__(self, terms: Sequence[LayerTerm], targets: Sequence[Mapping[str, GramMatrix]]) -> None:
        """Creates the objective.

        Args:
            terms: Terms of the layer expression.
            targets: The guide's Gram matrices by layer, at each size of the octaves.
        """
        self._terms, self._targets = terms, targets
        self.layers = frozenset(term.layer for term in terms)
        self.weight = sum(abs(term.weight) for term in terms)

    def restricted_to(self, layers: Collection[str]) -> "StyleObjective":
        """See `SeparableObjective`.

        Args:
            layers: See `SeparableObjective`.
        """
        return StyleObjective([term for term in self._terms if term.layer in layers], self._targets)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        values = []
        for term in self._terms:
            gram = GramMatrix.of(select_channels(features[term.layer], term))
            target = self._target_at_size(term, gram.positions)
            distance = (gram.products - target).square().sum(dim=(1, 2))
            distance = distance / (target.square().sum() + _GUIDE_EPS)
            values.append(-term.weight * (distance + _STYLE_EPS).log())
        return torch.stack(values).sum(dim=0)

    def _target_at_size(self, term: LayerTerm, positions: int) -> Tensor:
        target = min(
            (targets[term.layer] for targets in self._targets),
            key=lambda target: abs(target.positions - positions),
        ).products
        channels = list(term.channels)
        return target[:, channels][:, :, channels] if channels else target


def _subtract_mean(activation: Tensor) -> Tensor:
    return activation - activation.mean(dim=(2, 3), keepdim=True)


def _feature_vectors(activation: Tensor) -> Tensor:
    """`[1, channels, h, w]` → `[channels, positions]`, subsampled to at most `MAX_GUIDE_POSITIONS`."""
    height, width = activation.shape[-2:]
    stride = math.ceil(math.sqrt(height * width / MAX_GUIDE_POSITIONS))
    return activation[0, :, ::stride, ::stride].float().flatten(1)


def _best_matches(vectors: Tensor, guide: Tensor) -> Tensor:
    """Finds for each position of `[batch, channels, n]` the best match in `[channels, m]`; `[batch, n]`."""
    chunks = torch.split(vectors, _MATCH_CHUNK, dim=2)
    return torch.cat([torch.einsum("nci,cj->nij", chunk, guide).argmax(dim=2) for chunk in chunks], dim=1)


def _signed_log(product: Tensor, scale: Tensor) -> Tensor:
    """Grows like a logarithm, so that layers of any scale have equal weight, but accepts negative values."""
    return torch.asinh(product / (_ASINH_KNEE * scale + _GUIDE_EPS))
