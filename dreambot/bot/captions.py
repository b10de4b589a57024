"""The texts of a result: its look, caption, content with the recipe, alt text and file name.

The caption is corrupted more at higher intensity. Screen readers spell every combining mark, so there are few
marks, only on the caption itself, and the same line follows in plain letters.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from discord.utils import escape_mentions

from dreambot.errors import Message
from dreambot.i18n import Translator, join_items, translator_for
from dreambot.jobs.album import picture_note
from dreambot.jobs.models import Job, JobRequest, Result, ResultFile, SourceImage
from dreambot.recipe import DreamRequest, Layer, LayerTerm, Recipe, find_layer, parse_layers
from dreambot.recipe.dream import DEFAULT_INTENSITY
from dreambot.recipe.presets import PRESETS, suppression_preset
from dreambot.recipe.summon import CLASSES_LAYER, format_classes


@dataclass(frozen=True)
class Look:
    """What is seen in a dream.

    Attributes:
        names: Looks that have a name: presets, `guided`, `caricature`, `style`, `mosaic`, `watercolour`.
        layers: Descriptions of whole layers, in English, from the layer catalogue.
        channels: Names of layers of which single channels without a name were chosen.
        classes: The summoned classes, in English, or empty.
    """

    names: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    channels: tuple[str, ...] = ()
    classes: str = ""


def look_of(recipe: Recipe) -> Look:
    """Determines the look of a recipe: that of its guide or preset, otherwise that of its layers.

    Args:
        recipe: The recipe.
    """
    if recipe.guide:
        kind = recipe.guide.kind
        return Look(names=(kind if kind in ("caricature", "style") else "guided",))
    wanted = [term for term in recipe.all_terms if term.weight > 0]
    if any(term.layer == CLASSES_LAYER for term in wanted):
        return Look(classes=format_classes(tuple(wanted)))
    if recipe.preset in PRESETS and _uses_preset_layers(recipe, recipe.preset):
        return Look(names=(recipe.preset,))
    if not wanted:
        suppressed = suppression_preset(recipe.all_terms, recipe.model)
        return Look(names=(suppressed.name,) if suppressed else ())
    names: dict[str, None] = {}
    layers: dict[str, Layer] = {}
    channels: dict[str, None] = {}
    for term in wanted:
        # A layer looks the same before and after its ReLU.
        layer = term.layer.removesuffix("_pre")
        if not term.channels:
            found = find_layer(layer, recipe.model)
            layers.setdefault(found.shows, found)
        elif named := _preset_with(term, recipe.model):
            names[named] = None
        else:
            channels[layer] = None
    return Look(tuple(names), tuple(layers.values()), tuple(channels))


def describe_look(translate: Translator, recipe: Recipe) -> str:
    """Describes the look as a noun phrase, such as `eyes, primate faces, fur`.

    Args:
        translate: The translator of the user's language.
        recipe: The recipe.
    """
    look = look_of(recipe)
    parts = [
        look.classes,
        *(describe_name(translate, name) for name in look.names),
        *(layer.description.text(translate) for layer in look.layers),
        *(translate("alt-channels", layer=layer) for layer in look.channels),
    ]
    return join_items(translate, filter(None, parts)) or translate("core-something-else")


def describe_name(translate: Translator, name: str) -> str:
    """Returns what a look with a name shows, as a noun phrase.

    Args:
        translate: The translator of the user's language.
        name: A preset, `guided`, `caricature`, `style`, `mosaic` or `watercolour`.
    """
    default = PRESETS[name].description.text(translate) if name in PRESETS else ""
    return Message(f"alt-{name}", default=default).text(translate)


def _uses_preset_layers(recipe: Recipe, preset: str) -> bool:
    """Checks whether the layers are the preset's own: a request may name a preset and another layer."""
    return recipe.model == PRESETS[preset].model and recipe.all_terms == _preset_terms(preset)


@cache
def _preset_terms(preset: str) -> tuple[LayerTerm, ...]:
    found = PRESETS[preset]
    return parse_layers(found.layers, found.model)


