"""Every sentence that the rooms below the chat can say to a member is known in every language."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dreambot.bot.errors import error_text
from dreambot.bot.requests.messages import parse_message
from dreambot.errors import UserError
from dreambot.i18n import LOCALES, translator_for
from dreambot.i18n.english import sentence_patterns, translate_english
from dreambot.jobs import pipeline
from dreambot.media.picture_file import unreadable_file_error
from dreambot.recipe import DreamRequest, Recipe, find_layer, parse_layers
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import check_upstream, parse_bends
from dreambot.recipe.classes import find_class
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.presets import find_preset
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import parse_recipe
from dreambot.scheduler import active_runs
from dreambot.workers.types import WeightsMissing
from dreambot.zoo import registry
from dreambot.zoo.catalogue import WeightsError, not_installed
from tests.i18n.catalogue_reader import ROOT
from tests.support.recipes import make_recipe

OTHERS = [locale for locale in LOCALES if locale != "en"]
ROOMS = ("recipe", "media", "jobs", "scheduler", "workers", "engine", "zoo", "guilds", "bot")
ERRORS = {
    "RequestSyntaxError",
    "DatabaseError",
    "FetchError",
    "FileExpired",
    "StorageError",
    "JobFailed",
    "PictureError",
    "QueueFull",
    "RecipeError",
    "TimeBudgetExceeded",
    "UnknownModel",
    "UserError",
    "wrong",
}
"""What raises a sentence; `wrong` is a reader's. WeightsError is for the operator's log."""
OPERATORS = {
    "jobs/storage.py",
    "jobs/database.py",
    "jobs/files.py: The files of jobs cannot be kept",
    "scheduler/ray_executor.py",
    "workers/gpu/devices.py",
    "workers/ray/nodes.py",
}
"""Where a sentence is about the start of the bot, which members never read."""
GAP = "\0"


def template(node: ast.expr) -> str | None:
    """A string as it is written, with a mark where a value is filled in; None for what is no string."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else GAP for one in values)
    return None


def said() -> Iterator[tuple[str, str]]:
    """(where, the first line) of each sentence in the code that is raised as an error, or kept in a table of
    them."""
    for room in ROOMS:
        for path in sorted((ROOT / "dreambot" / room).rglob("*.py")):
            where = str(path.relative_to(ROOT / "dreambot"))
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for one in _sentences(node):
                    text = template(one)
                    if text is not None and text.strip(GAP + " :."):
                        yield where, text.partition("\n")[0]


