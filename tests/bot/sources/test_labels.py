"""Descriptions of sources and their errors in the reader's language."""

import pytest

from dreambot.bot import sources
from dreambot.errors import Message
from dreambot.i18n import LOCALES, translator_for
from tests.bot.discord_objects import attachment, message, sticker


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_labels_are_translated_in_every_language(locale: str) -> None:
    shown = [
        sources.image_in(message(attachments=[attachment("cat.png")])),
        sources.image_in(message(attachments=[attachment("cat.mp4", "video/mp4")])),
        sources.image_in(message(stickers=[sticker(1)])),
        sources.from_typed_text("https://x/cat.png"),
        sources.from_typed_text("<:cat:123456789012345678>"),
    ]
    labels = [Message.from_json(one.label) for one in shown if one]
    for label in labels:
        english, reply = label.text(), label.text(translator_for(locale))
        assert reply != english
        for kept in ("cat", "Wave"):
            assert (kept in reply) == (kept in english)


def test_user_written_labels_stay_unchanged() -> None:
    found = sources.image_in(message(attachments=[attachment("cat.png", alt="Meine Katze")]))
    assert found
    assert Message.from_json(found.label).text(translator_for("de")) == "Meine Katze"
