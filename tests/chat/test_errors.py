"""What people are told of anything that failed, in their language."""

import discord
import pytest

from dreambot.chat import permissions
from dreambot.chat.errors import MOST, in_words
from dreambot.chat.permissions import MissingPermissions
from dreambot.chat.words import LOCALES, words
from dreambot.errors import UserError
from dreambot.recipe import DreamRequest, RecipeError, parse_layers


def _raised(text: str) -> RecipeError:
    with pytest.raises(RecipeError) as raised:
        parse_layers(text, "inception_v3")
    return raised.value


def test_a_caret_stands_under_its_character_in_every_language() -> None:
    told = in_words(_raised("mixed4 mixed5"), words("de"))
    first, expression, caret = told.replace("```", "").split("\n")[0], *told.split("\n")[2:4]
    assert first == "Hier sollte + und noch eine Schicht kommen, oder Schluss sein:"
    assert expression[caret.index("^")] == "m"


@pytest.mark.parametrize("locale", LOCALES)
def test_bugs_of_ours_are_told_without_their_secrets(locale: str) -> None:
    told = in_words(RuntimeError("/home/somebody/token"), words(locale))
    assert "somebody" not in told
    assert told


def test_nobody_is_mentioned_and_nothing_is_longer_than_a_message() -> None:
    told = in_words(UserError("@everyone " + "x" * 5000), words("en"))
    assert "@everyone" not in told
    assert len(told) <= MOST


def test_missing_permissions_are_named_as_discord_names_them() -> None:
    none = discord.Permissions.none()
    with pytest.raises(MissingPermissions) as raised:
        permissions.require(none, ("view_channel", "attach_files"))
    assert "**Send Messages**, **View Channel**, and **Attach Files**" in in_words(raised.value, words("en"))
    assert "**Dateien anhängen**" in in_words(raised.value, words("de"))
    assert "View Channel" in str(raised.value)


def test_one_missing_permission_is_one() -> None:
    have = discord.Permissions(send_messages=True)
    with pytest.raises(MissingPermissions) as raised:
        permissions.require(have, permissions.TO_ANSWER)
    assert "the permission **Attach Files**" in in_words(raised.value, words("en"))
    permissions.require(discord.Permissions(administrator=True), permissions.TO_ANSWER)


def test_a_request_out_of_range_is_refused_in_the_language() -> None:
    with pytest.raises(RecipeError) as raised:
        DreamRequest.of(seed=-1)
    assert in_words(raised.value, words("es")).startswith(
        "Una semilla es un número entero de 0 a 4.294.967.295"
    )
