"""MobileNetV2: what its layers show. Looked at one by one; docs/looks.md says how to look again.

Its blocks end without a ReLU, so none of their channels is ever silent.
"""

from functools import partial

from dreambot.recipe.models.layer import BLUR, COARSE, Layer

_edges = partial(Layer, "mobilenet_v2", gradient="blur", bands=BLUR, chroma=0.4)
_shapes = partial(Layer, "mobilenet_v2")
_deep = partial(Layer, "mobilenet_v2", bands=COARSE, objective="eq")

LAYERS = (
    _edges("conv0", ("features.0",), 32, 432, "colour outlines", offered=False),
    _edges("block1", ("features.1",), 16, 832, "fine edges", offered=False),
    _edges("block2", ("features.2",), 24, 1996, "hatching"),
    _edges("block3", ("features.3",), 24, 3022, "hatching"),
    _shapes("block4", ("features.4",), 32, 3638, "hatching"),
    _shapes("block5", ("features.5",), 32, 4076, "hatching"),
    _shapes("block6", ("features.6",), 32, 4514, "hatching"),
    _shapes("block7", ("features.7",), 64, 4816, "hatching"),
    _shapes("block8", ("features.8",), 64, 5227, "hatching"),
    _shapes("block9", ("features.9",), 64, 5638, "hatching"),
    _shapes("block10", ("features.10",), 64, 6049, "hatching"),
    _shapes("block11", ("features.11",), 96, 6556, "hatching"),
    _shapes("block12", ("features.12",), 96, 7460, "hatching"),
    _shapes("block13", ("features.13",), 96, 8365, "hatching"),
    _deep("block14", ("features.14",), 160, 8987, "hatching"),
    _deep("block15", ("features.15",), 160, 9604, "hatching"),
    _deep("block16", ("features.16",), 160, 10221, "hatching"),
    _deep("block17", ("features.17",), 320, 11138, "hatching"),
    _deep("conv18", ("features.18",), 1280, 11938, "hatching"),
    _deep("classes", ("classifier", "logits"), 1000, 11989, "hatching", objective="logit"),
)
