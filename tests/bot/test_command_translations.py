"""What Discord receives about the commands, in every language."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dreambot.i18n import Translator, translator_for
from dreambot.recipe.journeys import HELLSCAPE_PRESETS
from dreambot.recipe.presets import PRESETS
from tests.bot.support import BotEnvironment
from tests.i18n.catalogue_reader import entries

TRANSLATED = {"de": "de", "fr": "fr", "es-ES": "es", "es-419": "es", "pt-BR": "pt", "ja": "ja"}
LONGEST = 100
LONGEST_NAME = 32
MOST_CHARACTERS = 8000
SUBCOMMANDS = (1, 2)

Text = tuple[str, str, dict[str, str] | None]
"""Catalogue key, English text, and translations."""


def texts(node: dict[str, Any], path: str = "") -> Iterator[Text]:
    """Lists the texts of a command that can be translated, from its payload."""
    if node.get("type") in (2, 3) and not path and not node.get("description"):
        yield f"menu-{slug(node['name'])}", node["name"], node.get("name_localizations")
        return
    path = f"{path}-{node['name']}"
    yield f"command{path}", node["description"], node.get("description_localizations")
    for option in node.get("options") or []:
        if option["type"] in SUBCOMMANDS:
            yield from texts(option, path)
            continue
        key = f"option{path}-{slug(option['name'])}"
        yield key, option["description"], option.get("description_localizations")
        for choice in option.get("choices") or []:
            yield f"choice-{slug(choice['name'])}", choice["name"], choice.get("name_localizations")


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def longest(node: dict[str, Any]) -> int:
    """Counts the characters of a command as Discord does, with the longest translation of each text."""
    own = 0
    for key in ("name", "description"):
        if key in node:
            own += max(map(len, [node[key], *(node.get(f"{key}_localizations") or {}).values()]))
    own += len(node["value"]) if isinstance(node.get("value"), str) else 0
    return own + sum(longest(one) for key in ("options", "choices") for one in node.get(key) or [])


async def test_every_command_is_explained_in_every_language(env: BotEnvironment) -> None:
    async with env.bot(admin_guild=env.guild.id):
        bodies = [one.json for one in env.sandbox.requests.matching("PUT", "/commands")]
    published = [command for body in bodies for command in body]
    found = [text for command in published for text in texts(command)]
    assert len(found) > 50
    whole(found)
    for command in published:
        fitting(command)
        if command["type"] == 1:
            # Names stay English, since users show each other what to type.
            assert not command.get("name_localizations")
            assert not any(option.get("name_localizations") for option in command["options"])


def whole(found: list[Text]) -> None:
    """Checks that every text is in every catalogue, nothing else is, and the English equals the code."""
    assert [key for key, _, others in found if set(others or ()) != set(TRANSLATED)] == []
    every = (*PRESETS.values(), *HELLSCAPE_PRESETS.values())
    presets = {f"choice-{slug(f'{preset.name}: {preset.shows}')}": preset for preset in every}
    own = [text for text in found if text[0] not in presets]
    assert [key for key, english, _ in own if translator_for("en")(key) != english] == []
    for key, _, others in own:
        assert others == {locale: translator_for(spoken)(key) for locale, spoken in TRANSLATED.items()}
    assert sorted(set(entries("en")["commands"]) - {key for key, _, _ in own}) == []
    for key, _, others in found:
        if preset := presets.get(key):
            shown = {locale: preset.description.text(translator_for(to)) for locale, to in TRANSLATED.items()}
            assert others == {locale: f"{preset.name}: {text}" for locale, text in shown.items()}


def fitting(command: dict[str, Any]) -> None:
    """Checks that no text is longer than Discord allows, in any language."""
    assert longest(command) <= MOST_CHARACTERS, command["name"]
    for key, english, others in texts(command):
        most = LONGEST_NAME if key.startswith("menu-") else LONGEST
        assert max(map(len, [english, *(others or {}).values()])) <= most, key


async def test_a_changed_translation_is_published_again(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot():
        pass
    before = len(env.sandbox.requests.matching("PUT", "/commands"))
    async with env.bot():
        pass
    assert len(env.sandbox.requests.matching("PUT", "/commands")) == before
    has = Translator.has
    monkeypatch.setattr(Translator, "has", lambda self, key: key != "command-dream" and has(self, key))
    async with env.bot():
        pass
    assert len(env.sandbox.requests.matching("PUT", "/commands")) == before + 1
