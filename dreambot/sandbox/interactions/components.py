"""A user presses a button, selects values, or submits a modal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.interactions.sending import check_can_view, send_interaction
from dreambot.sandbox.interactions.values import Resolver, check_value_count, select_options, select_values
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.models import Interaction, Json, Message, User
from dreambot.sandbox.rest.interactions import COMPONENT, MODAL_SUBMIT
from dreambot.sandbox.validation.modals import CHECKBOX, CHECKBOXES, FILES, RADIO, TEXT_INPUT
from dreambot.sandbox.world import World

_BUTTON, _STRING_SELECT = 2, 3


def use_component(
    world: World, user: User, message: Message, custom_id: str, values: Sequence[Any] | None
) -> Interaction:
    """Presses a button or selects values.

    Args:
        world: The sandbox's state.
        user: The user.
        message: The message that has the component.
        custom_id: The component's custom_id.
        values: The values of a select; None for a button.

    Raises:
        RejectedByClient: The component does not exist or is disabled, or a value is invalid.
    """
    if message.deleted or not message.visible_to(user):
        raise RejectedByClient("That message is gone.")
    check_can_view(world, user, message.channel)
    component = find_component(message.components, custom_id)
    if component is None:
        raise RejectedByClient("That button is gone.")
    if component.get("disabled"):
        raise RejectedByClient("That button is switched off.")
    data: Json = {
        "custom_id": custom_id,
        "component_type": component["type"],
        "id": component["id"],
    }
    if component["type"] != _BUTTON:
        resolver = Resolver(world, message.channel)
        data["values"] = select_values(resolver, component, list(values or []), user)
        if component["type"] != _STRING_SELECT:
            data["resolved"] = resolver.resolved
    return send_interaction(
        world, user, message.channel, data, kind=COMPONENT, name=custom_id, message=message
    )


def walk_components(components: Sequence[Json]) -> Iterator[Json]:
    """Yields components and all components inside them, in the order in which they are displayed.

    Args:
        components: The components.
    """
    for component in components:
        yield component
        yield from walk_components(component.get("components", []))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk_components([component[key]])


def find_component(components: Sequence[Json], custom_id: str) -> Json | None:
    """Returns the component with a custom_id, at any depth, or None.

    Args:
        components: The components.
        custom_id: The custom_id.
    """
    found = (one for one in walk_components(components) if one.get("custom_id") == custom_id)
    return next(found, None)


_SHORT_STYLE = 1


def modal_fields(modal: Json) -> dict[str, Json]:
    """Returns a modal's fields by custom_id, each with the label that it is shown under.

    Args:
        modal: The modal.
    """
    found: dict[str, Json] = {}
    for component in walk_components(modal["components"]):
        inner = component.get("component")
        if inner is not None:
            found[inner["custom_id"]] = {**inner, "label": component["label"]}
        elif "custom_id" in component:
            found.setdefault(component["custom_id"], component)
    return found


def submit_modal(world: World, user: User, opener: Interaction, values: Mapping[str, Any]) -> Interaction:
    """Submits a modal.

    Args:
        world: The sandbox's state.
        user: The user.
        opener: The interaction that was answered with the modal.
        values: Values by custom_id: text, a value or a list of values, uploads, True or False. A field that
            is left out keeps its default.

    Raises:
        RejectedByClient: There is no modal, or a value is invalid.
    """
    modal = opener.modal
    if modal is None or opener.user is not user:
        raise RejectedByClient("There is no form to fill in.")
    check_can_view(world, user, opener.channel)
    known = modal_fields(modal)
    for name in values:
        if name not in known:
            raise RejectedByClient(f"The form has no field “{name}”; it has: {', '.join(known)}.")
    filler = _ModalFiller(Resolver(world, opener.channel), user, values)
    data: Json = {
        "custom_id": modal["custom_id"],
        "components": [filler.component(one) for one in modal["components"]],
    }
    if filler.resolver.resolved:
        data["resolved"] = filler.resolver.resolved
    return send_interaction(
        world,
        user,
        opener.channel,
        data,
        kind=MODAL_SUBMIT,
        name=modal["custom_id"],
        message=opener.message,
        triggered_by=opener,
    )


class _ModalFiller:
    """Creates the payload of a submitted modal."""

    def __init__(self, resolver: Resolver, user: User, values: Mapping[str, Any]) -> None:
        self.resolver = resolver
        self.user = user
        self.values = values

    def component(self, component: Json) -> Json:
        """Returns the payload of a row, a label or a text."""
        body: Json = {"type": component["type"], "id": component["id"]}
        if "component" in component:
            body["component"] = self._field(component["component"], component["label"])
        elif "components" in component:
            inside = component["components"]
            body["components"] = [self._field(one, str(one.get("label"))) for one in inside]
        return body

    def _field(self, field: Json, label: str) -> Json:
        kind, name = field["type"], field["custom_id"]
        body: Json = {"type": kind, "id": field["id"], "custom_id": name}
        value = self.values.get(name)
        try:
            if kind == TEXT_INPUT:
                return {**body, "value": _text_value(field, value)}
            if kind == CHECKBOX:
                return {**body, "value": bool(field.get("default") if value is None else value)}
            chosen = _as_list(_default_values(field) if value is None else value)
            if not chosen and not field.get("required", True):
                return {**body, "value": None} if kind == RADIO else {**body, "values": []}
            if kind == RADIO:
                check_value_count({"min_values": 1, "max_values": 1}, chosen)
                return {**body, "value": select_options(field, chosen)[0]}
            return {**body, "values": self._selected_values(field, chosen)}
        except RejectedByClient as error:
            raise RejectedByClient(f"“{label}”: {error}") from None

    def _selected_values(self, field: Json, chosen: list[Any]) -> list[str]:
        if field["type"] == CHECKBOXES:
            check_value_count(field, chosen)
            return select_options(field, chosen)
        if field["type"] != FILES:
            return select_values(self.resolver, field, chosen, self.user)
        check_value_count(field, chosen)
        if not all(isinstance(one, Upload) for one in chosen):
            raise RejectedByClient("This takes files.")
        return [self.resolver.add_upload(one) for one in chosen]


def _text_value(field: Json, value: Any) -> str:
    text = str(field.get("value") or "") if value is None else str(value)
    if field["style"] == _SHORT_STYLE:
        text = text.replace("\n", "")
    if not text and not field.get("required", True):
        return ""
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    low = max(low, int(field.get("required", True)))
    if not low <= len(text) <= high:
        raise RejectedByClient(f"takes {low} to {high} characters, not {len(text)}.")
    return text


def _default_values(field: Json) -> list[Any]:
    """Returns the values that are selected by default."""
    named = [one["id"] for one in field.get("default_values") or []]
    return named or [one["value"] for one in field.get("options", []) if one.get("default")]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
