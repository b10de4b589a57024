"""Validates modals: a title and up to five rows, labels or texts, each label with one field."""

from dreambot.sandbox.models import Json
from dreambot.sandbox.validation.commands import check_file_types
from dreambot.sandbox.validation.components import (
    MAX_TEXT_V2,
    ROW,
    SELECTS,
    TEXT,
    assign_component_ids,
    check_custom_id,
    check_option_list,
    check_select,
)
from dreambot.sandbox.validation.form import FieldPath, FormValidator

TEXT_INPUT, LABEL, FILES, RADIO, CHECKBOXES, CHECKBOX = 4, 18, 19, 21, 22, 23
_FIELDS = (TEXT_INPUT, *SELECTS, FILES, RADIO, CHECKBOXES, CHECKBOX)
MAX_MODAL_COMPONENTS = 5


def check_modal(data: Json, at: FieldPath = ("data",)) -> Json:
    """Validates the modal that answers an interaction and returns it with ids and defaults.

    Args:
        data: The modal.
        at: The path of the modal in the request's body.

    Raises:
        ApiError: 50035, it is invalid.
    """
    form = FormValidator()
    validator = _ModalValidator(form)
    result = {
        "title": form.string(data, "title", at, min_length=1, max_length=45, required=True),
        "custom_id": form.string(data, "custom_id", at, min_length=1, max_length=100, required=True),
    }
    found = form.object_list(data, "components", at, max_items=MAX_MODAL_COMPONENTS)
    if not found:
        reason = f"Must be between 1 and {MAX_MODAL_COMPONENTS} in length."
        form.add_error((*at, "components"), "BASE_TYPE_BAD_LENGTH", reason)
    components = [validator.component(one, (*at, "components", index)) for index, one in enumerate(found)]
    form.raise_errors()
    assign_component_ids(components, validator.ids)
    return {**result, "components": components}


class _ModalValidator:
    """Validates the components of one modal."""

    def __init__(self, form: FormValidator) -> None:
        self.form = form
        self.custom_ids: set[str] = set()
        self.ids: set[int] = set()

    def component(self, component: Json, at: FieldPath) -> Json:
        """Validates a row, a label or a text, and returns it with defaults."""
        form, kind = self.form, component.get("type")
        if not form.choice(kind, (ROW, TEXT, LABEL), (*at, "type")):
            return {}
        result = self._with_checked_id(component, at)
        if kind == TEXT:
            form.string(component, "content", at, min_length=1, max_length=MAX_TEXT_V2, required=True)
        elif kind == ROW:
            inside = form.object_list(component, "components", at, max_items=1)
            if not inside:
                reason = "Must be 1 in length."
                form.add_error((*at, "components"), "BASE_TYPE_BAD_LENGTH", reason)
            result["components"] = [
                self._field(one, (TEXT_INPUT,), (*at, "components", index), labelled=False)
                for index, one in enumerate(inside)
            ]
        else:
            form.string(component, "label", at, min_length=1, max_length=45, required=True)
            form.string(component, "description", at, min_length=1, max_length=100)
            inner = component.get("component")
            if isinstance(inner, dict):
                result["component"] = self._field(inner, _FIELDS, (*at, "component"), labelled=True)
            else:
                form.add_error((*at, "component"), "BASE_TYPE_REQUIRED", "This field is required")
        return result

    def _field(self, field: Json, allowed: tuple[int, ...], at: FieldPath, *, labelled: bool) -> Json:
        form, kind = self.form, field.get("type")
        if not form.choice(kind, allowed, (*at, "type")) or kind is None:
            return {}
        result = self._with_checked_id(field, at)
        required = form.boolean(field, "required", at)
        if kind != CHECKBOX:
            result["required"] = True if required is None else required
        if kind in SELECTS:
            if field.get("disabled"):
                reason = "Selects in modals cannot be disabled"
                form.add_error((*at, "disabled"), "COMPONENT_MODAL_DISABLED", reason)
            result |= check_select(form, field, at, self.custom_ids)
        else:
            check_custom_id(form, field, at, self.custom_ids)
        if kind == TEXT_INPUT:
            self._text_input(field, at, labelled=labelled)
        elif kind in (FILES, CHECKBOXES):
            result |= self._counts(field, kind, at)
        if kind == FILES:
            check_file_types(form, field, at)
        if kind in (RADIO, CHECKBOXES):
            self._options(field, kind, at)
        if result.get("required") and result.get("min_values") == 0:
            reason = "min_values must be at least 1 where the field is required"
            form.add_error((*at, "min_values"), "COMPONENT_REQUIRED_MIN_VALUES", reason)
        return result

    def _text_input(self, field: Json, at: FieldPath, *, labelled: bool) -> None:
        form = self.form
        form.choice(field.get("style"), (1, 2), (*at, "style"))
        if labelled and field.get("label") is not None:
            form.add_error(
                (*at, "label"), "COMPONENT_LABEL_TWICE", "The label is given by the Label around it"
            )
        elif not labelled:
            form.string(field, "label", at, min_length=1, max_length=45, required=True)
        form.string(field, "value", at, max_length=4000)
        form.string(field, "placeholder", at, max_length=100)
        low = form.integer(field, "min_length", at, low=0, high=4000)
        high = form.integer(field, "max_length", at, low=1, high=4000)
        if low is not None and high is not None and low > high:
            form.add_error((*at, "min_length"), "NUMBER_TYPE_MAX", "min_length is above max_length")

    def _counts(self, field: Json, kind: int, at: FieldPath) -> Json:
        low = self.form.integer(field, "min_values", at, low=0, high=10)
        high = self.form.integer(field, "max_values", at, low=1, high=10)
        if low is not None and high is not None and low > high:
            reason = "min_values is above max_values"
            self.form.add_error((*at, "min_values"), "SELECT_COMPONENT_MIN_ABOVE_MAX", reason)
        options = field.get("options")
        every = len(options) if kind == CHECKBOXES and isinstance(options, list) else 1
        return {"min_values": 1 if low is None else low, "max_values": high or max(every, 1)}

    def _options(self, field: Json, kind: int, at: FieldPath) -> None:
        least = 2 if kind == RADIO else 1
        options = check_option_list(self.form, field, at, max_items=10)
        if len(options) < least:
            reason = f"Must be between {least} and 10 in length."
            self.form.add_error((*at, "options"), "BASE_TYPE_BAD_LENGTH", reason)
        if kind == RADIO and sum(bool(option.get("default")) for option in options) > 1:
            reason = "Only one option can be chosen by default"
            self.form.add_error((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", reason)

    def _with_checked_id(self, component: Json, at: FieldPath) -> Json:
        component_id = self.form.integer(component, "id", at, low=0, high=(1 << 31) - 1)
        if component_id and component_id in self.ids:
            self.form.add_error((*at, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(component_id or 0)
        return {key: value for key, value in component.items() if value is not None}
