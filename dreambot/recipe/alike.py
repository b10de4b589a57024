"""Which dreams can share a batch, told from their recipes alone."""

from collections.abc import Hashable

from dreambot.recipe.recipe import Recipe


def batch_key(recipe: Recipe) -> Hashable | None:
    """Dreams of equal keys can share a batch; None for a recipe whose dream cannot.

    They may differ in their seeds, the steps' lengths and how far they are rolled, and in their light.
    """
    more = (
        recipe.guide,
        recipe.mask,
        recipe.bends,
        recipe.hellscape,
        recipe.moving,
        recipe.parametrisation != "pixels",
        recipe.tile,
        recipe.rotation,
        recipe.scaling,
        recipe.closeness,
        recipe.keep_colour,
        any(term.strongest and not term.channels for term in recipe.layers),
    )
    if any(more):
        return None
    return (
        recipe.model,
        recipe.weights,
        recipe.precision,
        recipe.layers,
        recipe.objective,
        recipe.gradient,
        recipe.bands,
        recipe.chroma,
        recipe.sizes,
        recipe.steps,
        recipe.octaves_above,
    )
