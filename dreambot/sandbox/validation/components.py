"""Validates message components: buttons, selects, rows, and Components V2."""

from typing import Any

from dreambot.sandbox.models import Json
from dreambot.sandbox.validation.form import FieldPath, FormValidator

BUTTON, STRING_SELECT = 2, 3
SELECTS = (3, 5, 6, 7, 8)
_LINK, _PREMIUM = 5, 6
# The types of default values that each type of select allows.
_DEFAULT_VALUE_TYPES = {5: ("user",), 6: ("role",), 7: ("user", "role"), 8: ("channel",)}


def check_button(form: FormValidator, button: Json, at: FieldPath, custom_ids: set[str]) -> None:
    """Validates a button: a custom_id or url depending on its style, and a label or an emoji.

    Args:
        form: Collects the errors.
        button: The button.
        at: The path of the button.
        custom_ids: The custom_ids so far; the button's is added.
    """
    style = button.get("style")
    if not form.choice(style, (1, 2, 3, 4, _LINK, _PREMIUM), (*at, "style")):
        return
    label = form.string(button, "label", at, max_length=80)
    if style == _PREMIUM:
        form.require(button, "sku_id", at)
        return
    if not label and not button.get("emoji") and "label" not in _invalid_keys(button, label):
        form.add_error(
            (*at, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI", "A button needs a label or an emoji"
        )
    if style == _LINK:
        form.string(button, "url", at, min_length=1, max_length=512, required=True)
        if button.get("custom_id") is not None:
            reason = "A custom id and url cannot both be specified"
            form.add_error(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", reason)
    else:
        if button.get("url") is not None:
            reason = "A custom id and url cannot both be specified"
            form.add_error(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", reason)
        check_custom_id(form, button, at, custom_ids)


def check_select(form: FormValidator, select: Json, at: FieldPath, custom_ids: set[str]) -> Json:
    """Validates a select menu.

    Args:
        form: Collects the errors.
        select: The select.
        at: The path of the select.
        custom_ids: The custom_ids so far; the select's is added.

    Returns:
        Its `min_values` and `max_values`, with defaults.
    """
    check_custom_id(form, select, at, custom_ids)
    form.string(select, "placeholder", at, max_length=150)
    low = form.integer(select, "min_values", at, low=0, high=25)
    high = form.integer(select, "max_values", at, low=1, high=25)
    if low is not None and high is not None and low > high:
        form.add_error(
            (*at, "min_values"), "SELECT_COMPONENT_MIN_ABOVE_MAX", "min_values is above max_values"
        )
    if select["type"] == STRING_SELECT:
        options = check_option_list(form, select, at, max_items=25)
        if not options:
            form.add_error((*at, "options"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
        elif (high or 1) > len(options):
            reason = f"There are {len(options)} options for max_values {high}"
            form.add_error((*at, "options"), "SELECT_COMPONENT_MAX_ABOVE_OPTIONS", reason)
        if sum(bool(option.get("default")) for option in options) > (high or 1):
            reason = "More options are chosen by default than max_values allows"
            form.add_error((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", reason)
    else:
        _check_default_values(form, select, at, high or 1)
    return {"min_values": 1 if low is None else low, "max_values": high or 1}


def check_option_list(form: FormValidator, field: Json, at: FieldPath, *, max_items: int) -> list[Json]:
    """Validates and returns the options of a select or a group: labels, distinct values, descriptions.

    Args:
        form: Collects the errors.
        field: The component that has the options.
        at: The path of the component.
        max_items: The maximum number of options.
    """
    options = form.object_list(field, "options", at, max_items=max_items)
    seen: set[str] = set()
    for index, option in enumerate(options):
        path = (*at, "options", index)
        form.string(option, "label", path, min_length=1, max_length=100, required=True)
        form.string(option, "description", path, max_length=100)
        value = form.string(option, "value", path, min_length=1, max_length=100, required=True)
        if value in seen:
            reason = "The specified option value is already used"
            form.add_error((*path, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", reason)
        seen.add(value or "")
    return options


def _check_default_values(form: FormValidator, select: Json, at: FieldPath, max_items: int) -> None:
    """Validates the `default_values` of a select of users, roles or channels."""
    defaults = form.object_list(select, "default_values", at, max_items=25)
    if len(defaults) > max_items:
        reason = "More values are chosen by default than max_values allows"
        form.add_error((*at, "default_values"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", reason)
    for index, one in enumerate(defaults):
        path = (*at, "default_values", index)
        form.snowflake(one, "id", path)
        if one.get("type") not in _DEFAULT_VALUE_TYPES[select["type"]]:
            shown = ", ".join(_DEFAULT_VALUE_TYPES[select["type"]])
            form.add_error((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of ({shown}).")


def check_custom_id(form: FormValidator, component: Json, at: FieldPath, custom_ids: set[str]) -> None:
    """Validates a custom_id: 1-100 characters, used by no other component.

    Args:
        form: Collects the errors.
        component: The component.
        at: The path of the component.
        custom_ids: The custom_ids so far; the component's is added.
    """
    custom_id = form.string(component, "custom_id", at, min_length=1, max_length=100, required=True)
    if custom_id is not None and custom_id in custom_ids:
        reason = "Component custom id cannot be duplicated"
        form.add_error((*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", reason)
    custom_ids.add(custom_id or "")


def _invalid_keys(button: Json, label: str | None) -> set[str]:
    """Returns `label` if one was sent but already recorded as invalid."""
    return {"label"} if button.get("label") and label is None else set()


ROW, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 9, 10, 11, 12, 13, 14, 17
_TOP_V2 = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
MAX_COMPONENTS_V2, MAX_TEXT_V2 = 40, 4000


class ComponentValidator:
    """Validates the components of one message.

    Args:
        form: Collects the errors.
        filenames: The attachments that components may show.
        v2: Whether the message uses Components V2.
    """

    def __init__(self, form: FormValidator, filenames: set[str], *, v2: bool) -> None:
        self.form = form
        self.filenames = filenames
        self.v2 = v2
        self.count = 0
        self.text = 0
        self.custom_ids: set[str] = set()
        self.ids: set[int] = set()

    def message(self, body: Json, at: FieldPath = ()) -> list[Json]:
        """Validates the components of a message and returns them with ids and defaults.

        Args:
            body: The object that has the components.
            at: The path of the object.
        """
        found = self.form.object_list(body, "components", at, max_items=MAX_COMPONENTS_V2 if self.v2 else 5)
        allowed = _TOP_V2 if self.v2 else (ROW,)
        result = [self.component(one, allowed, (*at, "components", index)) for index, one in enumerate(found)]
        if self.v2 and self.count > MAX_COMPONENTS_V2:
            reason = f"Must be {MAX_COMPONENTS_V2} or fewer in length."
            self.form.add_error((*at, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", reason)
        if self.text > MAX_TEXT_V2:
            reason = f"The text of all components together is over {MAX_TEXT_V2} characters."
            self.form.add_error((*at, "components"), "COMPONENT_MAX_TOTAL_TEXT_EXCEEDED", reason)
        assign_component_ids(result, self.ids)
        return result

    def component(self, component: Any, allowed: tuple[int, ...], at: FieldPath) -> Json:
        """Validates one component and returns it with defaults.

        Args:
            component: The component.
            allowed: The component types that are allowed here.
            at: The path of the component.
        """
        if not isinstance(component, dict):
            self.form.add_error(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return {}
        kind = component.get("type")
        if not self.form.choice(kind, allowed, (*at, "type")) or kind is None:
            return {}
        self.count += 1
        result = {key: value for key, value in component.items() if value is not None}
        self._check_id(component, at)
        if kind == ROW:
            result["components"] = self._row(component, at)
        elif kind == BUTTON:
            check_button(self.form, component, at, self.custom_ids)
        elif kind in SELECTS:
            result |= check_select(self.form, component, at, self.custom_ids)
        else:
            result |= self._v2(kind, component, at)
        return result

    def _row(self, row: Json, at: FieldPath) -> list[Json]:
        inside = self.form.object_list(row, "components", at, max_items=5)
        if not inside:
            reason = "Must be between 1 and 5 in length."
            self.form.add_error((*at, "components"), "BASE_TYPE_BAD_LENGTH", reason)
        if len(inside) > 1 and any(one.get("type") in SELECTS for one in inside):
            reason = "The specified component exceeds the maximum width"
            self.form.add_error((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", reason)
        allowed = (BUTTON, *SELECTS)
        return [self.component(one, allowed, (*at, "components", index)) for index, one in enumerate(inside)]

    def _v2(self, kind: int, component: Json, at: FieldPath) -> Json:
        form = self.form
        if kind == TEXT:
            text = form.string(component, "content", at, min_length=1, max_length=MAX_TEXT_V2, required=True)
            self.text += len(text or "")
        elif kind in (SECTION, CONTAINER):
            return self._group(kind, component, at)
        elif kind == GALLERY:
            items = form.object_list(component, "items", at, max_items=10)
            if not items:
                form.add_error((*at, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
            for index, item in enumerate(items):
                self._media(item, "media", (*at, "items", index))
                form.string(item, "description", (*at, "items", index), max_length=1024)
        elif kind == THUMBNAIL:
            self._media(component, "media", at)
            form.string(component, "description", at, max_length=1024)
        elif kind == FILE:
            self._media(component, "file", at, attachment=True)
            return {"spoiler": bool(component.get("spoiler"))}
        elif kind == SEPARATOR:
            form.integer(component, "spacing", at, low=1, high=2)
            return {"spacing": component.get("spacing", 1), "divider": component.get("divider", True)}
        return {}

    def _group(self, kind: int, component: Json, at: FieldPath) -> Json:
        max_items, allowed = (3, (TEXT,)) if kind == SECTION else (MAX_COMPONENTS_V2, _IN_CONTAINER)
        inside = self.form.object_list(component, "components", at, max_items=max_items)
        if not inside:
            reason = f"Must be between 1 and {max_items} in length."
            self.form.add_error((*at, "components"), "BASE_TYPE_BAD_LENGTH", reason)
        result: Json = {
            "components": [
                self.component(one, allowed, (*at, "components", index)) for index, one in enumerate(inside)
            ]
        }
        if kind == CONTAINER:
            self.form.integer(component, "accent_color", at, low=0, high=0xFFFFFF)
            return {
                **result,
                "accent_color": component.get("accent_color"),
                "spoiler": bool(component.get("spoiler")),
            }
        if self.form.require(component, "accessory", at):
            result["accessory"] = self.component(
                component["accessory"], (BUTTON, THUMBNAIL), (*at, "accessory")
            )
        return result

    def _media(self, component: Json, key: str, at: FieldPath, *, attachment: bool = False) -> None:
        media = component.get(key)
        url = media.get("url") if isinstance(media, dict) else None
        if not isinstance(url, str) or not url:
            self.form.add_error((*at, key, "url"), "BASE_TYPE_REQUIRED", "This field is required")
        elif url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in self.filenames:
                code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                self.form.add_error((*at, key), code, "The referenced attachment was not found")
        elif attachment or not url.startswith(("http://", "https://")):
            reason = "Only attachment:// references are allowed here." if attachment else "Not a URL."
            self.form.add_error((*at, key, "url"), "URL_TYPE_INVALID_SCHEME", reason)

    def _check_id(self, component: Json, at: FieldPath) -> None:
        number = self.form.integer(component, "id", at, low=0, high=(1 << 31) - 1)
        if number and number in self.ids:
            self.form.add_error((*at, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(number or 0)


def assign_component_ids(components: list[Json], taken: set[int]) -> None:
    """Gives each component without an id the next free one.

    Args:
        components: The components; those inside are included.
        taken: The ids that are used already.
    """
    free_ids = (one for one in range(1, 10_000) if one not in taken)

    def walk(component: Json) -> None:
        component["id"] = component.get("id") or next(free_ids)
        for inner in component.get("components", []):
            walk(inner)
        for key in ("accessory", "component"):
            if key in component:
                walk(component[key])

    for component in components:
        walk(component)
