"""Which recipes can take the two fast paths of the engine: batches, and steps as captured CUDA graphs.

Every field of a recipe declares its part in this, see `FastPath`.
"""

from collections.abc import Hashable, Iterable
from typing import Literal

from dreambot.recipe.recipe import FastPath, Recipe


def _names_by(path: Literal["batch", "graph"], rule: str) -> tuple[str, ...]:
    """The fields of a recipe that declare this about a fast path."""
    return tuple(
        name
        for name, field in Recipe.model_fields.items()
        for declared in field.metadata
        if isinstance(declared, FastPath) and getattr(declared, path) == rule
    )


_BATCH_DEFAULT, _BATCH_SAME = _names_by("batch", "default"), _names_by("batch", "same")
_GRAPH_DEFAULT = _names_by("graph", "default")


def _has_defaults(recipe: Recipe, names: Iterable[str]) -> bool:
    return all(getattr(recipe, name) == Recipe.model_fields[name].default for name in names)


def batch_key(recipe: Recipe) -> Hashable | None:
    """Returns what recipes must have in common to share a batch.

    Args:
        recipe: The recipe.

    Returns:
        Recipes with equal keys can share a batch; None if this one cannot be batched.
    """
    if not _has_defaults(recipe, _BATCH_DEFAULT) or any(term.unresolved for term in recipe.layers):
        return None
    if recipe.palette == "source":
        return None
    return (recipe.sizes, *(getattr(recipe, name) for name in _BATCH_SAME))


def can_be_captured(recipe: Recipe) -> bool:
    """Whether the steps of a recipe can run as a CUDA graph.

    Args:
        recipe: The recipe. Its terms are not looked at: their strongest channels must be known.
    """
    return _has_defaults(recipe, _GRAPH_DEFAULT) and recipe.palette != "source"
