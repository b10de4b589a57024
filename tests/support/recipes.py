"""Recipes and network lookups for tests that need any valid one."""

from typing import Any

from dreambot.recipe import LayerTerm, Recipe
from dreambot.recipe.expression import other_models
from dreambot.recipe.layers import TrainedModel


def make_recipe(**changes: Any) -> Recipe:
    """Returns a small, quick recipe with the given changes."""
    fields: dict[str, Any] = {
        "model": "inception_v3",
        "weights": "0" * 64,
        "layers": (LayerTerm(layer="mixed5"),),
        "objective": "ms",
        "octaves": 2,
        "octave_scale": 1.4,
        "steps": 3,
        "step": 0.1,
        "cooling": 0.5,
        "jitter": 8,
        "gradient": "mean_abs",
        "bands": (),
        "chroma": 1.0,
        "width": 40,
        "height": 30,
        "seed": 1,
        "precision": "fp32",
    }
    fields |= changes
    if all(isinstance(term, LayerTerm) for term in fields["layers"]):
        others = other_models(fields["layers"], fields["model"])
        fields.setdefault("other_weights", [(name, "0" * 64) for name in others])
    return Recipe.model_validate(fields)


def fake_trained(name: str) -> TrainedModel:
    """Returns a model with this name and arbitrary weights."""
    return TrainedModel(name, "0" * 64)
