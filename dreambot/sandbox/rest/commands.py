"""Application commands, global and of a guild."""

from dreambot.sandbox.check.commands import CHAT_INPUT, MESSAGE, USER, check_command
from dreambot.sandbox.check.form import Form
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Json
from dreambot.sandbox.refusal import Refusal, refuse
from dreambot.sandbox.rest.context import Call

AT_MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}


def _shelf(call: Call) -> dict[int, Json]:
    """The commands of the route: global, or of one guild."""
    application = call.world.application
    if call.id("application_id") != application.id:
        raise refuse(10002)
    if "guild_id" not in call.path:
        return application.commands
    return application.guild_commands.setdefault(call.guild.id, {})


def _one(call: Call) -> Json:
    command = _shelf(call).get(call.id("command_id"))
    if command is None:
        raise refuse(10063)
    return command


def _with_ids(call: Call, kept: Json, command_id: int | None) -> Json:
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


def _same(shelf: dict[int, Json], kept: Json) -> int | None:
    """The id of the command of the same name and type."""
    for number, command in shelf.items():
        if (command["name"], command["type"]) == (kept["name"], kept["type"]):
            return number
    return None


def _limit(commands: list[Json]) -> None:
    for kind, most in AT_MOST.items():
        if sum(1 for one in commands if one["type"] == kind) > most:
            words = f"Maximum number of application commands reached ({most})."
            raise Refusal(400, 30032, words)


def _tell(call: Call) -> None:
    call.world.hub.publish(Event("COMMANDS"))


async def listing(call: Call) -> list[Json]:
    """GET …/commands"""
    return list(_shelf(call).values())


async def get(call: Call) -> Json:
    """GET …/commands/{command_id}"""
    return _one(call)


async def replace(call: Call) -> list[Json]:
    """PUT …/commands: all commands at once; those of the same name and type keep their ids"""
    shelf, form = _shelf(call), Form()
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
    _limit(commands)
    fresh = [_with_ids(call, kept, _same(shelf, kept)) for kept in commands]
    shelf.clear()
    shelf.update({int(one["id"]): one for one in fresh})
    _tell(call)
    return fresh


async def create(call: Call) -> Json:
    """POST …/commands: a command of the same name and type is replaced"""
    shelf, form = _shelf(call), Form()
    kept = check_command(form, call.json)
    form.done()
    same = _same(shelf, kept)
    if same is None:
        _limit([*shelf.values(), kept])
    command = _with_ids(call, kept, same)
    shelf[int(command["id"])] = command
    _tell(call)
    return command


async def edit(call: Call) -> Json:
    """PATCH …/commands/{command_id}"""
    command, form = _one(call), Form()
    kept = check_command(form, {**command, **call.json, "type": command["type"]})
    form.done()
    changed = _with_ids(call, kept, int(command["id"]))
    _shelf(call)[int(command["id"])] = changed
    _tell(call)
    return changed


async def remove(call: Call) -> None:
    """DELETE …/commands/{command_id}"""
    command = _one(call)
    del _shelf(call)[int(command["id"])]
    _tell(call)
