"""Buttons and selects."""

from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.model import Json

BUTTON, STRING_SELECT = 2, 3
SELECTS = (3, 5, 6, 7, 8)
_LINK, _PREMIUM = 5, 6
# What the default values of each kind of select may be.
_PROPOSED = {5: ("user",), 6: ("role",), 7: ("user", "role"), 8: ("channel",)}


def check_button(form: Form, button: Json, at: Path, custom_ids: set[str]) -> None:
    """A button: custom_id or url by its style, a label or an emoji."""
    style = button.get("style")
    if not form.choice(style, (1, 2, 3, 4, _LINK, _PREMIUM), (*at, "style")):
        return
    label = form.text(button, "label", at, at_most=80)
    if style == _PREMIUM:
        form.require(button, "sku_id", at)
        return
    if not label and not button.get("emoji") and "label" not in _wrong_keys(button, label):
        form.wrong((*at, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI", "A button needs a label or an emoji")
    if style == _LINK:
        form.text(button, "url", at, at_least=1, at_most=512, required=True)
        if button.get("custom_id") is not None:
            words = "A custom id and url cannot both be specified"
            form.wrong(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
    else:
        if button.get("url") is not None:
            words = "A custom id and url cannot both be specified"
            form.wrong(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
        check_custom_id(form, button, at, custom_ids)


def check_select(form: Form, select: Json, at: Path, custom_ids: set[str]) -> Json:
    """A select menu; returns its numbers of values with defaults."""
    check_custom_id(form, select, at, custom_ids)
    form.text(select, "placeholder", at, at_most=150)
    low = form.whole(select, "min_values", at, low=0, high=25)
    high = form.whole(select, "max_values", at, low=1, high=25)
    if low is not None and high is not None and low > high:
        form.wrong((*at, "min_values"), "SELECT_COMPONENT_MIN_ABOVE_MAX", "min_values is above max_values")
    if select["type"] == STRING_SELECT:
        options = check_option_list(form, select, at, at_most=25)
        if not options:
            form.wrong((*at, "options"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
        elif (high or 1) > len(options):
            words = f"There are {len(options)} options for max_values {high}"
            form.wrong((*at, "options"), "SELECT_COMPONENT_MAX_ABOVE_OPTIONS", words)
        if sum(bool(option.get("default")) for option in options) > (high or 1):
            words = "More options are chosen by default than max_values allows"
            form.wrong((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", words)
    else:
        _check_proposed(form, select, at, high or 1)
    return {"min_values": 1 if low is None else low, "max_values": high or 1}


def check_option_list(form: Form, field: Json, at: Path, *, at_most: int) -> list[Json]:
    """The options of a select or a group: labels, distinct values, descriptions."""
    options = form.listing(field, "options", at, at_most=at_most)
    seen: set[str] = set()
    for index, option in enumerate(options):
        path = (*at, "options", index)
        form.text(option, "label", path, at_least=1, at_most=100, required=True)
        form.text(option, "description", path, at_most=100)
        value = form.text(option, "value", path, at_least=1, at_most=100, required=True)
        if value in seen:
            words = "The specified option value is already used"
            form.wrong((*path, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(value or "")
    return options


def _check_proposed(form: Form, select: Json, at: Path, most: int) -> None:
    """The `default_values` of a select of people, roles or channels."""
    proposed = form.listing(select, "default_values", at, at_most=25)
    if len(proposed) > most:
        words = "More values are chosen by default than max_values allows"
        form.wrong((*at, "default_values"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", words)
    for index, one in enumerate(proposed):
        path = (*at, "default_values", index)
        form.snowflake(one, "id", path)
        if one.get("type") not in _PROPOSED[select["type"]]:
            shown = ", ".join(_PROPOSED[select["type"]])
            form.wrong((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of ({shown}).")


def check_custom_id(form: Form, component: Json, at: Path, custom_ids: set[str]) -> None:
    """A custom_id of 1-100 characters that no other component has."""
    custom_id = form.text(component, "custom_id", at, at_least=1, at_most=100, required=True)
    if custom_id is not None and custom_id in custom_ids:
        words = "Component custom id cannot be duplicated"
        form.wrong((*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words)
    custom_ids.add(custom_id or "")


def _wrong_keys(button: Json, label: str | None) -> set[str]:
    """`label` where one was sent but refused already."""
    return {"label"} if button.get("label") and label is None else set()
