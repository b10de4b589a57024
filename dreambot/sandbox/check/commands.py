"""Application commands: names, options, limits."""

from typing import Any

from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.check.names import check_localized, check_name
from dreambot.sandbox.check.options import INTEGER, NUMBER, STRING, check_choice_list
from dreambot.sandbox.model import Json

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, CHANNEL = 1, 2, 7
CHARACTERS = 8000
# Which option types a field is for.
_ONLY_FOR = {
    "autocomplete": (STRING, INTEGER, NUMBER),
    "choices": (STRING, INTEGER, NUMBER),
    "min_value": (INTEGER, NUMBER),
    "max_value": (INTEGER, NUMBER),
    "min_length": (STRING,),
    "max_length": (STRING,),
    "channel_types": (CHANNEL,),
}


def check_command(form: Form, body: Json, at: Path = ()) -> Json:
    """A command as Discord keeps it, ids and versions aside."""
    kind = body.get("type") or CHAT_INPUT
    form.choice(kind, (CHAT_INPUT, USER, MESSAGE), (*at, "type"))
    name = form.text(body, "name", at, at_least=1, at_most=32, required=True) or ""
    check_localized(form, body, "name", at, at_most=32, named=kind == CHAT_INPUT)
    if kind == CHAT_INPUT:
        check_name(form, name, (*at, "name"))
        check_localized(form, body, "description", at, at_most=100)
        form.text(body, "description", at, at_least=1, at_most=100, required=True)
        check_options(form, body, at, 0)
        if characters(body) > CHARACTERS:
            words = f"Command exceeds maximum size ({CHARACTERS})"
            form.wrong(at, "APPLICATION_COMMAND_TOO_LARGE", words)
    else:
        for key in ("description", "options"):
            if body.get(key):
                words = "Context menu commands cannot have " + key
                form.wrong((*at, key), "APPLICATION_COMMAND_CONTEXT_MENU_" + key.upper(), words)
    permissions = form.whole(body, "default_member_permissions", at, low=0)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, one in enumerate(body.get(key) or []):
            form.choice(one, allowed, (*at, key, index))
    kept: Json = {
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
        kept["dm_permission"] = body["dm_permission"]
    if body.get("options"):
        kept["options"] = [_kept_option(option) for option in body["options"] if isinstance(option, dict)]
    return kept


def check_options(form: Form, body: Json, at: Path, depth: int) -> None:
    """The options of a command, a group (`depth` 1) or a subcommand (2)."""
    seen: set[str] = set()
    optional = False
    kinds: set[bool] = set()
    for index, option in enumerate(form.listing(body, "options", at, at_most=25)):
        path = (*at, "options", index)
        kind = option.get("type")
        if not form.choice(kind, tuple(range(1, 12)), (*path, "type")) or kind is None:
            continue
        name = form.text(option, "name", path, at_least=1, at_most=32, required=True) or ""
        check_name(form, name, (*path, "name"))
        form.text(option, "description", path, at_least=1, at_most=100, required=True)
        check_localized(form, option, "name", path, at_most=32, named=True)
        check_localized(form, option, "description", path, at_most=100)
        if name in seen:
            words = "Option names must be unique"
            form.wrong(path, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", words)
        seen.add(name)
        kinds.add(kind in (SUBCOMMAND, GROUP))
        if kind in (SUBCOMMAND, GROUP):
            if depth >= 2 or (kind == GROUP and depth):
                words = "Sub-command option type not valid here"
                form.wrong((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
            check_options(form, option, path, 1 if kind == GROUP else 2)
            continue
        if option.get("required") and optional:
            words = "Required options must be placed before non-required options"
            form.wrong(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or not option.get("required")
        _check_limits(form, option, kind, path)
    if len(kinds) > 1 or (depth == 1 and False in kinds):
        words = "Sub-commands and other options do not mix"
        form.wrong((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)


def _check_limits(form: Form, option: Json, kind: int, at: Path) -> None:
    for key, kinds in _ONLY_FOR.items():
        if option.get(key) not in (None, False, []) and kind not in kinds:
            words = f"{key} is not for this type of option"
            form.wrong((*at, key), "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", words)
    if option.get("autocomplete") and option.get("choices"):
        words = "choices cannot go with autocomplete"
        form.wrong((*at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", words)
    check_choice_list(form, option, kind, at)
    form.whole(option, "min_length", at, low=0, high=6000)
    form.whole(option, "max_length", at, low=1, high=6000)
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        if _above(option.get(low), option.get(high)):
            form.wrong((*at, low), "NUMBER_TYPE_MAX", f"{low} is above {high}")


def _above(low: Any, high: Any) -> bool:
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high


def _kept_option(option: Json) -> Json:
    kept = {key: value for key, value in option.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_kept_option(one) for one in kept["options"]]
    # Discord keeps `required` only where it is true.
    if not kept.get("required"):
        kept.pop("required", None)
    return kept


def characters(body: Json) -> int:
    """The length of all names, descriptions and values of a command together, each in its longest
    language."""
    own = sum(_longest(body, key) for key in ("name", "description", "value"))
    inner = [one for key in ("options", "choices") for one in body.get(key) or [] if isinstance(one, dict)]
    return own + sum(characters(one) for one in inner)


def _longest(body: Json, key: str) -> int:
    localized = body.get(f"{key}_localizations")
    known = [body.get(key), *(localized.values() if isinstance(localized, dict) else [])]
    return max((len(one) for one in known if isinstance(one, str)), default=0)
