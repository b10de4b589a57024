"""The time to parse a user's text grows linearly and is short enough for the event loop.

Each parser gets texts that make careless patterns and comparisons slow.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from cogs.history import HistoryControl
from cogs.moderation import ForgetControl, parse_message_id
from cogs.queue import QueueControl
from cogs.settings import SettingsControl
from dreambot.bot import errors, sources
from dreambot.bot.buttons import BUTTONS
from dreambot.bot.pages.layers import LayersControl
from dreambot.bot.pages.settings import LIMIT_FIELDS, parse_limits
from dreambot.bot.requests.completion import (
    architecture_of,
    build_choices,
    complete_bend,
    complete_class,
    complete_journey,
    complete_layer,
    complete_model,
)
from dreambot.bot.requests.free_text import parse_request
from dreambot.bot.requests.messages import parse_direct_message, parse_message, parse_pasted
from dreambot.bot.sources.images import find_emoji, find_links, is_link_spoiler, strip_links_and_emoji
from dreambot.errors import Message, UserError
from dreambot.i18n import translator_for
from dreambot.logs import Redactor
from dreambot.media.http_client import parse_url
from dreambot.recipe import DreamRequest, Recipe, SourceFacts, find_layer
from dreambot.recipe.bends import parse_bends
from dreambot.recipe.classes import find_class, suggest_classes
from dreambot.recipe.dream import choose_model
from dreambot.recipe.expression import parse_journey, parse_layers
from dreambot.recipe.hellscape import HellscapeRequest, parse_size, plan_journey
from dreambot.recipe.presets import find_preset
from dreambot.recipe.request import RepeatRequest, refit_recipe
from dreambot.recipe.summon import SummonRequest, parse_classes
from dreambot.recipe.text import format_recipe, parse_recipe
from tests.bot.discord_objects import embed, message
from tests.support.recipes import fake_trained, make_recipe

LONGEST = 6000
"""The longest text that users can send: that of an option."""
AT_MOST = 40
"""The most processor time for any text, in runs of `reference`: 40 to 60 ms on servers of these years."""
NOISE = 0.008
"""Times below this, in seconds, are not compared."""
GROWTH = 3.5
"""The most that twice the length may multiply the time: linear is 2, quadratic is 4."""

LONGEST_READ = {
    "words": 16_384,
    "pasted": 16_384,
    "mention": 3990,
    "direct": 4000,
    "layer": 400,
    "layers": 400,
    "journey": 400,
    "long journey": 16_384,
    "bend": 400,
    "network of a layer": 400,
    "summon": 400,
    "classes": 400,
    "completion": 100,
    "names": 60,
    "recipe line": 16_384,
    "recipe json": 16_384,
    "recipe": 16_384,
    "hellscape": 400,
    "url to fetch": 2048,
}
"""The most characters that a parser accepts, where that is less than Discord's limit."""

GERMAN = translator_for("de")
LINE = format_recipe(make_recipe())
JSON = make_recipe().to_json()


def _refitted(text: str) -> None:
    refit_recipe(RepeatRequest.of(text).recipe, SourceFacts(640, 480), max_pixels=10**6)


def _shown_by(text: str) -> None:
    sources.image_in(message(content=text, embeds=[embed(text[:2000], video=text[:2000])]))
    sources.image_in(message(content=text))


def _completed(text: str) -> None:
    for complete in (complete_layer, complete_journey, complete_bend, complete_class, complete_model):
        build_choices(complete(text))


def _looked_up(text: str) -> None:
    architecture_of(text)
    for look in (find_layer, find_preset, find_class):
        with suppress(UserError):
            look(text)


def _custom_ids(text: str) -> None:
    items = (*BUTTONS, HistoryControl, ForgetControl, QueueControl, SettingsControl, LayersControl)
    for item in items:
        # Discord accepts 100 characters; discord.py also matches longer ids of forged interactions.
        item.__discord_ui_compiled_template__.fullmatch(text)


READERS: dict[str, Callable[[str], object]] = {
    "words": parse_message,
    "pasted": parse_pasted,
    "mention": lambda text: parse_request(f"<@1> {text}"),
    "direct": lambda text: parse_direct_message(message(content=text)),
    "layer": lambda text: DreamRequest.of(layer=text),
    "layers": parse_layers,
    "journey": lambda text: plan_journey(text, "inception_v3", 200),
    "long journey": lambda text: parse_journey(text, max_length=16_384),
    "bend": parse_bends,
    "network of a layer": lambda text: choose_model(None, text, None, fake_trained),
    "network of a bend": lambda text: choose_model(None, None, text, fake_trained),
    "summon": SummonRequest.of,
    "classes": lambda text: parse_classes(text[:400]),
    "suggested classes": suggest_classes,
    "completion": _completed,
    "names": _looked_up,
    "recipe line": parse_recipe,
    "recipe json": Recipe.from_json,
    "recipe": _refitted,
    "hellscape": lambda text: HellscapeRequest.of(layer=text, seconds=text, size=text, seed=text),
    "size": parse_size,
    "seed": lambda text: DreamRequest.of(seed=text),
    "url": sources.from_typed_text,
    "url to fetch": parse_url,
    "message link": sources.parse_message_link,
    "address": sources.attachment_id_in_url,
    "message": _shown_by,
    "links": lambda text: list(find_links(text)),
    "emoji": lambda text: list(find_emoji(text)),
    "hidden link": lambda text: is_link_spoiler(text, "https://x/y.png"),
    "words of a message": strip_links_and_emoji,
    "limits": lambda text: parse_limits(dict.fromkeys(LIMIT_FIELDS, text)),
    "custom ids": _custom_ids,
    "id of a message": parse_message_id,
    "stored message": lambda text: Message.from_json(text).text(GERMAN),
    "error": lambda text: errors.error_text(UserError("errors-verbatim", text=text), GERMAN),
    "log line": Redactor(("secret",)).text,
}

