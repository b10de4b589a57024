"""InceptionV3: what its layers show. Looked at one by one; docs/looks.md says how to look again."""

from functools import partial

from dreambot.recipe.models.layer import BLUR_BANDS, COARSE_BANDS, Layer

_edges = partial(Layer, "inception_v3", gradient="blur", bands=BLUR_BANDS)
_shapes = partial(Layer, "inception_v3")

LAYERS = (
    _edges("conv0", ("Conv2d_1a_3x3",), 32, 429, "colour outlines", chroma=0.0, offered=False),
    _edges("conv1", ("Conv2d_2a_3x3",), 32, 4929, "fine edges", chroma=0.0, offered=False),
    _edges("conv2", ("Conv2d_2b_3x3",), 64, 13931, "sawtooth edges", chroma=0.0, offered=False),
    _edges("conv3", ("Conv2d_3b_1x1",), 80, 14551, "bars and corners", chroma=0.3, offered=False),
    _edges("conv4", ("Conv2d_4a_3x3",), 192, 30768, "woven bars, hammered metal", chroma=0.4),
    _edges("mixed0", ("Mixed_5b",), 256, 38006, "mazes, labyrinth grooves", chroma=0.4),
    _edges("mixed1", ("Mixed_5c",), 288, 45855, "spirals and curls", chroma=0.4),
    _edges("mixed2", ("Mixed_5d",), 288, 53922, "beaded spirals, the first eyes", chroma=0.4),
    _shapes("mixed3", ("Mixed_6a",), 768, 63419, "wheels, ringed eyes, spikes"),
    _shapes("mixed4", ("Mixed_6b",), 768, 72307, "eyes, primate faces, fur", objective="eq"),
    _shapes("mixed5", ("Mixed_6c",), 768, 83894, "dogs, fur, tartan, webs", objective="eq"),
    _shapes("mixed6", ("Mixed_6d",), 768, 95482, "dog heads, birds, knitting", objective="eq"),
    _shapes(
        "mixed7", ("Mixed_6e",), 768, 110163, "painterly bits of animals", objective="eq", bands=COARSE_BANDS
    ),
    _shapes(
        "mixed8", ("Mixed_7a",), 1280, 117055, "foliage and feathers", objective="eq", bands=COARSE_BANDS
    ),
    _shapes(
        "mixed9",
        ("Mixed_7b",),
        2048,
        124588,
        "speckled collage",
        objective="eq",
        bands=COARSE_BANDS,
        offered=False,
    ),
    _shapes(
        "mixed10",
        ("Mixed_7c",),
        2048,
        133666,
        "speckled collage",
        objective="eq",
        bands=COARSE_BANDS,
        offered=False,
    ),
)
