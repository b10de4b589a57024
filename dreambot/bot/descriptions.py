"""The texts of a result: caption and recipe, alt text, and the file's name."""

from dreambot.bot.captions import describe_look, zalgo
from dreambot.errors import Message
from dreambot.i18n import Translator
from dreambot.jobs.models import JobRequest, Result, SourceImage
from dreambot.recipe import Recipe
from dreambot.recipe.dream import DEFAULT_INTENSITY
from dreambot.recipe.summon import CLASSES_LAYER, format_classes

VARIATION_BUTTONS = frozenset({"deeper", "louder", "quieter", "layer", "bend", "zoom", "again"})
"""The buttons under a result that start a variation, as `JobRequest.press` names them."""
_MAX_CONTENT_LENGTH = 1800
_MAX_ALT_LENGTH = 1024
_MAX_PART_LENGTH = 300
_MAX_NAME_LENGTH = 60


def result_content(plain: str, recipe: Recipe, *, corrupted: bool) -> str:
    """Builds the text above a result: the caption, then the recipe as a command.

    Args:
        plain: The caption.
        recipe: The recipe of the dream.
        corrupted: Whether the caption may be corrupted; the plain caption is repeated then.
    """
    shown = zalgo(plain, recipe.intensity or DEFAULT_INTENSITY, recipe.seed) if corrupted else plain
    command = f"`{_truncate(recipe_command(recipe), _MAX_CONTENT_LENGTH - len(shown) - len(plain))}`"
    return f"{shown}\n-# {command}" if shown == plain else f"{shown}\n-# {plain} · {command}"


def button_line(translate: Translator, spec: JobRequest) -> str:
    """Builds the line that names the pressed button and the user; Discord shows neither.

    Args:
        translate: The translator of the user's language.
        spec: The request of the job.

    Returns:
        The line; empty if the dream was not started by a button, or is private.
    """
    if spec.press not in VARIATION_BUTTONS or spec.reply_target.private:
        return ""
    return f"\n-# {translate(f'results-{spec.press}')} · <@{spec.owner}>"


def missing_data_line(translate: Translator, result: Result) -> str:
    """Builds the line that says how much of the source was missing.

    Args:
        translate: The translator of the user's language.
        result: The result.

    Returns:
        The line; empty if the source was complete.
    """
    share = result.missing
    if not share:
        return ""
    return f"\n-# {translate('core-missing-part', percent=max(1, round(100 * share)))}"


def recipe_command(recipe: Recipe) -> str:
    """Formats the recipe as the command that repeats it. It is the same in every language.

    Args:
        recipe: The recipe.
    """
    if any(term.layer == CLASSES_LAYER for term in recipe.layers) or recipe.parametrisation == "fourier":
        dial = f" intensity:{recipe.intensity}" if recipe.intensity else ""
        return f"/summon what:{format_classes(recipe.layers)}{dial} seed:{recipe.seed}"
    if recipe.hellscape:
        return f"/hellscape {recipe.in_words()} seconds:{_seconds(recipe)}"
    return recipe.in_words()


def alt_text(translate: Translator, recipe: Recipe, source: SourceImage | None) -> str:
    """Describes the result for users who do not see it.

    Args:
        translate: The translator of the user's language.
        recipe: What it was made by.
        source: What it was made from; None for noise.

    Returns:
        At most 1,024 characters.
    """
    subject = source_label(translate, source) if source else translate("core-nothing")
    text = translate(
        _alt_text_key(recipe),
        subject=_truncate(subject, _MAX_PART_LENGTH),
        model=recipe.model,
        looks=_truncate(describe_look(translate, recipe), _MAX_PART_LENGTH),
        layer=_truncate(", ".join(dict.fromkeys(term.layer for term in recipe.all_terms)), _MAX_PART_LENGTH),
        intensity=recipe.intensity or 0,
        recipe=_truncate(recipe_command(recipe), _MAX_PART_LENGTH),
        number=_seconds(recipe),
    )
    return _truncate(text[:1].upper() + text[1:], _MAX_ALT_LENGTH)


def source_label(translate: Translator, image: SourceImage) -> str:
    """Returns what a source image is called: `the picture cat.png`.

    Args:
        translate: The translator of the user's language.
        image: The image.
    """
    return Message.from_json(image.label).text(translate)


def result_filename(recipe: Recipe, extension: str) -> str:
    """Builds the file's name from the layers and the intensity, such as `mixed4-mixed5-11.png`.

    Args:
        recipe: The recipe.
        extension: The extension without the dot.
    """
    layers = "-".join(dict.fromkeys(term.layer for term in recipe.layers))[:_MAX_NAME_LENGTH]
    sort = "hellscape-" if recipe.hellscape else "bent-" if recipe.bends else ""
    level = f"-{recipe.intensity}" if recipe.intensity else ""
    return f"{sort}{layers}{level}.{extension}"


def _alt_text_key(recipe: Recipe) -> str:
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


def _truncate(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