def _preset_with(term: LayerTerm, model: str) -> str | None:
    """Finds the preset that consists of these channels of a layer and nothing else."""
    for name, preset in PRESETS.items():
        terms: Sequence[LayerTerm] = _preset_terms(name) if preset.model == model else ()
        if len(terms) == 1 and terms[0].layer == term.layer and set(term.channels) <= set(terms[0].channels):
            return name
    return None


MAX_CORRUPTED_LETTERS = 60
MAX_MARKS_PER_LETTER = 6
MAX_CALM_INTENSITY = 3

_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0311\u0313\u033d"
_THROUGH = "\u0334\u0335\u0336\u0337\u0338"
_BELOW = "\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u0323\u0324\u0325\u0326\u032d\u0330\u0331\u0347"

_MIN_LOUD_INTENSITY = 9
_MOTIFS = {
    "eyes": ("eye",),
    "dogs": ("dog", "pupp", "snout", "nose"),
    "fur": ("fur",),
    "birds": ("bird", "feather"),
    "animals": ("animal", "primate", "teddy", "fox", "frog", "heads"),
    "edges": ("edge", "outline", "bars", "hatching", "stripes"),
    "spirals": ("spiral", "curl", "curve", "wheel", "rings"),
    "maze": ("maze", "groove", "cave", "ribs"),
    "weave": ("woven", "weave", "knitting", "tartan", "web", "mesh", "basket", "grid"),
    "spots": ("spot", "bead", "seed", "cell", "dots", "honeycomb"),
    "towers": ("tower", "pagoda", "house", "arches", "ship"),
    "garden": ("foliage", "berries"),
    "jumble": ("jumble", "collage", "blended", "painterly"),
}
"""A motif's captions fit layers whose English description contains one of these words."""
_THEME_ALIASES = {
    "wool": "weave",
    "tartan": "weave",
    "menagerie": "animals",
    "guided": "guide",
    "caricature": "guide",
}
"""Looks without captions of their own, and the group that they use instead."""
_GENERAL_SHARE = 0.3


def choose_caption(
    translate: Translator, recipe: Recipe, seed: str, recent: frozenset[str] = frozenset()
) -> str:
    """Chooses a plain caption that fits a dream.

    Args:
        translate: The translator of the user's language.
        recipe: The recipe of the dream.
        seed: The same seed gives the same caption, if `recent` is the same, too.
        recent: Captions that are not to be repeated yet.

    Returns:
        A caption about what is seen; in 3 of 10 cases one that fits any dream.
    """
    rng = random.Random(seed)
    special = _lines(translate, _themes(recipe))
    general = _lines(translate, ["any"])
    first, second = (general, special) if rng.random() < _GENERAL_SHARE else (special, general)
    for lines in (first, second):
        fresh = [line for line in lines if line not in recent]
        if fresh:
            return rng.choice(fresh)
    return rng.choice(first or second)


def _themes(recipe: Recipe) -> list[str]:
    """Lists the groups of captions that fit a dream."""
    if recipe.sheet:
        return ["sheet"]
    look = look_of(recipe)
    themes = [_THEME_ALIASES.get(name, name) for name in look.names]
    for shows in (layer.shows for layer in look.layers):
        themes += [motif for motif, stems in _MOTIFS.items() if any(stem in shows for stem in stems)]
    intensity = recipe.intensity or DEFAULT_INTENSITY
    kinds = {
        "summon": bool(look.classes) or recipe.parametrisation == "fourier",
        "bend": bool(recipe.bends),
        "hellscape": recipe.hellscape is not None,
        "video": recipe.moving is not None,
        "calm": intensity <= MAX_CALM_INTENSITY,
        "loud": intensity >= _MIN_LOUD_INTENSITY,
    }
    return list(dict.fromkeys([*themes, *(kind for kind, fits in kinds.items() if fits)]))


def _lines(translate: Translator, themes: Iterable[str]) -> list[str]:
    """Lists the captions of some groups; a group is one message with a caption in each line.

    A preset need not have a group.
    """
    keys = [key for key in (f"captions-{theme}" for theme in themes) if translator_for(None).has(key)]
    return [line for key in keys for line in translate(key).splitlines()]


