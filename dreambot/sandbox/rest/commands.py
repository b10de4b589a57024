"""REST handlers for application commands, global and per guild."""

from dreambot.sandbox.errors import ApiError, api_error
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Json
from dreambot.sandbox.requests import ApiCall
from dreambot.sandbox.validation.commands import CHAT_INPUT, MESSAGE, USER, check_command
from dreambot.sandbox.validation.form import FormValidator

MAX_COMMANDS = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}


def _command_store(call: ApiCall) -> dict[int, Json]:
    """Returns the commands of the route by id: the global ones, or those of one guild."""
    application = call.world.application
    if call.id("application_id") != application.id:
        raise api_error(10002)
    if "guild_id" not in call.path:
        return application.commands
    return application.guild_commands.setdefault(call.guild.id, {})


def _find_command(call: ApiCall) -> Json:
    command = _command_store(call).get(call.id("command_id"))
    if command is None:
        raise api_error(10063)
    return command


def _with_ids(call: ApiCall, command: Json, command_id: int | None) -> Json:
    application_id = str(call.world.application.id)
    body = {
        "id": str(command_id or call.world.ids.next()),
        "application_id": application_id,
        "version": str(call.world.ids.next()),
        **command,
    }
    if "guild_id" in call.path:
        body["guild_id"] = call.path["guild_id"]
        body.pop("contexts", None)
    return body


def _find_same_command(store: dict[int, Json], command: Json) -> int | None:
    """Returns the id of the stored command that has the same name and type."""
    for command_id, stored in store.items():
        if (stored["name"], stored["type"]) == (command["name"], command["type"]):
            return command_id
    return None


def _check_command_count(commands: list[Json]) -> None:
    for kind, limit in MAX_COMMANDS.items():
        if sum(1 for one in commands if one["type"] == kind) > limit:
            reason = f"Maximum number of application commands reached ({limit})."
            raise ApiError(400, 30032, reason)


def _publish_change(call: ApiCall) -> None:
    call.world.events.publish(Event("COMMANDS"))


async def list_commands(call: ApiCall) -> list[Json]:
    """Handles GET …/commands.

    Args:
        call: The request.

    Raises:
        ApiError: 10002, it is another application.
    """
    return list(_command_store(call).values())


async def get_command(call: ApiCall) -> Json:
    """Handles GET …/commands/{command_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10063, there is no such command.
    """
    return _find_command(call)


async def overwrite_commands(call: ApiCall) -> list[Json]:
    """Handles PUT …/commands: replaces all commands. Those with the same name and type keep their ids.

    Args:
        call: The request; its body is a list of commands.

    Raises:
        ApiError: 50035 for invalid commands, 30032 for too many.
    """
    store, form = _command_store(call), FormValidator()
    body = call.body.json
    if not isinstance(body, list):
        form.add_error((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        form.raise_errors()
    seen: set[tuple[str, int]] = set()
    commands = []
    for index, one in enumerate(body):
        command = check_command(form, one if isinstance(one, dict) else {}, (index,))
        if (command["name"], command["type"]) in seen:
            reason = "Application command names must be unique"
            form.add_error((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", reason)
        seen.add((command["name"], command["type"]))
        commands.append(command)
    form.raise_errors()
    _check_command_count(commands)
    stored = [_with_ids(call, command, _find_same_command(store, command)) for command in commands]
    store.clear()
    store.update({int(one["id"]): one for one in stored})
    _publish_change(call)
    return stored


async def create_command(call: ApiCall) -> Json:
    """Handles POST …/commands: a command with the same name and type is replaced.

    Args:
        call: The request; its body is a command.

    Raises:
        ApiError: 50035 for an invalid command, 30032 for too many.
    """
    store, form = _command_store(call), FormValidator()
    command = check_command(form, call.json)
    form.raise_errors()
    replaced = _find_same_command(store, command)
    if replaced is None:
        _check_command_count([*store.values(), command])
    stored = _with_ids(call, command, replaced)
    store[int(stored["id"])] = stored
    _publish_change(call)
    return stored


async def edit_command(call: ApiCall) -> Json:
    """Handles PATCH …/commands/{command_id}.

    Args:
        call: The request; its body has the fields to change.

    Raises:
        ApiError: 10063 if there is no such command, 50035 if the result is invalid.
    """
    stored, form = _find_command(call), FormValidator()
    command = check_command(form, {**stored, **call.json, "type": stored["type"]})
    form.raise_errors()
    changed = _with_ids(call, command, int(stored["id"]))
    _command_store(call)[int(changed["id"])] = changed
    _publish_change(call)
    return changed


async def delete_command(call: ApiCall) -> None:
    """Handles DELETE …/commands/{command_id}.

    Args:
        call: The request.

    Raises:
        ApiError: 10063, there is no such command.
    """
    command = _find_command(call)
    del _command_store(call)[int(command["id"])]
    _publish_change(call)
