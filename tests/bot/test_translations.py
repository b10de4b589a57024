"""What Discord is told of commands, in every language."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dreambot.chat.words import Words, words
from tests.bot.support import Scene
from tests.chat.words.reading import entries

TRANSLATED = {"de": "de", "fr": "fr", "es-ES": "es", "es-419": "es", "pt-BR": "pt", "ja": "ja"}
LONGEST = 100
LONGEST_NAME = 32
MOST_CHARACTERS = 8000
SUBCOMMANDS = (1, 2)

Text = tuple[str, str, dict[str, str] | None]
"""The catalogue's key, the English, and the others."""


def texts(node: dict[str, Any], path: str = "") -> Iterator[Text]:
    """All that is to be translated of a command, as Discord got it."""
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
    """The characters of a command, of each text its longest translation, as Discord counts them."""
    own = 0
    for key in ("name", "description"):
        if key in node:
            own += max(map(len, [node[key], *(node.get(f"{key}_localizations") or {}).values()]))
    own += len(node["value"]) if isinstance(node.get("value"), str) else 0
    return own + sum(longest(one) for key in ("options", "choices") for one in node.get(key) or [])


@pytest.fixture
async def published(stage: Scene) -> list[dict[str, Any]]:
    """The commands as the bot has published them: those for all, and the owners' in their server."""
    async with stage.bot(admin_guild=stage.guild.id):
        bodies = [one.json for one in stage.sandbox.requests.of("PUT", "/commands")]
    return [command for body in bodies for command in body]


async def test_every_text_of_every_command_is_there_in_every_language(
    published: list[dict[str, Any]],
) -> None:
    found = [text for command in published for text in texts(command)]
    assert len(found) > 50
    missing = [key for key, _, others in found if set(others or ()) != set(TRANSLATED)]
    assert not missing
    for key, _, others in found:
        assert others == {locale: words(locale)(key) for locale in TRANSLATED}
    known = entries("en")["commands"]
    assert sorted(set(known) - {key for key, _, _ in found}) == []


async def test_english_in_the_catalogue_is_what_the_code_says(published: list[dict[str, Any]]) -> None:
    different = [
        (key, english)
        for command in published
        for key, english, _ in texts(command)
        if not words("en").has(key) or words("en")(key) != english
    ]
    assert not different


async def test_no_translation_is_longer_than_discord_allows(published: list[dict[str, Any]]) -> None:
    for command in published:
        assert longest(command) <= MOST_CHARACTERS, command["name"]
        for key, english, others in texts(command):
            most = LONGEST_NAME if key.startswith("menu-") else LONGEST
            assert max(map(len, [english, *(others or {}).values()])) <= most, key


async def test_names_that_people_type_are_the_same_for_all(published: list[dict[str, Any]]) -> None:
    for command in published:
        if command["type"] == 1:
            assert not command.get("name_localizations")
            assert not any(option.get("name_localizations") for option in command["options"])


async def test_a_changed_translation_is_published_again(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.bot():
        pass
    before = len(stage.sandbox.requests.of("PUT", "/commands"))
    async with stage.bot():
        pass
    assert len(stage.sandbox.requests.of("PUT", "/commands")) == before
    has = Words.has
    monkeypatch.setattr(Words, "has", lambda self, key: key != "command-dream" and has(self, key))
    async with stage.bot():
        pass
    assert len(stage.sandbox.requests.of("PUT", "/commands")) == before + 1