def zalgo(text: str, intensity: int, seed: int) -> str:
    """Corrupts a text with combining marks: none up to intensity 3, up to six a letter at 11.

    The same seed gives the same marks. Only the first 60 letters are changed.

    Args:
        text: The caption.
        intensity: The intensity, 1 to 11.
        seed: The seed of the marks.
    """
    most = max(0, -(-(intensity - MAX_CALM_INTENSITY) * MAX_MARKS_PER_LETTER // (11 - MAX_CALM_INTENSITY)))
    if most == 0:
        return text
    rng = random.Random(seed)
    letters = 0
    out = []
    for character in text:
        out.append(character)
        if character.isalpha() and letters < MAX_CORRUPTED_LETTERS:
            letters += 1
            count = rng.randint(max(0, most - 2), most)
            out += [rng.choice(rng.choice((_ABOVE, _ABOVE, _THROUGH, _BELOW))) for _ in range(count)]
    return "".join(out)


VARIATION_BUTTONS = frozenset(
    {"deeper", "louder", "quieter", "layer", "bend", "zoom", "again", "pick", "watch"}
)
"""The buttons under a result that start a variation, as `JobRequest.press` names them."""
_MAX_CONTENT_LENGTH = 1800
"""What is sent late begins with a mention and a sentence, and Discord takes 2,000 characters."""
_KEPT_COMMAND_LENGTH = 400
"""As much of the recipe remains where an album's pictures need many lines below it."""
_MAX_ALT_LENGTH = 1024
_MAX_PART_LENGTH = 300
_MAX_NAME_LENGTH = 60
_MAX_NOTE_LENGTH = 180


def result_content(plain: str, recipe: Recipe, *, corrupted: bool, lines: str = "") -> str:
    """Builds the text above a result: the caption, then the recipe as a command, then other lines.

    Args:
        plain: The caption.
        recipe: The recipe of the dream.
        corrupted: Whether the caption may be corrupted; the plain caption is repeated then.
        lines: The lines below, each with a line break before it. Long ones are shortened.
    """
    shown = zalgo(plain, recipe.intensity or DEFAULT_INTENSITY, recipe.seed) if corrupted else plain
    command, room = recipe_command(recipe), _MAX_CONTENT_LENGTH - len(shown) - len(plain)
    below = _shorten_lines(lines, room - min(len(command), _KEPT_COMMAND_LENGTH))
    command = f"`{_truncate(command, room - len(below))}`"
    return (f"{shown}\n-# {command}" if shown == plain else f"{shown}\n-# {plain} · {command}") + below


def _shorten_lines(text: str, limit: int) -> str:
    """Shortens the longest lines of a text until it has at most `limit` characters."""
    lines, longest = text.split("\n"), len(text)
    while len(text) > limit:
        longest -= 1
        text = "\n".join(_truncate(line, longest) for line in lines)
    return text


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


def default_look_line(translate: Translator, spec: JobRequest) -> str:
    """Builds the line that says whose default look a dream has.

    Args:
        translate: The translator of the user's language.
        spec: The request of the job.

    Returns:
        The line; empty if the look was requested, and for variations of the dream.
    """
    request = spec.request
    if not isinstance(request, DreamRequest) or request.default is None or spec.press:
        return ""
    person = f"<@{spec.owner}>"
    return f"\n-# {translate(f'looks-by-default-{request.default}', person=person)} · `/look default`"


def missing_data_lines(translate: Translator, job: Job, files: Sequence[ResultFile]) -> str:
    """Builds the lines that say how much of the sources was missing.

    Args:
        translate: The translator of the user's language.
        job: The job.
        files: Its dreams.

    Returns:
        The lines; empty if the sources were complete.
    """
    text = ""
    for file in files:
        if file.result.missing:
            percent = max(1, round(100 * file.result.missing))
            note = Message("core-missing-part", {"percent": percent})
            if job.album:
                number = [picture.result for picture in job.album].index(file.result)
                note = picture_note(job.album, number, note)
            text += f"\n-# {note.text(translate)}"
    return text


def failed_picture_lines(translate: Translator, job: Job) -> str:
    """Builds the lines that name the pictures of an album that could not be dreamed, and why.

    Args:
        translate: The translator of the user's language.
        job: The job.

    Returns:
        The lines; empty if nobody requested the dream, who would want to know.
    """
    if job.spec.reply_target.quiet:
        return ""
    notes = (
        picture_note(job.album, number, Message.from_json(picture.error)).text(translate)
        for number, picture in enumerate(job.album)
        if picture.error
    )
    lines = (" ".join(escape_mentions(note).split()) for note in notes)
    return "".join(f"\n-# {_truncate(line, _MAX_NOTE_LENGTH)}" for line in lines)


def sound_cut_line(translate: Translator, result: Result) -> str:
    """Builds the line that says after how many seconds a sound was cut off.

    Args:
        translate: The translator of the user's language.
        result: The result.

    Returns:
        The line; empty if the video is as long as the sound, or has none.
    """
    if not result.sound_cut:
        return ""
    return f"\n-# {translate('core-sound-cut', seconds=round(result.sound_cut, 1))}"


def recipe_command(recipe: Recipe) -> str:
    """Formats the recipe as the command that repeats it. It is the same in every language.

    Args:
        recipe: The recipe.
    """
    if any(term.layer == CLASSES_LAYER for term in recipe.layers) or recipe.parametrisation == "fourier":
        dial = f" intensity:{recipe.intensity}" if recipe.intensity else ""
        shape = f" format:{recipe.format}" if recipe.format else ""
        return f"/summon what:{format_classes(recipe.layers)}{dial}{shape} seed:{recipe.seed}"
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
    if recipe.source == "dark" and recipe.text:
        subject = translate("core-words", text=recipe.text)
    elif recipe.text:
        subject = translate("core-words-on", subject=subject, text=recipe.text)
    text = translate(
        _alt_text_key(recipe),
        subject=_truncate(subject, _MAX_PART_LENGTH),
        model=" + ".join(recipe.models),
        looks=_truncate(describe_look(translate, recipe), _MAX_PART_LENGTH),
        layer=_truncate(", ".join(dict.fromkeys(term.layer for term in recipe.all_terms)), _MAX_PART_LENGTH),
        intensity=recipe.intensity or 0,
        recipe=_truncate(recipe_command(recipe), _MAX_PART_LENGTH),
        number=_seconds(recipe),
    )
    text = text[:1].upper() + text[1:]
    if recipe.is_clip:
        text = translate("core-alt-clip", dream=text)
    return _truncate(text, _MAX_ALT_LENGTH)


def source_label(translate: Translator, image: SourceImage) -> str:
    """Returns what a source image is called: `the picture cat.png`.

    Args:
        translate: The translator of the user's language.
        image: The image.
    """
    return Message.from_json(image.label).text(translate)


def result_filename(recipe: Recipe, extension: str, number: int = 0) -> str:
    """Builds the file's name from the layers and the intensity, such as `mixed4-mixed5-11.png`.

    Args:
        recipe: The recipe.
        extension: The extension without the dot.
        number: The position in an album, from 1; 0 for a single dream.
    """
    layers = "-".join(dict.fromkeys(term.layer for term in recipe.layers))[:_MAX_NAME_LENGTH]
    if recipe.sheet:
        layers = "four"
    sort = "hellscape-" if recipe.hellscape else "bent-" if recipe.bends and not recipe.sheet else ""
    level = f"-{recipe.intensity}" if recipe.intensity else ""
    return f"{sort}{layers}{level}{f'-{number}' if number else ''}.{extension}"


def _alt_text_key(recipe: Recipe) -> str:
    if recipe.hellscape:
        return "core-alt-hellscape"
    if recipe.parametrisation == "fourier":
        return "core-alt-summon"
    if any(term.layer == CLASSES_LAYER for term in recipe.layers):
        return "core-alt-summon-into"
    if recipe.sheet:
        return "core-alt-sheet"
    if recipe.bends:
        return "core-alt-bend"
    return "core-alt-moving" if recipe.moving else "core-alt-dream"


def _seconds(recipe: Recipe) -> int:
    return max(1, round(recipe.frames / recipe.hellscape.fps)) if recipe.hellscape else 0


def _truncate(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
