"""REST handlers for application commands, global and per guild."""

from dreambot.sandbox.errors import ApiError, api_error
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Json
from dreambot.sandbox.requests import ApiCall
from dreambot.sandbox.validation.commands import CHAT_INPUT, MESSAGE, USER, check_command
from dreambot.sandbox.validation.form import FormValidator

MAX_COMMANDS = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}


def _command_store(call: ApiCall) -> dict[int, Json]:
    """The commands of the route: global, or of one guild."""
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


def _with_ids(call: ApiCall, kept: Json, command_id: int | None) -> Json:
    application_id = str(call.world.application.id)
    body = {
        "id": str(command_id or call.world.ids.next()),
        "application_id": application_id,
        "version": str(call.world.ids.next()),
        **kept,
    }
    if "guild_id" in call.path:
        body["guild_id"] = call.path["guild_id"]
        body.pop("contexts", None)
    return body


def _same_command_id(shelf: dict[int, Json], kept: Json) -> int | None:
    """The id of the command of the same name and type."""
    for number, command in shelf.items():
        if (command["name"], command["type"]) == (kept["name"], kept["type"]):
            return number
    return None


def _check_command_count(commands: list[Json]) -> None:
    for kind, most in MAX_COMMANDS.items():
        if sum(1 for one in commands if one["type"] == kind) > most:
            words = f"Maximum number of application commands reached ({most})."
            raise ApiError(400, 30032, words)


def _publish_change(call: ApiCall) -> None:
    call.world.hub.publish(Event("COMMANDS"))


async def list_commands(call: ApiCall) -> list[Json]:
    """GET …/commands"""
    return list(_command_store(call).values())


async def get_command(call: ApiCall) -> Json:
    """GET …/commands/{command_id}"""
    return _find_command(call)


async def overwrite_commands(call: ApiCall) -> list[Json]:
    """PUT …/commands: all commands at once; those of the same name and type keep their ids"""
    shelf, form = _command_store(call), FormValidator()
    body = call.body.json
    if not isinstance(body, list):
        form.wrong((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        form.done()
    seen: set[tuple[str, int]] = set()
    commands = []
    for index, one in enumerate(body):
        kept = check_command(form, one if isinstance(one, dict) else {}, (index,))
        if (kept["name"], kept["type"]) in seen:
            words = "Application command names must be unique"
            form.wrong((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
        seen.add((kept["name"], kept["type"]))
        commands.append(kept)
    form.done()
    _check_command_count(commands)
    fresh = [_with_ids(call, kept, _same_command_id(shelf, kept)) for kept in commands]
    shelf.clear()
    shelf.update({int(one["id"]): one for one in fresh})
    _publish_change(call)
    return fresh


async def create_command(call: ApiCall) -> Json:
    """POST …/commands: a command of the same name and type is replaced"""
    shelf, form = _command_store(call), FormValidator()
    kept = check_command(form, call.json)
    form.done()
    same = _same_command_id(shelf, kept)
    if same is None:
        _check_command_count([*shelf.values(), kept])
    command = _with_ids(call, kept, same)
    shelf[int(command["id"])] = command
    _publish_change(call)
    return command


async def edit_command(call: ApiCall) -> Json:
    """PATCH …/commands/{command_id}"""
    command, form = _find_command(call), FormValidator()
    kept = check_command(form, {**command, **call.json, "type": command["type"]})
    form.done()
    changed = _with_ids(call, kept, int(command["id"]))
    _command_store(call)[int(command["id"])] = changed
    _publish_change(call)
    return changed


async def delete_command(call: ApiCall) -> None:
    """DELETE …/commands/{command_id}"""
    command = _find_command(call)
    del _command_store(call)[int(command["id"])]
    _publish_change(call)
