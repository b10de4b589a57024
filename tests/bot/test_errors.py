"""The texts of errors in the user's language."""

import discord
import pytest

from dreambot.bot import permissions
from dreambot.bot.errors import MAX_TEXT_LENGTH, error_text
from dreambot.bot.permissions import MissingPermissions
from dreambot.errors import UserError
from dreambot.i18n import LOCALES, translator_for
from dreambot.recipe import DreamRequest, RecipeError, parse_layers


def _raised(text: str) -> RecipeError:
    with pytest.raises(RecipeError) as raised:
        parse_layers(text, "inception_v3")
    return raised.value


def test_a_caret_is_below_its_character_in_every_language() -> None:
    reply = error_text(_raised("mixed4 mixed5"), translator_for("de"))
    first, expression, caret = reply.replace("```", "").split("\n")[0], *reply.split("\n")[2:4]
    assert first == "Hier sollte + und noch eine Schicht kommen, oder Schluss sein:"
    assert expression[caret.index("^")] == "m"


@pytest.mark.parametrize("locale", LOCALES)
def test_internal_errors_are_reported_without_details(locale: str) -> None:
    reply = error_text(RuntimeError("/home/somebody/token"), translator_for(locale))
    assert "somebody" not in reply
    assert reply


def test_errors_mention_no_one_and_fit_a_message() -> None:
    reply = error_text(UserError("errors-verbatim", text="@everyone " + "x" * 5000), translator_for("en"))
    assert "@everyone" not in reply
    assert len(reply) <= MAX_TEXT_LENGTH


def test_missing_permissions_are_named_as_discord_names_them() -> None:
    none = discord.Permissions.none()
    with pytest.raises(MissingPermissions) as raised:
        permissions.require(none, ("view_channel", "attach_files"))
    assert "**Send Messages**, **View Channel** and **Attach Files**" in error_text(
        raised.value, translator_for("en")
    )
    assert "**Dateien anhängen**" in error_text(raised.value, translator_for("de"))
    assert "View Channel" in str(raised.value)


def test_a_single_missing_permission_is_singular() -> None:
    have = discord.Permissions(send_messages=True)
    with pytest.raises(MissingPermissions) as raised:
        permissions.require(have, permissions.NEEDED_TO_ANSWER)
    assert "the permission **Attach Files**" in error_text(raised.value, translator_for("en"))
    permissions.require(discord.Permissions(administrator=True), permissions.NEEDED_TO_ANSWER)


def test_a_request_out_of_range_is_refused_in_the_users_language() -> None:
    with pytest.raises(RecipeError) as raised:
        DreamRequest.of(seed=-1)
    assert error_text(raised.value, translator_for("es")).startswith(
        "Una semilla es un número entero de 0 a 4.294.967.295"
    )
