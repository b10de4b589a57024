"""Requests, recipes, layers, the intensity dial and costs.

Uses only the standard library and pydantic, so that every process can import it.
"""

from dreambot.recipe.bends import BendTerm
from dreambot.recipe.dream import DreamRequest, SourceFacts, resolve_dream
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import LayerTerm, format_journey, format_layers, parse_journey, parse_layers
from dreambot.recipe.guide import Guide
from dreambot.recipe.layers import LAYERS, Layer, find_layer
from dreambot.recipe.recipe import MAX_RECIPE_BYTES, Precision, Recipe
from dreambot.recipe.video import HellscapeParams, VideoParams

__all__ = [
    "LAYERS",
    "MAX_RECIPE_BYTES",
    "BendTerm",
    "DreamRequest",
    "Guide",
    "HellscapeParams",
    "Layer",
    "LayerTerm",
    "Precision",
    "Recipe",
    "RecipeError",
    "SourceFacts",
    "VideoParams",
    "find_layer",
    "format_journey",
    "format_layers",
    "parse_journey",
    "parse_layers",
    "resolve_dream",
]