def _sentences(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            if name in ERRORS:
                yield first
        case ast.Assign(targets=[ast.Name(id="_RANGES")], value=ast.Dict(values=values)):
            yield from values


def is_operators(where: str, text: str) -> bool:
    """Whether only the operator reads it."""
    return any(one == where or (": " in one and f"{where}: {text}".startswith(one)) for one in OPERATORS)


BUILT = ("There is no bend called", "There is no class called", "There is no preset called")
"""Sentences that are put together of parts; `samples` has them whole."""


def test_each_sentence_that_is_raised_is_known() -> None:
    sentences = [(where, text) for where, text in said() if not is_operators(where, text)]
    assert len(sentences) > 100
    unknown = [
        (where, text.replace(GAP, "…"))
        for where, text in sentences
        if not text.startswith((*BUILT, GAP, "There is no layer called"))
        and not any(wording.gaps(text.replace(GAP, "7")) is not None for _, wording in sentence_patterns())
    ]
    assert not unknown


def asked(ask: Callable[[], object]) -> str:
    """What is said to somebody who asks for that."""
    with pytest.raises(UserError) as raised:
        ask()
    return str(raised.value).partition("\n")[0]


def files(tmp_path: Path) -> Iterator[str]:
    """What is said of files that are no pictures."""
    for number, data in enumerate(
        (b"ID3\x04", b"%PDF-1.7", b"<!doctype html><html>", b"eggs and milk", b"\0" * 64)
    ):
        path = tmp_path / str(number)
        path.write_bytes(data)
        yield str(unreadable_file_error(path))


RECIPE = make_recipe().model_dump()
WRONG: list[dict[str, Any]] = [
    {"steps": 99999},
    {"steps": 0},
    {"seed": -1},
    {"cooling": 1},
    {"step": 0},
    {"objective": "most"},
    {"nonsense": 1},
    {"width": None},
    {"model": "nothing"},
    {"layers": [{"layer": "nowhere"}]},
    {"layers": [{"layer": "mixed4", "channels": [4000]}]},
    {"layers": [{"layer": "mixed4", "weight": 0}]},
    {"layers": [{"layer": "mixed4", "channels": [1, 1]}]},
    {"layers": [{"layer": "mixed4", "channels": [1], "strongest": 2}]},
    {"bends": [{"kind": "swap", "layer": "mixed1", "amount": 9}]},
    {"bends": [{"kind": "swap", "layer": "nowhere", "amount": 0.5}]},
    {"bends": [{"kind": "swap", "layer": "mixed9", "amount": 0.5}]},
    {"gradient": "laplacian", "bands": [0]},
    {"octaves_above": 2},
    {"parametrisation": "fourier", "keep_colour": True},
    {"tile": 256, "bends": [{"kind": "delay", "layer": "mixed1", "amount": 1}]},
    {"hellscape": {"frames": 5, "loop": 9}},
    {"hellscape": {"frames": 5}, "moving": {"frames": 5}},
]
"""Changes that make a recipe one that cannot be followed."""


def samples(tmp_path: Path) -> list[str]:
    """Sentences that are put together of parts, each said by the code itself."""
    amounts = [lambda kind=kind: parse_bends(f"{kind}@mixed1=9999") for kind in BENDS]
    asks: list[Callable[[], object]] = [
        *amounts,
        lambda: parse_bends("swep@mixed1"),
        lambda: parse_bends("qzx@mixed1"),
        lambda: parse_bends("swap"),
        lambda: parse_bends("swap@nowhere"),
        lambda: parse_bends("swap@classes", "mobilenet_v2"),
        lambda: check_upstream(parse_bends("swap@mixed5"), ["mixed1"], "inception_v3"),
        lambda: find_layer("mixd5"),
        lambda: find_layer("mixed4a"),
        lambda: find_preset("dgs"),
        lambda: find_preset("qzxjk"),
        lambda: find_class("qwerty"),
        lambda: find_class("unicorn"),
        lambda: find_class("african"),
        lambda: find_class("dog"),
        lambda: find_class("x" * 99),
        lambda: registry.find_model("nothing"),
        lambda: parse_layers("mixed4[99999]"),
        lambda: parse_layers("mixed4[top999]"),
        lambda: SummonRequest.of("castle*99"),
        lambda: DreamRequest.of(layer="x" * 999),
        lambda: HellscapeRequest.of(size="9"),
        lambda: parse_recipe("dream1.9 inception_v3 mixed4 eq 512x384"),
        lambda: parse_recipe("dream1.2 inception_v3 mixed4 eq 512x384 octaves=9"),
        lambda: parse_recipe("dream1.2 inception_v3 mixed4 eq 512x384 steps=9999x1"),
        lambda: parse_message("hello"),
        lambda: parse_message("intensity"),
    ]
    asks += [lambda changes=changes: Recipe.checked({**RECIPE, **changes}) for changes in WRONG]
    return [
        *map(asked, asks),
        *files(tmp_path),
        not_installed("vgg16"),
        pipeline.RESTARTED_MESSAGE,
        pipeline._INTERNAL_ERROR_MESSAGE,
        pipeline._TOO_MANY_ATTEMPTS_MESSAGE,
        str(active_runs._time_limit_message(5.0)),
    ]


@pytest.mark.parametrize("locale", OTHERS)
def test_sentences_that_are_put_together_are_said_in_the_language(locale: str, tmp_path: Path) -> None:
    say = translator_for(locale)
    english = [sentence for sentence in samples(tmp_path) if translate_english(say, sentence) == sentence]
    assert not english
    problems = [one.partition("followed: ")[2] for one in samples(tmp_path) if "followed: " in one]
    assert not [
        one for one in problems if translate_english(say, one.removesuffix(".")) == one.removesuffix(".")
    ]


def test_what_is_in_the_gaps_of_a_sentence_is_said_in_the_language_too() -> None:
    say = translator_for("de")
    told = error_text(_error(lambda: parse_bends("swap@mixed1=9")), say)
    assert "(Anteil der Kanäle)" in told
    told = error_text(_error(lambda: Recipe.checked({**RECIPE, "steps": 99999})), say)
    assert told == "Diesem Rezept kann ich nicht folgen: steps ist höchstens 2.000."
    told = error_text(_error(lambda: find_layer("mixed4a")), say)
    assert "nur in googlenet" in told


def test_weights_that_are_missing_are_the_operators_business() -> None:
    error = WeightsError("Run `dreambot models pull vgg16`.", "vgg16")
    for locale in LOCALES:
        assert "dreambot models" not in error_text(error, translator_for(locale))
    assert "vgg16" in error_text(error, translator_for("ja"))
    assert isinstance(WeightsMissing("x", "y"), UserError)


def _error(ask: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as raised:
        ask()
    return raised.value
