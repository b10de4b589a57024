"""torchvision's InceptionV3: the blocks of `inception_v3`, which see, with other weights, and its classes."""

from dataclasses import replace

from dreambot.recipe.models import inception_v3
from dreambot.recipe.models.layer import COARSE_BANDS, Layer

_MODEL = "inception_v3_torchvision"

LAYERS = (
    *(replace(layer, model=_MODEL) for layer in inception_v3.LAYERS),
    Layer(
        _MODEL,
        "classes",
        ("fc",),
        1000,
        133712,
        "the thing itself",
        "logit",
        bands=COARSE_BANDS,
        offered=False,
    ),
)
