"""ResNet50: what its layers show, as the literature has it; it dreams finer and noisier than Inceptions do.

`res4c` is the value behind the block's ReLU; `res4c_pre` is the residual sum itself. The sum is where it
matters most: what the blocks pass on to each other goes below zero as often as above, and the ReLU hides half
of it.
"""

from functools import partial

from dreambot.recipe.models.layer import BLUR_BANDS, COARSE_BANDS, Layer, with_pre_relu

_edges = partial(Layer, "resnet50", gradient="blur", bands=BLUR_BANDS, chroma=0.4)
_shapes = partial(Layer, "resnet50")
_deep = partial(Layer, "resnet50", bands=COARSE_BANDS, objective="eq")

LAYERS = (
    _edges("conv1", ("relu",), 64, 4704, "colour outlines", offered=False),
    *with_pre_relu(_edges("res2a", ("layer1.0",), 256, 13920, "edges and grids", offered=False)),
    *with_pre_relu(_edges("res2b", ("layer1.1",), 256, 22624, "meshes", offered=False)),
    *with_pre_relu(_edges("res2c", ("layer1.2",), 256, 31328, "meshes and dots")),
    *with_pre_relu(_edges("res3a", ("layer2.0",), 512, 46176, "weaves, small curls")),
    *with_pre_relu(_edges("res3b", ("layer2.1",), 512, 54880, "curls and beads")),
    *with_pre_relu(_shapes("res3c", ("layer2.2",), 512, 63584, "rings and stripes")),
    *with_pre_relu(_shapes("res3d", ("layer2.3",), 512, 72288, "rings, the first eyes")),
    *with_pre_relu(_shapes("res4a", ("layer3.0",), 1024, 87136, "eyes, fur, scales")),
    *with_pre_relu(_shapes("res4b", ("layer3.1",), 1024, 95840, "eyes and snouts")),
    *with_pre_relu(_shapes("res4c", ("layer3.2",), 1024, 104544, "animal faces")),
    *with_pre_relu(_shapes("res4d", ("layer3.3",), 1024, 113248, "animal faces", objective="eq")),
    *with_pre_relu(_shapes("res4e", ("layer3.4",), 1024, 121952, "animals, wheels, houses", objective="eq")),
    *with_pre_relu(_shapes("res4f", ("layer3.5",), 1024, 130656, "animals, wheels, houses", objective="eq")),
    *with_pre_relu(_deep("res5a", ("layer4.0",), 2048, 145504, "blended animals and things")),
    *with_pre_relu(_deep("res5b", ("layer4.1",), 2048, 154208, "blended animals and things", offered=False)),
    *with_pre_relu(_deep("res5c", ("layer4.2",), 2048, 162912, "a speckled collage", offered=False)),
    _deep("classes", ("fc",), 1000, 162994, "the thing itself", objective="logit", offered=False),
)
