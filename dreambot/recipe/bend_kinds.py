"""The catalogue of circuit bends: what each does, and how far it goes.

Ranges were chosen by eye on InceptionV3, the mild end so that a picture stays beautiful, the wild end so that
it is still worth posting. `dreambot dream photo.jpg -o out.png --bend cut@mixed1=0.3` looks again.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

BendKind = Literal[
    "cut",
    "solo",
    "swap",
    "shift",
    "invert",
    "power",
    "gain",
    "noise",
    "matrix",
    "feedback",
    "gate",
    "delay",
    "crosstalk",
    "fold",
]


@dataclass(frozen=True)
class Bend:
    """A kind of bend. `does` is for people; `unit` says what an amount counts.

    `mild` and `wild` are the amounts of chaos 1 and 11 (of solo, less is wilder); between `least` and `most`
    any amount is taken. `depth` is where in a network, as a share of its layers, chance uses it; people may
    bend anywhere. `whole`: only whole numbers mean something.
    """

    kind: BendKind
    does: str
    unit: str
    mild: float
    wild: float
    least: float
    most: float
    depth: tuple[float, float] = (0.25, 0.47)
    whole: bool = False

    def at(self, share: float) -> float:
        """The amount at a share, 0 to 1, of the way from mild to wild."""
        amount = self.mild + share * (self.wild - self.mild)
        return float(round(amount)) if self.whole else round(amount, 2)

    def objection(self, amount: float) -> str | None:
        """What is wrong with an amount, in words; None if nothing is."""
        if self.least <= amount <= self.most and (not self.whole or float(amount).is_integer()):
            return None
        low, high, mild, wild = map(plain, (self.least, self.most, self.mild, self.wild))
        takes = "takes a whole number," if self.whole else "takes"
        return f"{self.kind} {takes} {low} to {high} ({self.unit}); {mild} is mild, {wild} is wild"


def plain(amount: float) -> str:
    """A number as people write it: 0.3, 12, never 1e-05."""
    return format(Decimal(repr(amount)), "f").removesuffix(".0")


_CHANNELS = "share of the channels"

BENDS: dict[str, Bend] = {
    bend.kind: bend
    for bend in (
        Bend("cut", "silences channels: new palettes", _CHANNELS, 0.3, 0.9, 0, 0.99),
        Bend("solo", "lets only few channels be heard: tiles, tartan", _CHANNELS, 0.35, 0.05, 0.002, 1),
        Bend("swap", "plugs channels into each other's places", _CHANNELS, 0.15, 1, 0, 1),
        Bend("shift", "plugs every channel in some places further on", "places", 1, 32, 0, 4096, whole=True),
        Bend("invert", "turns channels upside down: veins, cracks", _CHANNELS, 0.15, 1, 0, 1),
        Bend("power", "makes the loud louder: bullseyes", "exponent", 1.3, 2.2, 0.2, 4),
        Bend("gain", "turns every channel's volume at random: bricks", "spread", 0.4, 1.6, 0, 8),
        Bend("noise", "shakes the weights: runes", "share of their spread", 0.3, 1.6, 0, 4),
        Bend("matrix", "wires every channel to every other: dunes", "strength", 0.4, 2, 0, 8),
        Bend(
            "feedback", "lets the last step leak back: bubbles", "share kept", 0.4, 0.9, 0, 0.98, (0.3, 0.47)
        ),
        Bend("gate", "lets only peaks through: combed fur", "deviations over the mean", 0.7, 2.2, 0, 6),
        Bend("delay", "makes louder what was loud a step ago", "strength", 0.4, 1.5, 0, 8),
        Bend("crosstalk", "lets channels overhear their neighbours: green skin", "share", 0.3, 1, 0, 1),
        Bend("fold", "folds the loud back down: scales, rings", "drive", 0.5, 2, 0, 8),
    )
}
