"""GoogLeNet: what its layers show, as the literature has it ("Inceptionism", 2015, and "Feature
Visualization", Distill 2017, whose names these are).

`mixed4c` is the value behind the block's ReLU; `mixed4c_pre` is before it, where the single channels of the
literature were drawn.
"""

from functools import partial

from dreambot.recipe.models.layer import BLUR_BANDS, COARSE_BANDS, Layer, with_pre_relu

_edges = partial(Layer, "googlenet", gradient="blur", bands=BLUR_BANDS, chroma=0.4)
_shapes = partial(Layer, "googlenet")
_deep = partial(Layer, "googlenet", bands=COARSE_BANDS, objective="eq")


def _names(block: str) -> tuple[str, str]:
    """torchvision's name and Caffe's."""
    return f"inception{block}", f"inception_{block}/output"


LAYERS = (
    _edges("conv0", ("conv2d0", "conv1/7x7_s2"), 64, 4704, "colour outlines", offered=False),
    _edges("conv1", ("conv2d1", "conv2/3x3_reduce"), 64, 5216, "fine edges", offered=False),
    _edges("conv2", ("conv2d2", "conv2/3x3"), 192, 19040, "hatching and first curves"),
    *with_pre_relu(_edges("mixed3a", _names("3a"), 256, 23888, "curves, grids, woven textures")),
    *with_pre_relu(_shapes("mixed3b", _names("3b"), 480, 34480, "spirals, rings, the first eyes")),
    *with_pre_relu(_shapes("mixed4a", _names("4a"), 512, 37318, "eyes, wheels, fur, scales")),
    *with_pre_relu(_shapes("mixed4b", _names("4b"), 512, 40630, "snouts, arches, feathers")),
    *with_pre_relu(_shapes("mixed4c", _names("4c"), 512, 44418, "dogs, birds, pagodas: the look of 2015")),
    *with_pre_relu(_shapes("mixed4d", _names("4d"), 528, 48886, "animal heads, towers", objective="eq")),
    *with_pre_relu(
        _shapes("mixed4e", _names("4e"), 832, 55150, "whole animals, cars, houses", objective="eq")
    ),
    *with_pre_relu(_deep("mixed5a", _names("5a"), 832, 57058, "scenes and animals, blended")),
    *with_pre_relu(_deep("mixed5b", _names("5b"), 1024, 59684, "a collage of many things", offered=False)),
    _deep(
        "classes",
        ("fc", "loss3/classifier"),
        1000,
        59725,
        "the thing itself",
        objective="logit",
        offered=False,
    ),
)
