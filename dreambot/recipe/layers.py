"""The layer catalogue: every layer's names, what it shows, and how it likes to be dreamed.

Treatments and objectives per depth were chosen by eye; docs/looks.md says how to look again.
"""

import difflib
from dataclasses import dataclass
from typing import Literal

from dreambot.recipe.errors import RecipeError

Objective = Literal["ms", "eq", "p4", "logit"]
Gradient = Literal["laplacian", "blur", "mean_abs"]


@dataclass(frozen=True)
class Layer:
    """One layer of one model.

    `flops` is the cost of the forward pass up to here, in floating-point operations per input pixel
    (a multiply-add counts two); the gradient to the input costs the same again.
    `offered` layers are suggested to people; the others only work when named.
    """

    model: str
    name: str
    aliases: tuple[str, ...]
    channels: int
    flops: float
    shows: str
    objective: Objective
    gradient: Gradient
    bands: tuple[float, ...]
    chroma: float
    offered: bool = True


FINE = (0.3, 0.8, 1.0, 0.9)
COARSE = (0.2, 0.7, 1.0, 1.0)
BLUR = (1.0, 1.0, 1.0)


def _inception() -> tuple[Layer, ...]:
    def layer(
        name: str,
        alias: str,
        channels: int,
        flops: float,
        shows: str,
        *,
        objective: Objective = "ms",
        bands: tuple[float, ...] = FINE,
        chroma: float = 0.6,
        blur: bool = False,
        offered: bool = True,
    ) -> Layer:
        gradient: Gradient = "blur" if blur else "laplacian"
        bands = BLUR if blur else bands
        aliases = (alias,)
        return Layer(
            "inception_v3", name, aliases, channels, flops, shows, objective, gradient, bands, chroma, offered
        )

    return (
        layer("conv0", "Conv2d_1a_3x3", 32, 429, "colour outlines", blur=True, chroma=0.0, offered=False),
        layer("conv1", "Conv2d_2a_3x3", 32, 4929, "fine edges", blur=True, chroma=0.0, offered=False),
        layer("conv2", "Conv2d_2b_3x3", 64, 13931, "sawtooth edges", blur=True, chroma=0.0, offered=False),
        layer("conv3", "Conv2d_3b_1x1", 80, 14551, "bars and corners", blur=True, chroma=0.3, offered=False),
        layer("conv4", "Conv2d_4a_3x3", 192, 30768, "woven bars, hammered metal", blur=True, chroma=0.4),
        layer("mixed0", "Mixed_5b", 256, 38006, "mazes, labyrinth grooves", blur=True, chroma=0.4),
        layer("mixed1", "Mixed_5c", 288, 45855, "spirals and curls", blur=True, chroma=0.4),
        layer("mixed2", "Mixed_5d", 288, 53922, "beaded spirals, the first eyes", blur=True, chroma=0.4),
        layer("mixed3", "Mixed_6a", 768, 63419, "wheels, ringed eyes, spikes"),
        layer("mixed4", "Mixed_6b", 768, 72307, "eyes, primate faces, fur", objective="eq"),
        layer("mixed5", "Mixed_6c", 768, 83894, "dogs, fur, tartan, webs", objective="eq"),
        layer("mixed6", "Mixed_6d", 768, 95482, "dog heads, birds, knitting", objective="eq"),
        layer("mixed7", "Mixed_6e", 768, 110163, "painterly bits of animals", bands=COARSE, objective="eq"),
        layer("mixed8", "Mixed_7a", 1280, 117055, "foliage and feathers", bands=COARSE, objective="eq"),
        layer(
            "mixed9",
            "Mixed_7b",
            2048,
            124588,
            "speckled collage",
            bands=COARSE,
            objective="eq",
            offered=False,
        ),
        layer(
            "mixed10",
            "Mixed_7c",
            2048,
            133666,
            "speckled collage",
            bands=COARSE,
            objective="eq",
            offered=False,
        ),
    )


LAYERS: dict[str, tuple[Layer, ...]] = {"inception_v3": _inception()}


def find_layer(name: str, model: str = "inception_v3") -> Layer:
    """The layer of that name or alias, whatever the case. Raises RecipeError naming the nearest ones."""
    names = {known.lower(): layer for layer in LAYERS[model] for known in (layer.name, *layer.aliases)}
    found = names.get(name.strip().lower())
    if found:
        return found
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    shown = list(dict.fromkeys(names[key].name for key in near)) or ["mixed3", "mixed4", "mixed5"]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    raise RecipeError(f"There is no layer called “{name[:40]}”; did you mean {listed}?")
