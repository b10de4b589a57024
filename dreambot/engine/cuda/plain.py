"""Which steps the fast path can do."""

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