UNITS = (
    *" \t\n[](){}<>*_`~|+-=@:,;./\\#&?!'\"^$%9aqé９あ🔥\u0301\u200b\x01\x00",
    "**",
    "__",
    "```",
    "||",
    "- ",
    "\n> ",
    "\n- ",
    " *",
    "* ",
    "a ",
    "9 ",
    "qzxj ",
    "golden ",
    "goldn retreiver ",
    "dogs,",
    "layer:",
    "layer ",
    "layer: ",
    "seed:1 ",
    "mixed4+",
    "mixed4 and ",
    "mixed4 - ",
    "mixed4/",
    "mixed4[",
    "[68,",
    "[68]",
    "68,",
    "swap@mixed1=0.3+",
    "swap @ ",
    "@mixed1 = ",
    "<@1",
    "<@1>",
    "<#",
    "<:a:",
    "<:cat:123456789012345678>",
    "<https://",
    "https://",
    "https://a/)",
    "https://a.b/c.png ",
    "))",
    "dream1.2 ",
    "/dream ",
    "/summon ",
    "what:",
    "intensity ",
    '{"',
    '{"a":',
    "[[",
    '"version"',
    "”: “",
    "” and “",
    "; did you mean ",
    "webhooks/1/",
    "123456789012345 ",
    "1234567890123456789012",
    "-a",
    "a-",
    "=1x",
    "steps=1x1 ",
    "a=1 ",
)
AROUND = (
    ("", ""),
    ("layer:mixed4", "intensity:1"),
    ("/summon what:", " seed:1"),
    ("https://x/", "!"),
    (f"{LINE} ", "x"),
    (LINE.replace("mixed5", "mixed5[1,", 1).partition("[1,")[0] + "[", "]"),
    (JSON[:-1] + ',"bands":[', "1]}"),
    (JSON[:-1] + ',"layers":[', '{"layer":"mixed4"}]}'),
    (JSON[:-1] + ',"seed":', "}"),
    ("You gave two values for ", "”."),
)


def texts(length: int) -> Iterator[str]:
    """Builds texts of that length; the same ones for every length, repeated more or less often."""
    for before, after in AROUND:
        for unit in UNITS:
            room = max(0, length - len(before) - len(after))
            yield before + (unit * (room // len(unit) + 1))[:room] + after
    yield " ".join(_words(length))
    for unit in ("1,", '{"layer":"mixed4"},', '"x",', "[1],"):
        for field in ("bands", "layers", "bends"):
            yield JSON[:-1] + f',"{field}":[' + unit * (length // len(unit)) + unit[:-1] + "]}"


def _words(length: int) -> Iterator[str]:
    """Makes words that resemble no name, each a different one."""
    letters = "qzxjkvwypf"
    for number in range(length // 6):
        yield "".join(letters[number // 10**place % 10] for place in range(5))


def cost(read: Callable[[str], object], text: str, tries: int = 1) -> float:
    """Measures this thread's processor time in seconds, the best of several runs."""
    best = float("inf")
    for _ in range(tries):
        began = time.thread_time()
        with suppress(UserError):
            read(text)
        best = min(best, time.thread_time() - began)
    return best


def reference(_text: str) -> int:
    """A computation of about a millisecond, to measure the speed of the processor."""
    return sum(number * number for number in range(20_000))


@pytest.mark.parametrize("name", READERS)
def test_parsing_time_is_linear(name: str) -> None:
    read = READERS[name]
    for warm in ("goldn retreiver", "mixd5", JSON, LINE, "https://x/y.png"):
        cost(read, warm)
    slow = []
    for length in {LONGEST, LONGEST_READ.get(name, LONGEST)}:
        for half, whole in zip(texts(length // 2), texts(length), strict=True):
            if cost(read, whole) <= NOISE:
                continue
            for _ in range(10):
                # Measured next to each other, again and again: on a busy machine clock rate and caches
                # change within milliseconds.
                once, twice = cost(read, half, 3), cost(read, whole, 3)
                if twice <= min(AT_MOST * cost(reference, "", 3), max(NOISE, GROWTH * once)):
                    break
            else:
                slow.append((f"{twice * 1000:.0f} ms, half of it {once * 1000:.0f}", whole[:60], whole[-20:]))
    assert not slow, slow


def test_a_backtracking_pattern_is_detected() -> None:
    pattern = re.compile(r"^[`\s]*|[`\s]*$")
    half, whole = ("a" + " " * length + "a" for length in (LONGEST // 2, LONGEST))
    once, twice = (cost(lambda text: pattern.sub("", text), text, 3) for text in (half, whole))
    assert twice > NOISE
    assert twice > GROWTH * once * 0.8
