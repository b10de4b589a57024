"""Names and descriptions of commands, and what they are in other languages."""

import re

from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.model import Json

_NAME = re.compile(r"^[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}$")
_SPOKEN = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th "
    "zh-CN ja zh-TW ko"
)
LOCALES = frozenset(_SPOKEN.split())


def check_name(form: Form, name: str, at: Path) -> None:
    """A name of a slash command or an option: no blanks, no capitals."""
    if name and not _NAME.match(name):
        words = "String value did not match validation regex."
        form.wrong(at, "STRING_TYPE_REGEX", words)
    elif name != name.lower():
        form.wrong(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_localized(form: Form, body: Json, key: str, at: Path, *, at_most: int, named: bool = False) -> None:
    """What `key` is in other languages, up to `at_most` characters; `named`: under the rules for names."""
    localized = body.get(f"{key}_localizations")
    if localized is None:
        return
    path = (*at, f"{key}_localizations")
    if not isinstance(localized, dict):
        form.wrong(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    for locale in localized:
        if locale not in LOCALES:
            form.wrong((*path, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
        text = form.text(localized, locale, path, at_least=1, at_most=at_most)
        if named and text is not None:
            check_name(form, text, (*path, locale))
