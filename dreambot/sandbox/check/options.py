"""Choices: those of a command's option, and those an autocomplete answers."""

from typing import Any

from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.check.names import check_localized
from dreambot.sandbox.model import Json

STRING, INTEGER, NUMBER = 3, 4, 10


def check_choice_list(form: Form, body: Json, kind: int, at: Path) -> None:
    """The `choices` of `body`: at most 25, names of 1-100 characters, values of the option's type."""
    names: set[str] = set()
    for index, choice in enumerate(form.listing(body, "choices", at, at_most=25)):
        path = (*at, "choices", index)
        name = form.text(choice, "name", path, at_least=1, at_most=100, required=True)
        if name in names:
            words = "Option choice names must be unique"
            form.wrong(path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", words)
        names.add(name or "")
        check_localized(form, choice, "name", path, at_most=100)
        _check_value(form, choice.get("value"), kind, (*path, "value"))


def _check_value(form: Form, value: Any, kind: int, at: Path) -> None:
    if value is None:
        form.wrong(at, "BASE_TYPE_REQUIRED", "This field is required")
    elif kind == STRING:
        if not isinstance(value, str):
            form.wrong(at, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
        elif not 1 <= len(value) <= 100:
            form.wrong(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    elif isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
        name = "int" if kind == INTEGER else "float"
        form.wrong(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not {name}.')
    elif abs(value) > 1 << 53:
        form.wrong(at, "NUMBER_TYPE_MAX", "Numbers go to 2^53.")


def focused(options: list[Json]) -> Json | None:
    """The option being typed, within subcommands too."""
    for option in options:
        if option.get("focused"):
            return option
        inner = focused(option.get("options", []))
        if inner is not None:
            return inner
    return None


def check_choices(data: Json, options: list[Json]) -> list[Json]:
    """The choices an autocomplete answers for the focused one of `options`. Raises Refusal 50035."""
    form = Form()
    option = focused(options)
    if form.require(data, "choices", ("data",)):
        check_choice_list(form, data, option["type"] if option else STRING, ("data",))
    form.done()
    choices: list[Json] = data["choices"]
    return choices
