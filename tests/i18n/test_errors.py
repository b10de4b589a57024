"""Errors are raised by code: each code is a message of the catalogues, with the values that it needs."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dreambot.bot.errors import error_text
from dreambot.bot.requests.messages import parse_message
from dreambot.errors import Message, UserError
from dreambot.i18n import LOCALES, translator_for
from dreambot.media.picture_file import unreadable_file_error
from dreambot.recipe import DreamRequest, Recipe, find_layer, parse_layers
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import check_upstream, parse_bends
from dreambot.recipe.classes import find_class
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.presets import find_preset
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import parse_recipe
from dreambot.workers.types import WeightsMissing
from dreambot.zoo import registry
from dreambot.zoo.catalogue import WeightsError, not_installed
from tests.i18n.catalogue_reader import KEY, ROOT, messages, variables
from tests.support.recipes import make_recipe

OTHERS = [locale for locale in LOCALES if locale != "en"]
NOT_SHOWN = {"excerpt", "network", "why", "default"}
"""Arguments of errors that need not be variables of the message."""


@cache
def trees() -> dict[Path, ast.Module]:
    """The syntax trees of the program, less the sandbox, which has sentences of its own."""
    paths = [*ROOT.glob("dreambot/**/*.py"), *ROOT.glob("cogs/*.py")]
    return {path: ast.parse(path.read_text("utf-8")) for path in paths if "sandbox" not in path.parts}


@cache
def error_classes() -> frozenset[str]:
    """The names of `UserError` and all its subclasses."""
    bases = {
        node.name: {base.id if isinstance(base, ast.Name) else base.attr for base in node.bases}
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and all(isinstance(base, ast.Name | ast.Attribute) for base in node.bases)
    }
    found = {"UserError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return frozenset(found)


def raised() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """(place, call, code) of every error and message that is made."""
    makers = error_classes() | {"Message", "wrong"}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
                    if name in makers:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node, first


def literals(code: ast.expr) -> Iterator[str]:
    """The codes that an expression may be, with `*` for what is filled in."""
    match code:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)


def test_every_error_is_raised_by_a_code() -> None:
    codes = [(place, text) for place, _, code in raised() for text in literals(code)]
    assert len(codes) > 250
    assert [pair for pair in codes if not KEY.fullmatch(pair[1].replace("*", "x"))] == []


def test_no_error_is_raised_by_a_text_that_is_put_together() -> None:
    computed = [
        (place, ast.unparse(code))
        for place, _, code in raised()
        if isinstance(code, ast.Call | ast.BinOp) and "get(" not in ast.unparse(code)
    ]
    assert computed == []


def test_every_code_is_in_the_catalogue() -> None:
    optional = ("layer-", "preset-", "bend-", "alt-")
    codes = {(place, text) for place, _, code in raised() for text in literals(code)}
    missing = [
        (place, text)
        for place, text in codes
        if not text.startswith(optional)
        and not any(re.fullmatch(text.replace("*", "[a-z0-9_-]+"), key) for key in messages("en"))
    ]
    assert missing == []


def test_every_message_gets_the_values_that_it_needs() -> None:
    wrong = []
    for place, call, code in raised():
        for key in literals(code):
            given = _given(call)
            if given is None or key not in messages("en"):
                continue
            needed = variables("en", key)
            if not (needed.shown | needed.selected <= given <= needed.shown | needed.selected | NOT_SHOWN):
                wrong.append((place, key, given))
    assert wrong == []


def _given(call: ast.Call) -> set[str] | None:
    """The names of a message's values, None where they are not written out."""
    names = {keyword.arg for keyword in call.keywords}
    if isinstance(call.func, ast.Name) and call.func.id == "Message" and len(call.args) > 1:
        match call.args[1]:
            case ast.Dict(keys=keys):
                names |= {key.value if isinstance(key, ast.Constant) else None for key in keys}
            case _:
                return None
    return None if None in names else {str(name) for name in names}


def test_an_error_survives_json() -> None:
    error = _error(lambda: Recipe.checked({**RECIPE, "bends": [WILD_BEND]}))
    message = Message.from_json(error.message.to_json())
    assert message == error.message
    german = translator_for("de")
    assert type(error).of(message).text(german) == error.text(german)


def test_values_that_are_no_json_become_text() -> None:
    error = UserError("cli-input-unreadable", path=Path("a.png"), reason=OSError("no such thing"))
    assert str(error) == "a.png cannot be read: no such thing."
    assert json.loads(error.message.to_json())["params"]["path"] == "a.png"


@pytest.mark.parametrize(
    "stored",
    [
        *("Something quite new.", "", "17", "[]", '{"a": 1}', '{"code": 1, "params": {}}', '{"code": "x"'),
        # Deeper than the JSON parser goes, and longer than a variable of Fluent may be.
        *("[" * 5000, "a" * 5000),
    ],
)
def test_a_sentence_that_an_earlier_version_stored_is_shown_as_it_is(stored: str) -> None:
    assert Message.from_json(stored).text(translator_for("ja")) == stored


