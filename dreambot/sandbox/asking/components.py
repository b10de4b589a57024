"""A person presses a button or chooses in a select of a message."""

from collections.abc import Iterator, Sequence
from typing import Any

from dreambot.sandbox.asking.options import Resolver
from dreambot.sandbox.asking.picking import pick
from dreambot.sandbox.asking.sending import check_sight, send
from dreambot.sandbox.model import Interaction, Json, Message, User
from dreambot.sandbox.refusal import ClientRefusal
from dreambot.sandbox.rest.callbacks import COMPONENT
from dreambot.sandbox.world import World

_BUTTON, _STRING_SELECT = 2, 3


def use_component(
    world: World, user: User, message: Message, custom_id: str, values: Sequence[Any] | None
) -> Interaction:
    """Press a button or choose in a select, by its custom_id. Raises ClientRefusal."""
    if message.deleted or not message.visible_to(user):
        raise ClientRefusal("That message is gone.")
    check_sight(world, user, message.channel)
    component = find_component(message.components, custom_id)
    if component is None:
        raise ClientRefusal("That button is gone.")
    if component.get("disabled"):
        raise ClientRefusal("That button is switched off.")
    data: Json = {
        "custom_id": custom_id,
        "component_type": component["type"],
        "id": component["id"],
    }
    if component["type"] != _BUTTON:
        resolver = Resolver(world, message.channel)
        data["values"] = pick(resolver, component, list(values or []), user)
        if component["type"] != _STRING_SELECT:
            data["resolved"] = resolver.resolved
    return send(world, user, message.channel, data, kind=COMPONENT, name=custom_id, message=message)


def every_component(components: Sequence[Json]) -> Iterator[Json]:
    """Components and all inside them, in the order they are seen."""
    for component in components:
        yield component
        yield from every_component(component.get("components", []))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from every_component([component[key]])


def find_component(components: Sequence[Json], custom_id: str) -> Json | None:
    """The component with a custom_id, however deep."""
    found = (one for one in every_component(components) if one.get("custom_id") == custom_id)
    return next(found, None)
