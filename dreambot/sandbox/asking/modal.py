"""A person fills in a modal and submits it."""

from collections.abc import Mapping
from typing import Any

from dreambot.sandbox.asking.components import every_component
from dreambot.sandbox.asking.options import Resolver
from dreambot.sandbox.asking.picking import check_count, pick, pick_options
from dreambot.sandbox.asking.sending import check_sight, send
from dreambot.sandbox.check.modal import CHECKBOX, CHECKBOXES, FILES, RADIO, TEXT_INPUT
from dreambot.sandbox.model import Interaction, Json, User
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.rest.callbacks import MODAL_SUBMIT
from dreambot.sandbox.world import World

_SHORT = 1


def fields(modal: Json) -> dict[str, Json]:
    """A modal's fields by custom_id, each with the label it is shown under."""
    found: dict[str, Json] = {}
    for component in every_component(modal["components"]):
        inner = component.get("component")
        if inner is not None:
            found[inner["custom_id"]] = {**inner, "label": component["label"]}
        elif "custom_id" in component:
            found.setdefault(component["custom_id"], component)
    return found


def submit(world: World, user: User, asked: Interaction, values: Mapping[str, Any]) -> Interaction:
    """Submit the modal that answered `asked`. `values` go by custom_id: text, one value or a list of them,
    uploads, True or False; what is left out stays as the modal proposes. Raises ClientRefusal."""
    modal = asked.modal
    if modal is None or asked.user is not user:
        raise ClientRefusal("There is no form to fill in.")
    check_sight(world, user, asked.channel)
    known = fields(modal)
    for name in values:
        if name not in known:
            raise ClientRefusal(f"The form has no field “{name}”; it has: {', '.join(known)}.")
    filler = _Filler(Resolver(world, asked.channel), user, values)
    data: Json = {
        "custom_id": modal["custom_id"],
        "components": [filler.part(one) for one in modal["components"]],
    }
    if filler.resolver.resolved:
        data["resolved"] = filler.resolver.resolved
    return send(
        world,
        user,
        asked.channel,
        data,
        kind=MODAL_SUBMIT,
        name=modal["custom_id"],
        message=asked.message,
        cause=asked,
    )


class _Filler:
    """Makes the submitted payload of a modal's components."""

    def __init__(self, resolver: Resolver, user: User, values: Mapping[str, Any]) -> None:
        self.resolver = resolver
        self.user = user
        self.values = values

    def part(self, component: Json) -> Json:
        """A row, a label or a text of the modal."""
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
                return {**body, "value": _text(field, value)}
            if kind == CHECKBOX:
                return {**body, "value": bool(field.get("default") if value is None else value)}
            chosen = _listed(_proposed(field) if value is None else value)
            if not chosen and not field.get("required", True):
                return {**body, "value": None} if kind == RADIO else {**body, "values": []}
            if kind == RADIO:
                check_count({"min_values": 1, "max_values": 1}, chosen)
                return {**body, "value": pick_options(field, chosen)[0]}
            return {**body, "values": self._several(field, chosen)}
        except ClientRefusal as refusal:
            raise ClientRefusal(f"“{label}”: {refusal}") from None

    def _several(self, field: Json, chosen: list[Any]) -> list[str]:
        if field["type"] == CHECKBOXES:
            check_count(field, chosen)
            return pick_options(field, chosen)
        if field["type"] != FILES:
            return pick(self.resolver, field, chosen, self.user)
        check_count(field, chosen)
        if not all(isinstance(one, Upload) for one in chosen):
            raise ClientRefusal("This takes files.")
        return [self.resolver.upload(one) for one in chosen]


def _text(field: Json, value: Any) -> str:
    text = str(field.get("value") or "") if value is None else str(value)
    if field["style"] == _SHORT:
        text = text.replace("\n", "")
    if not text and not field.get("required", True):
        return ""
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    low = max(low, int(field.get("required", True)))
    if not low <= len(text) <= high:
        raise ClientRefusal(f"takes {low} to {high} characters, not {len(text)}.")
    return text


def _proposed(field: Json) -> list[Any]:
    """What is chosen before anyone touches it."""
    named = [one["id"] for one in field.get("default_values") or []]
    return named or [one["value"] for one in field.get("options", []) if one.get("default")]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
