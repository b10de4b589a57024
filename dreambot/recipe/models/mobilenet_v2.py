"""MobileNetV2: what its layers show. Looked at one by one; docs/looks.md says how to look again.

Its blocks end without a ReLU, so none of their channels is ever silent.
"""

from functools import partial

from dreambot.recipe.models.layer import BLUR_BANDS, COARSE_BANDS, Layer

_edges = partial(Layer, "mobilenet_v2", gradient="blur", bands=BLUR_BANDS)
# With less of what the finer bands leave over: this network likes to turn all that is bright white.
_LIGHT = (0.5, 1.0, 1.0, 0.4)
_shapes = partial(Layer, "mobilenet_v2", bands=_LIGHT, chroma=0.5)
_faces = partial(Layer, "mobilenet_v2", bands=_LIGHT)
_deep = partial(Layer, "mobilenet_v2", bands=COARSE_BANDS, objective="eq")

LAYERS = (
    _edges("conv0", ("features.0",), 32, 432, "colour outlines", chroma=0.0, offered=False),
    _edges("block1", ("features.1",), 16, 832, "hard spots", chroma=0.0, offered=False),
    _edges("block2", ("features.2",), 24, 1996, "zebra hatching", chroma=0.3),
    _edges("block3", ("features.3",), 24, 3022, "basketwork", chroma=0.4),
    _shapes("block4", ("features.4",), 32, 3638, "neon ribs"),
    _shapes("block5", ("features.5",), 32, 4076, "ribbed caves"),
    _shapes("block6", ("features.6",), 32, 4514, "ribs, honeycomb, the first eyes"),
    _shapes("block7", ("features.7",), 64, 4816, "ringed eyes everywhere"),
    _shapes("block8", ("features.8",), 64, 5227, "glassy eyes in rows"),
    _shapes("block9", ("features.9",), 64, 5638, "glassy eyes, shells"),
    _shapes("block10", ("features.10",), 64, 6049, "eyes, scales, reptile ribs"),
    _faces("block11", ("features.11",), 96, 6556, "clusters of noses and eyes"),
    _faces("block12", ("features.12",), 96, 7460, "furry heads of many eyes"),
    _faces("block13", ("features.13",), 96, 8365, "spider-eyed teddy bears"),
    _faces("block14", ("features.14",), 160, 8987, "foxes, insects, berries"),
    _deep("block15", ("features.15",), 160, 9604, "foxes, birds, beads"),
    _deep("block16", ("features.16",), 160, 10221, "fine fur, arches"),
    _deep("block17", ("features.17",), 320, 11138, "foliage and cobweb", offered=False),
    _deep("conv18", ("features.18",), 1280, 11938, "a faint jumble", offered=False),
    _deep(
        "classes", ("classifier", "logits"), 1000, 11989, "the thing itself", objective="logit", offered=False
    ),
)
