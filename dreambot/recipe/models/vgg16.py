"""VGG16: what its layers show. Looked at one by one; docs/looks.md says how to look again.

`conv4_3` is the value behind the ReLU; `conv4_3_pre` is before it.
"""

from functools import partial

from dreambot.recipe.models.layer import BLUR_BANDS, Layer, with_pre_relu

_edges = partial(Layer, "vgg16", gradient="blur", bands=BLUR_BANDS)
_shapes = partial(Layer, "vgg16", bands=(0.5, 1.0, 1.0, 0.7))

LAYERS = (
    _edges("conv1_1", ("relu1_1",), 64, 3456, "bold outlines", chroma=0.0, offered=False),
    _edges("conv1_2", ("relu1_2",), 64, 77184, "spots", chroma=0.0, offered=False),
    _edges("conv2_1", ("relu2_1",), 128, 114048, "seeds and sockets", chroma=0.3, offered=False),
    _edges("conv2_2", ("relu2_2",), 128, 187776, "beady spots", chroma=0.3, offered=False),
    *with_pre_relu(_edges("conv3_1", ("relu3_1",), 256, 224640, "grooves, carved panels", chroma=0.4)),
    *with_pre_relu(_edges("conv3_2", ("relu3_2",), 256, 298368, "cells with little eyes", chroma=0.4)),
    *with_pre_relu(_shapes("conv3_3", ("relu3_3",), 256, 372096, "bulging eyes, organs")),
    *with_pre_relu(_shapes("conv4_1", ("relu4_1",), 512, 408960, "eyes in combed fur")),
    *with_pre_relu(_shapes("conv4_2", ("relu4_2",), 512, 482688, "clean round eyes")),
    *with_pre_relu(_shapes("conv4_3", ("relu4_3",), 512, 556416, "unmistakable puppies")),
    *with_pre_relu(_shapes("conv5_1", ("relu5_1",), 512, 574848, "puppies, glassware", objective="eq")),
    *with_pre_relu(
        _shapes("conv5_2", ("relu5_2",), 512, 593280, "frogs and reptiles, towers, ships", objective="eq")
    ),
    *with_pre_relu(_shapes("conv5_3", ("relu5_3",), 512, 611712, "a jumble", objective="eq", offered=False)),
)
