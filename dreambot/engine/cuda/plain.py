"""Which steps and which dreams the fast path can do, and which of these can share a batch."""

from collections.abc import Hashable

from dreambot.engine.cuda.step import Kind
from dreambot.recipe import LayerTerm, Recipe


def kind_of(recipe: Recipe, terms: tuple[LayerTerm, ...]) -> Kind | None:
    """The kind of a recipe's steps that climb these terms; None if they do more than the fast path can.

    Guides and masks are not asked for here: a score and a climb tell of them.
    """
    more = (
        recipe.rotation,
        recipe.scaling,
        recipe.closeness,
        recipe.keep_colour,
        any(term.strongest and not term.channels for term in terms),
    )
    if any(more):
        return None
    return Kind(terms, recipe.objective, recipe.gradient, recipe.bands, recipe.chroma)


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
    )
    kind = None if any(more) else kind_of(recipe, recipe.layers)
    if kind is None:
        return None
    return (
        recipe.model,
        recipe.weights,
        recipe.precision,
        kind,
        recipe.sizes,
        recipe.steps,
        recipe.octaves_above,
    )
