"""The form of a role's limits."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from pydantic import ValidationError

from dreambot.chat.tree import tell_failure
from dreambot.chat.words import Words
from dreambot.chat.words.told import Told
from dreambot.community import RoleLimits

FIELDS = {"pictures_a_day": "pictures", "seconds": "seconds", "side": "side", "queue": "queue"}
"""The limits, and their part of a word's key."""

Save = Callable[[discord.Interaction[Any], RoleLimits], Awaitable[None]]


class LimitsForm(discord.ui.Modal):
    """Four numbers, each of which may be left out for no limit."""

    def __init__(self, role: str, limits: RoleLimits, say: Words, save: Save) -> None:
        super().__init__(title=say("moderating-form-title", role=role)[:45], timeout=900)
        self._save = save
        self._inputs: dict[str, discord.ui.TextInput[Any]] = {}
        for name, key in FIELDS.items():
            value = getattr(limits, name)
            given = discord.ui.TextInput[Any](
                custom_id=name,
                required=False,
                max_length=8,
                default=None if value is None else f"{value:g}",
                placeholder=say("moderating-form-none")[:100],
            )
            self._inputs[name] = given
            self.add_item(
                discord.ui.Label(
                    text=say(f"moderating-form-{key}")[:45],
                    description=say(f"moderating-form-{key}-how")[:100],
                    component=given,
                )
            )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Takes what was typed."""
        await self._save(interaction, read_limits({name: one.value for name, one in self._inputs.items()}))

    async def on_error(  # type: ignore[override]  # a modal's differs from a view's in discord.py itself
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Says what is wrong."""
        await tell_failure(interaction, error)


def read_limits(typed: dict[str, str]) -> RoleLimits:
    """What somebody typed into the form's fields; an empty one is no limit. Raises Told."""
    numbers = {name: text.strip().replace(",", ".") for name, text in typed.items()}
    try:
        return RoleLimits.model_validate({name: text for name, text in numbers.items() if text})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Told(f"moderating-form-{FIELDS[field]}-wrong") from error
