"""What stands with a result: caption, recipe, a description for those who do not see it, the file's name."""

from dreambot.chat.captions import zalgo
from dreambot.chat.look import look_in_words
from dreambot.chat.words import Words
from dreambot.chat.words.english import from_english
from dreambot.jobs.types import Ask, Finished
from dreambot.recipe import Recipe
from dreambot.recipe.resolve import DEFAULT_INTENSITY
from dreambot.recipe.summon import LAYER, format_classes

PRESSES = frozenset({"deeper", "louder", "quieter", "layer", "bend", "zoom", "again"})
"""The buttons under a result that dream on, as `Ask.press` names them."""
_LONGEST_CONTENT = 1800
_LONGEST_ALT = 1024
_LONGEST_PART = 300
_LONGEST_NAME = 60


def content(plain: str, recipe: Recipe, *, corrupted: bool) -> str:
    """What stands above a dreamed picture: the caption, then the recipe in plain words. plain: the caption.
    corrupted: whether it may fall apart."""
    shown = zalgo(plain, recipe.intensity or DEFAULT_INTENSITY, recipe.seed) if corrupted else plain
    beneath = f"`{_clipped(recipe_words(recipe), _LONGEST_CONTENT - len(shown) - len(plain))}`"
    return f"{shown}\n-# {beneath}" if shown == plain else f"{shown}\n-# {plain} · {beneath}"


def pressed(words: Words, ask: Ask) -> str:
    """A line that says by which button and whose press a dream came; Discord shows neither. Nothing where it
    came otherwise, or one person alone sees it."""
    if ask.press not in PRESSES or ask.place.private:
        return ""
    return f"\n-# {words(f'results-{ask.press}')} · <@{ask.owner}>"


def missing(words: Words, finished: Finished) -> str:
    """A line that says how much of the source was missing; nothing where it was whole."""
    share = finished.result.missing
    if not share:
        return ""
    return f"\n-# {words('core-missing-part', percent=max(1, round(100 * share)))}"


def recipe_words(recipe: Recipe) -> str:
    """The recipe as a person would ask for it again. Like commands and layers, it is the same in every
    language."""
    if any(term.layer == LAYER for term in recipe.layers) or recipe.parametrisation == "fourier":
        dial = f" intensity:{recipe.intensity}" if recipe.intensity else ""
        return f"/summon what:{format_classes(recipe.layers)}{dial} seed:{recipe.seed}"
    if recipe.hellscape:
        return f"/hellscape {recipe.in_words()} seconds:{_seconds(recipe)}"
    return recipe.in_words()


def alt_text(words: Words, finished: Finished) -> str:
    """The picture described for those who do not see it: at most 1024 characters."""
    recipe = finished.recipe
    subject = from_english(words, finished.subject.label) if finished.subject else words("core-nothing")
    text = words(
        _sort(finished),
        subject=_clipped(subject, _LONGEST_PART),
        model=recipe.model,
        looks=_clipped(look_in_words(words, recipe), _LONGEST_PART),
        layer=_clipped(", ".join(dict.fromkeys(term.layer for term in recipe.all_terms)), _LONGEST_PART),
        intensity=recipe.intensity or 0,
        recipe=_clipped(recipe_words(recipe), _LONGEST_PART),
        number=_seconds(recipe),
    )
    return _clipped(text[:1].upper() + text[1:], _LONGEST_ALT)


def filename(recipe: Recipe, extension: str) -> str:
    """`mixed4-mixed5-11.png`: what it was made with."""
    layers = "-".join(dict.fromkeys(term.layer for term in recipe.layers))[:_LONGEST_NAME]
    sort = "hellscape-" if recipe.hellscape else "bent-" if recipe.bends else ""
    notch = f"-{recipe.intensity}" if recipe.intensity else ""
    return f"{sort}{layers}{notch}.{extension}"


def _sort(finished: Finished) -> str:
    recipe = finished.recipe
    if recipe.hellscape:
        return "core-alt-hellscape"
    if recipe.parametrisation == "fourier":
        return "core-alt-summon"
    if any(term.layer == LAYER for term in recipe.layers):
        return "core-alt-summon-into"
    if recipe.bends:
        return "core-alt-bend"
    return "core-alt-moving" if recipe.moving else "core-alt-dream"


def _seconds(recipe: Recipe) -> int:
    return max(1, round(recipe.frames / recipe.hellscape.fps)) if recipe.hellscape else 0


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