def test_a_code_of_a_newer_version_is_an_error_on_our_side() -> None:
    assert Message("errors-of-the-future", {"name": "x"}).text().startswith("Something went wrong")


def test_an_optional_text_falls_back_to_english() -> None:
    assert Message("preset-of-tomorrow", default="brass").text(translator_for("fr")) == "brass"


def files(tmp_path: Path) -> Iterator[UserError]:
    """The errors of files that are not pictures."""
    for number, data in enumerate(
        (b"ID3\x04", b"%PDF-1.7", b"<!doctype html><html>", b"eggs and milk", b"\0" * 64)
    ):
        path = tmp_path / str(number)
        path.write_bytes(data)
        yield unreadable_file_error(path)


RECIPE = make_recipe().model_dump()
WILD_BEND = {"kind": "swap", "layer": "mixed1", "amount": 9}
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
    {"bends": [WILD_BEND]},
    {"bends": [{"kind": "swap", "layer": "nowhere", "amount": 0.5}]},
    {"bends": [{"kind": "swap", "layer": "mixed9", "amount": 0.5}]},
    {"gradient": "laplacian", "bands": [0]},
    {"octaves_above": 2},
    {"parametrisation": "fourier", "keep_colour": True},
    {"where": "faces", "source": "dark"},
    {"tile": 256, "bends": [{"kind": "delay", "layer": "mixed1", "amount": 1}]},
    {"hellscape": {"frames": 5, "loop": 9}},
    {"hellscape": {"frames": 5}, "moving": {"frames": 5}},
]
"""Changes that make a recipe one that cannot be followed."""


def samples(tmp_path: Path) -> Iterator[UserError]:
    """Errors that are put together of parts, each raised by the code itself."""
    amounts = [lambda kind=kind: parse_bends(f"{kind}@mixed1=9999") for kind in BENDS]
    calls: list[Callable[[], object]] = [
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
        lambda: SummonRequest.of("*99"),
        lambda: DreamRequest.of(layer="x" * 999),
        lambda: HellscapeRequest.of(size="9"),
        lambda: parse_recipe("dream1.9 inception_v3 mixed4 eq 512x384"),
        lambda: parse_recipe("dream1.2 inception_v3 mixed4 eq 512x384 octaves=9"),
        lambda: parse_recipe("dream1.2 inception_v3 mixed4 eq 512x384 steps=9999x1"),
        lambda: parse_message("hello"),
        lambda: parse_message("intensity"),
    ]
    calls += [lambda changes=changes: Recipe.checked({**RECIPE, **changes}) for changes in WRONG]
    yield from map(_error, calls)
    yield from files(tmp_path)
    yield UserError.of(not_installed("vgg16"))


@pytest.mark.parametrize("locale", OTHERS)
def test_errors_that_are_put_together_are_in_the_language(locale: str, tmp_path: Path) -> None:
    say = translator_for(locale)
    for error in samples(tmp_path):
        assert error.text(say) != str(error)
        problem = error.message.params.get("problem")
        assert problem is None or problem.text(say) != problem.text()


def test_the_values_of_an_error_are_in_the_language_too() -> None:
    say = translator_for("de")
    told = error_text(_error(lambda: parse_bends("swap@mixed1=9")), say)
    assert "(Anteil der Kanäle)" in told
    told = error_text(_error(lambda: Recipe.checked({**RECIPE, "steps": 99999})), say)
    assert told == "Diesem Rezept kann ich nicht folgen: steps ist höchstens 2.000."
    told = error_text(_error(lambda: find_layer("mixed4a")), say)
    assert "aber googlenet:mixed4a" in told
    told = error_text(_error(lambda: DreamRequest.of(intensity=12)), say)
    assert told == "Die Stärke geht von 1 bis 11."
    told = error_text(_error(lambda: find_layer("x")), say)
    assert re.search(r"meintest du \w+, \w+ oder \w+\?$", told)
    told = error_text(UserError("errors-person-full", count=1), say)
    assert told.startswith("Du hast schon einen Traum in der Warteschlange")


def test_weights_that_are_missing_are_the_operators_business() -> None:
    error = WeightsError("setup-weights-missing", network="vgg16")
    assert "dreambot models pull vgg16" in str(error)
    for locale in LOCALES:
        assert "dreambot models" not in error_text(error, translator_for(locale))
    assert "vgg16" in error_text(error, translator_for("ja"))
    assert isinstance(WeightsMissing("setup-weights-missing", network="y"), UserError)


def _error(call: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as caught:
        call()
    return caught.value
