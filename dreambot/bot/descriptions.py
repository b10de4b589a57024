"""The text with a result: caption and recipe, alt text, and the file's name."""

from dreambot.bot.captions import describe_look, zalgo
from dreambot.errors import Message
from dreambot.i18n import Translator
from dreambot.jobs.models import FinishedDream, JobRequest, SourceImage
from dreambot.recipe import Recipe
from dreambot.recipe.dream import DEFAULT_INTENSITY
from dreambot.recipe.summon import CLASSES_LAYER, format_classes

VARIATION_BUTTONS = frozenset({"deeper", "louder", "quieter", "layer", "bend", "zoom", "again"})
"""The buttons under a result that dream on, as `Ask.press` names them."""
_MAX_CONTENT_LENGTH = 1800
_MAX_ALT_LENGTH = 1024
_MAX_PART_LENGTH = 300
_MAX_NAME_LENGTH = 60


def result_content(plain: str, recipe: Recipe, *, corrupted: bool) -> str:
    """What stands above a dreamed picture: the caption, then the recipe in plain words. plain: the caption.
    corrupted: whether it may fall apart."""
    shown = zalgo(plain, recipe.intensity or DEFAULT_INTENSITY, recipe.seed) if corrupted else plain
    beneath = f"`{_truncate(recipe_command(recipe), _MAX_CONTENT_LENGTH - len(shown) - len(plain))}`"
    return f"{shown}\n-# {beneath}" if shown == plain else f"{shown}\n-# {plain} · {beneath}"


def button_line(words: Translator, ask: JobRequest) -> str:
    """A line that says by which button and whose press a dream came; Discord shows neither. Nothing where it
    came otherwise, or one person alone sees it."""
    if ask.press not in VARIATION_BUTTONS or ask.place.private:
        return ""
    return f"\n-# {words(f'results-{ask.press}')} · <@{ask.owner}>"


def missing_data_line(words: Translator, finished: FinishedDream) -> str:
    """A line that says how much of the source was missing; nothing where it was whole."""
    share = finished.result.missing
    if not share:
        return ""
    return f"\n-# {words('core-missing-part', percent=max(1, round(100 * share)))}"


def recipe_command(recipe: Recipe) -> str:
    """The recipe as a person would ask for it again. Like commands and layers, it is the same in every
    language."""
    if any(term.layer == CLASSES_LAYER for term in recipe.layers) or recipe.parametrisation == "fourier":
        dial = f" intensity:{recipe.intensity}" if recipe.intensity else ""
        return f"/summon what:{format_classes(recipe.layers)}{dial} seed:{recipe.seed}"
    if recipe.hellscape:
        return f"/hellscape {recipe.in_words()} seconds:{_seconds(recipe)}"
    return recipe.in_words()


def alt_text(words: Translator, finished: FinishedDream) -> str:
    """The picture described for those who do not see it: at most 1024 characters."""
    recipe = finished.recipe
    subject = source_label(words, finished.subject) if finished.subject else words("core-nothing")
    text = words(
        _alt_text_key(finished),
        subject=_truncate(subject, _MAX_PART_LENGTH),
        model=recipe.model,
        looks=_truncate(describe_look(words, recipe), _MAX_PART_LENGTH),
        layer=_truncate(", ".join(dict.fromkeys(term.layer for term in recipe.all_terms)), _MAX_PART_LENGTH),
        intensity=recipe.intensity or 0,
        recipe=_truncate(recipe_command(recipe), _MAX_PART_LENGTH),
        number=_seconds(recipe),
    )
    return _truncate(text[:1].upper() + text[1:], _MAX_ALT_LENGTH)


def source_label(words: Translator, subject: SourceImage) -> str:
    """Returns what a source image is called: `the picture cat.png`.

    Args:
        words: The language.
        subject: The image.
    """
    return Message.from_json(subject.label).text(words)


def result_filename(recipe: Recipe, extension: str) -> str:
    """`mixed4-mixed5-11.png`: what it was made with."""
    layers = "-".join(dict.fromkeys(term.layer for term in recipe.layers))[:_MAX_NAME_LENGTH]
    sort = "hellscape-" if recipe.hellscape else "bent-" if recipe.bends else ""
    notch = f"-{recipe.intensity}" if recipe.intensity else ""
    return f"{sort}{layers}{notch}.{extension}"


def _alt_text_key(finished: FinishedDream) -> str:
    recipe = finished.recipe
    if recipe.hellscape:
        return "core-alt-hellscape"
    if recipe.parametrisation == "fourier":
        return "core-alt-summon"
    if any(term.layer == CLASSES_LAYER for term in recipe.layers):
        return "core-alt-summon-into"
    if recipe.bends:
        return "core-alt-bend"
    return "core-alt-moving" if recipe.moving else "core-alt-dream"


def _seconds(recipe: Recipe) -> int:
    return max(1, round(recipe.frames / recipe.hellscape.fps)) if recipe.hellscape else 0


def _truncate(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
