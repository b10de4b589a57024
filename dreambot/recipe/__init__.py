"""What can be asked: requests, recipes, layers, the intensity dial and costs.

Standard library and pydantic only, so that every process can afford it.
"""

from dreambot.recipe.bends import BendTerm
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.film import Hellscape, Moving
from dreambot.recipe.grammar import LayerTerm, format_journey, format_layers, parse_journey, parse_layers
from dreambot.recipe.guide import Guide
from dreambot.recipe.layers import LAYERS, Layer, find_layer
from dreambot.recipe.recipe import MAX_RECIPE_BYTES, Precision, Recipe
from dreambot.recipe.request import DreamRequest
from dreambot.recipe.resolve import SourceFacts, resolve

__all__ = [
    "LAYERS",
    "MAX_RECIPE_BYTES",
    "BendTerm",
    "DreamRequest",
    "Guide",
    "Hellscape",
    "Layer",
    "LayerTerm",
    "Moving",
    "Precision",
    "Recipe",
    "RecipeError",
    "SourceFacts",
    "find_layer",
    "format_journey",
    "format_layers",
    "parse_journey",
    "parse_layers",
    "resolve",
]
