"""Recipes and network lookups for tests that need any valid one."""

from typing import Any

from dreambot.recipe import LayerTerm, Recipe
from dreambot.recipe.layers import TrainedModel


def make_recipe(**changes: Any) -> Recipe:
    """A small, quick recipe, but for what is asked otherwise."""
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
    return Recipe.model_validate({**fields, **changes})


def fake_trained(name: str) -> TrainedModel:
    """Every name is an architecture, with weights of no matter."""
    return TrainedModel(name, "0" * 64)
