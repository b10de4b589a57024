"""Docstrings of public functions describe their arguments, in Google style; ruff checks the rest."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreambot.cli import app

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("dreambot", "cogs") for path in (ROOT / folder).rglob("*.py"))
DESCRIBED_ELSEWHERE = {"command", "context_menu", "listener", "autocomplete", "callback", "overload"}
"""Decorators of functions whose arguments come from a framework: commands describe them to people."""
COMMANDS = {command.callback.__name__ for command in app.registered_commands if command.callback}
"""Functions of the command line: their options have help texts, and the docstring is printed by `--help`."""
VALIDATORS = {"field_validator", "model_validator", "field_serializer"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def decorators(function: Function) -> set[str]:
    """The last names of a function's decorators: `command` for `@app_commands.command(...)`."""
    names = set()
    for node in function.decorator_list:
        called = node.func if isinstance(node, ast.Call) else node
        names.add(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
    return names


def public_functions(
    body: list[ast.stmt], owner: ast.ClassDef | None = None
) -> Iterator[tuple[Function, ast.ClassDef | None]]:
    """Each public function of a module, and each public method and `__init__` of its public classes."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, node)
        elif isinstance(node, Function) and (node.name == "__init__" or not node.name.startswith("_")):
            yield node, owner


def argument_names(function: Function, owner: ast.ClassDef | None) -> list[str]:
    """The public arguments of a function, without `self` and `cls`."""
    arguments = function.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if owner is not None and "staticmethod" not in decorators(function):
        names = names[1:]
    return [name for name in names if not name.startswith("_")]


def described_arguments(docstring: str) -> set[str]:
    """The names in the `Args:` section of a docstring; a line may describe several, `width, height: …`."""
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", docstring, re.MULTILINE)
    lines = re.findall(r"^\s+([\w*, ]+?)(?:\s*\([^)]*\))?:", section[1], re.MULTILINE) if section else []
    return {name for line in lines for name in re.findall(r"\w+", line)}


def undescribed(path: Path) -> Iterator[str]:
    """`line function: arguments` for each public function of a file whose docstring leaves arguments out."""
    for function, owner in public_functions(ast.parse(path.read_text("utf-8")).body):
        names = argument_names(function, owner)
        if decorators(function) & (DESCRIBED_ELSEWHERE | VALIDATORS) or names in ([], ["bot"]):
            continue
        if path.parent.name == "cli" and function.name in COMMANDS:
            continue
        docstring = ast.get_docstring(function) or ""
        if function.name == "__init__" and owner is not None:
            docstring += "\n" + (ast.get_docstring(owner) or "")
        missing = [name for name in names if name not in described_arguments(docstring)]
        if missing:
            yield f"{function.lineno} {function.name}: {', '.join(missing)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arguments_of_public_functions_are_described(path: Path) -> None:
    assert not list(undescribed(path))


def test_a_missing_argument_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        'def scale(image, factor):\n    """Scales.\n\n    Args:\n        image: uint8.\n    """\n'
    )
    assert list(undescribed(path)) == ["1 scale: factor"]
