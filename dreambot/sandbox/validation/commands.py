"""Validates application commands: names, localizations, options, choices and size limits."""

import re
from typing import Any

from dreambot.sandbox.models import Json
from dreambot.sandbox.validation.form import FieldPath, FormValidator

_COMMAND_NAME = re.compile(r"^[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}$")
_LOCALE_CODES = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th "
    "zh-CN ja zh-TW ko"
)
LOCALES = frozenset(_LOCALE_CODES.split())


def check_name(form: FormValidator, name: str, at: FieldPath) -> None:
    """Validates the name of a slash command or an option: no spaces, no upper case.

    Args:
        form: Collects the errors.
        name: The name.
        at: The path of the field.
    """
    if name and not _COMMAND_NAME.match(name):
        reason = "String value did not match validation regex."
        form.add_error(at, "STRING_TYPE_REGEX", reason)
    elif name != name.lower():
        form.add_error(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_localized(
    form: FormValidator, body: Json, key: str, at: FieldPath, *, max_length: int, named: bool = False
) -> None:
    """Validates the localizations of a field.

    Args:
        form: Collects the errors.
        body: The object.
        key: The field that is localized.
        at: The path of the object.
        max_length: The maximum length in characters.
        named: Whether the rules for names apply.
    """
    localized = body.get(f"{key}_localizations")
    if localized is None:
        return
    path = (*at, f"{key}_localizations")
    if not isinstance(localized, dict):
        form.add_error(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    for locale in localized:
        if locale not in LOCALES:
            form.add_error(
                (*path, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.'
            )
        text = form.string(localized, locale, path, min_length=1, max_length=max_length)
        if named and text is not None:
            check_name(form, text, (*path, locale))


STRING, INTEGER, NUMBER = 3, 4, 10


def check_option_choices(form: FormValidator, body: Json, kind: int, at: FieldPath) -> None:
    """Validates `choices`: at most 25, names of 1-100 characters, values of the option's type.

    Args:
        form: Collects the errors.
        body: The object that has the choices.
        kind: The option's type.
        at: The path of the object.
    """
    names: set[str] = set()
    for index, choice in enumerate(form.object_list(body, "choices", at, max_items=25)):
        path = (*at, "choices", index)
        name = form.string(choice, "name", path, min_length=1, max_length=100, required=True)
        if name in names:
            reason = "Option choice names must be unique"
            form.add_error(path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", reason)
        names.add(name or "")
        check_localized(form, choice, "name", path, max_length=100)
        _check_choice_value(form, choice.get("value"), kind, (*path, "value"))


def _check_choice_value(form: FormValidator, value: Any, kind: int, at: FieldPath) -> None:
    if value is None:
        form.add_error(at, "BASE_TYPE_REQUIRED", "This field is required")
    elif kind == STRING:
        if not isinstance(value, str):
            form.add_error(at, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
        elif not 1 <= len(value) <= 100:
            form.add_error(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    elif isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
        name = "int" if kind == INTEGER else "float"
        form.add_error(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not {name}.')
    elif abs(value) > 1 << 53:
        form.add_error(at, "NUMBER_TYPE_MAX", "Numbers go to 2^53.")


def focused_option(options: list[Json]) -> Json | None:
    """Returns the option that the user is typing, also inside subcommands, or None.

    Args:
        options: The options of an autocomplete interaction.
    """
    for option in options:
        if option.get("focused"):
            return option
        inner = focused_option(option.get("options", []))
        if inner is not None:
            return inner
    return None


def check_autocomplete_choices(data: Json, options: list[Json]) -> list[Json]:
    """Validates and returns the choices of an autocomplete response.

    Args:
        data: The `data` of the response.
        options: The options of the interaction.

    Raises:
        ApiError: 50035, the choices are invalid.
    """
    form = FormValidator()
    option = focused_option(options)
    if form.require(data, "choices", ("data",)):
        check_option_choices(form, data, option["type"] if option else STRING, ("data",))
    form.raise_errors()
    choices: list[Json] = data["choices"]
    return choices


CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, CHANNEL, ATTACHMENT = 1, 2, 7, 11
MAX_COMMAND_CHARACTERS = 8000
# The option types that allow a field.
_OPTION_TYPES_OF_FIELD = {
    "autocomplete": (STRING, INTEGER, NUMBER),
    "choices": (STRING, INTEGER, NUMBER),
    "min_value": (INTEGER, NUMBER),
    "max_value": (INTEGER, NUMBER),
    "min_length": (STRING,),
    "max_length": (STRING,),
    "channel_types": (CHANNEL,),
    "file_types": (ATTACHMENT,),
}
_FILE_GROUPS = ("image", "video", "audio")
_MAX_FILE_TYPES = 10


def check_command(form: FormValidator, body: Json, at: FieldPath = ()) -> Json:
    """Validates a command and returns it as Discord stores it, without ids and version.

    Args:
        form: Collects the errors.
        body: The command.
        at: The path of the command.
    """
    kind = body.get("type") or CHAT_INPUT
    form.choice(kind, (CHAT_INPUT, USER, MESSAGE), (*at, "type"))
    name = form.string(body, "name", at, min_length=1, max_length=32, required=True) or ""
    check_localized(form, body, "name", at, max_length=32, named=kind == CHAT_INPUT)
    if kind == CHAT_INPUT:
        check_name(form, name, (*at, "name"))
        check_localized(form, body, "description", at, max_length=100)
        form.string(body, "description", at, min_length=1, max_length=100, required=True)
        check_options(form, body, at, 0)
        if command_length(body) > MAX_COMMAND_CHARACTERS:
            reason = f"Command exceeds maximum size ({MAX_COMMAND_CHARACTERS})"
            form.add_error(at, "APPLICATION_COMMAND_TOO_LARGE", reason)
    else:
        for key in ("description", "options"):
            if body.get(key):
                reason = "Context menu commands cannot have " + key
                form.add_error((*at, key), "APPLICATION_COMMAND_CONTEXT_MENU_" + key.upper(), reason)
    permissions = form.integer(body, "default_member_permissions", at, low=0)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, one in enumerate(body.get(key) or []):
            form.choice(one, allowed, (*at, key, index))
    stored: Json = {
        "type": kind,
        "name": name,
        "description": body.get("description") or "",
        "name_localizations": body.get("name_localizations"),
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(body.get("nsfw")),
        "integration_types": body.get("integration_types") or [0, 1],
        "contexts": body.get("contexts"),
    }
    if body.get("dm_permission") is not None:
        stored["dm_permission"] = body["dm_permission"]
    if body.get("options"):
        stored["options"] = [_stored_option(option) for option in body["options"] if isinstance(option, dict)]
    return stored


def check_options(form: FormValidator, body: Json, at: FieldPath, depth: int) -> None:
    """Validates the options of a command, a group or a subcommand.

    Args:
        form: Collects the errors.
        body: The object that has the options.
        at: The path of the object.
        depth: 0 for a command, 1 for a group, 2 for a subcommand.
    """
    seen: set[str] = set()
    optional = False
    kinds: set[bool] = set()
    for index, option in enumerate(form.object_list(body, "options", at, max_items=25)):
        path = (*at, "options", index)
        kind = option.get("type")
        if not form.choice(kind, tuple(range(1, 12)), (*path, "type")) or kind is None:
            continue
        name = form.string(option, "name", path, min_length=1, max_length=32, required=True) or ""
        check_name(form, name, (*path, "name"))
        form.string(option, "description", path, min_length=1, max_length=100, required=True)
        check_localized(form, option, "name", path, max_length=32, named=True)
        check_localized(form, option, "description", path, max_length=100)
        if name in seen:
            reason = "Option names must be unique"
            form.add_error(path, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", reason)
        seen.add(name)
        kinds.add(kind in (SUBCOMMAND, GROUP))
        if kind in (SUBCOMMAND, GROUP):
            if depth >= 2 or (kind == GROUP and depth):
                reason = "Sub-command option type not valid here"
                form.add_error((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", reason)
            check_options(form, option, path, 1 if kind == GROUP else 2)
            continue
        if option.get("required") and optional:
            reason = "Required options must be placed before non-required options"
            form.add_error(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", reason)
        optional = optional or not option.get("required")
        _check_limits(form, option, kind, path)
    if len(kinds) > 1 or (depth == 1 and False in kinds):
        reason = "Sub-commands and other options do not mix"
        form.add_error((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", reason)


def _check_limits(form: FormValidator, option: Json, kind: int, at: FieldPath) -> None:
    for key, kinds in _OPTION_TYPES_OF_FIELD.items():
        if option.get(key) not in (None, False, []) and kind not in kinds:
            reason = f"{key} is not for this type of option"
            form.add_error((*at, key), "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", reason)
    if option.get("autocomplete") and option.get("choices"):
        reason = "choices cannot go with autocomplete"
        form.add_error((*at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", reason)
    check_file_types(form, option, at)
    check_option_choices(form, option, kind, at)
    form.integer(option, "min_length", at, low=0, high=6000)
    form.integer(option, "max_length", at, low=1, high=6000)
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        if _exceeds(option.get(low), option.get(high)):
            form.add_error((*at, low), "NUMBER_TYPE_MAX", f"{low} is above {high}")


def check_file_types(form: FormValidator, body: Json, at: FieldPath) -> None:
    """Validates `file_types`: at most ten groups of files or extensions that begin with a dot.

    Args:
        form: Collects the errors.
        body: The option, or the component of a form.
        at: The path of the object.
    """
    listed = body.get("file_types")
    if listed is None:
        return
    path = (*at, "file_types")
    if not isinstance(listed, list) or len(listed) > _MAX_FILE_TYPES:
        form.add_error(path, "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_FILE_TYPES} or fewer in length.")
        return
    for index, one in enumerate(listed):
        if one not in _FILE_GROUPS and not (isinstance(one, str) and re.fullmatch(r"\.\w{1,15}", one)):
            form.add_error((*path, index), "FILE_TYPE_INVALID", "Not a group of files or an extension.")


def _exceeds(low: Any, high: Any) -> bool:
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high


def _stored_option(option: Json) -> Json:
    stored = {key: value for key, value in option.items() if value is not None}
    if "options" in stored:
        stored["options"] = [_stored_option(one) for one in stored["options"]]
    # Discord stores `required` only if it is true.
    if not stored.get("required"):
        stored.pop("required", None)
    return stored


def command_length(body: Json) -> int:
    """Returns the number of characters of all names, descriptions and values, each in its longest language.

    Args:
        body: A command, option or choice.
    """
    own = sum(_longest(body, key) for key in ("name", "description", "value"))
    inner = [one for key in ("options", "choices") for one in body.get(key) or [] if isinstance(one, dict)]
    return own + sum(command_length(one) for one in inner)


def _longest(body: Json, key: str) -> int:
    localized = body.get(f"{key}_localizations")
    known = [body.get(key), *(localized.values() if isinstance(localized, dict) else [])]
    return max((len(one) for one in known if isinstance(one, str)), default=0)
