"""A hellscape's journey: where it goes when nobody says, and how long it stays anywhere."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from dreambot.recipe.grammar import LayerTerm, parse_journey
from dreambot.recipe.layers import LAYERS, Layer, find_layer

Leg = tuple[LayerTerm, ...]

# Each is unmistakable and unlike the one before: round eyes, human eyes, lightning, masks, apes, serpents.
_NIGHTMARES = {
    "inception_v3": "mixed4[68,47,728] > mixed5[256,310,320] > mixed4[48,617] > mixed5[176] > mixed4[356]"
    " > mixed4[738]",
    "vgg16": "conv4_2 > conv4_3 > conv4_1 > conv5_1",
}

_STAY = 30
_DEEP_STAY, _REST = 24, 12
"""Fed back, a whole deep layer is chicken wire after some forty frames, whatever it began with."""
_FADE = 12


@dataclass(frozen=True)
class Stations:
    """legs: what is dreamed in turn. frames: how many dreamed frames each lasts, or one number for all.
    fades: how many of them, at its end, blend into the next; again each, or one for all."""

    legs: tuple[Leg, ...]
    frames: tuple[int, ...]
    fades: tuple[int, ...]


def nightmare(model: str) -> str:
    """The journey of a hellscape for which none was named."""
    if model in _NIGHTMARES:
        return _NIGHTMARES[model]
    middle = len(_trunk(model)) * 2 // 3
    return " > ".join(layer.name for layer in _trunk(model)[middle - 1 : middle + 2])


def stations(journey: str, model: str, dreamed: int, *, loop: bool = False) -> Stations:
    """The stations of a journey that people write, for a film of that many dreamed frames.

    Journeys through channels are hard cuts of what is climbed: the picture morphs by itself in ten frames.
    From one whole layer to another is a fade. A journey that the film is too short for is made shorter; in
    a loop it goes round a whole number of times. Raises RecipeError as `parse_journey` does.
    """
    legs = parse_journey(journey, model)
    stays = [_DEEP_STAY if _deep(leg, model) else _STAY for leg in legs]
    if len(legs) == 1 and stays[0] < dreamed and _deep(legs[0], model):
        legs, stays = (legs[0], _rest(model)), [stays[0], _REST]
    lasting = _fitted(stays, dreamed, loop=loop)
    fades = [
        min(_FADE, length // 2) if _whole(leg) and _whole(following) else 0
        for length, (leg, following) in zip(lasting, pairwise((*legs, legs[0])), strict=True)
    ]
    return Stations(legs, _plain(lasting), _plain(fades) if len(legs) > 1 else (0,))


def _whole(leg: Leg) -> bool:
    return not any(term.channels or term.strongest for term in leg)


def _deep(leg: Leg, model: str) -> bool:
    worn = _trunk(model)[len(_trunk(model)) * 3 // 5].flops
    return _whole(leg) and any(find_layer(term.layer, model).flops >= worn for term in leg)


def _rest(model: str) -> Leg:
    """Where a film that stays in one deep layer goes now and then, so that it does not wear out."""
    trunk = _trunk(model)
    return (LayerTerm(layer=trunk[len(trunk) * 3 // 5 - 1].name),)


def _trunk(model: str) -> list[Layer]:
    """The layers worth a whole leg, shallowest first."""
    return [layer for layer in LAYERS[model] if layer.offered and layer.objective != "logit"]


def _fitted(stays: list[int], dreamed: int, *, loop: bool) -> list[int]:
    """The stays, shortened evenly where the film, or a round of its loop, has no time for all of them."""
    wanted = sum(stays)
    rounds = -(-dreamed // wanted) if loop else 1
    there = min(wanted, dreamed // rounds)
    ends = [end * there // wanted for end in accumulate(stays, initial=0)]
    return [max(1, end - begin) for begin, end in pairwise(ends)]


def _plain(numbers: list[int]) -> tuple[int, ...]:
    """One number for all where they are the same."""
    return (numbers[0],) if len(set(numbers)) == 1 else tuple(numbers)
