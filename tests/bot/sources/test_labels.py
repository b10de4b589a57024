"""What is dreamed upon, and what is wrong with it, said in the reader's language."""

import pytest

from dreambot.bot import sources
from dreambot.i18n import LOCALES, translator_for
from dreambot.i18n.english import translate_english
from tests.bot.discord_objects import attachment, message, sticker


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_labels_are_known_in_every_language(locale: str) -> None:
    shown = [
        sources.image_in(message(attachments=[attachment("cat.png")])),
        sources.image_in(message(attachments=[attachment("cat.mp4", "video/mp4")])),
        sources.image_in(message(stickers=[sticker(1)])),
        sources.from_typed_text("https://x/cat.png"),
        sources.from_typed_text("<:cat:123456789012345678>"),
    ]
    said = [one.label for one in shown if one]
    for english in said:
        told = translate_english(translator_for(locale), english)
        assert told != english
        for kept in ("cat", "Wave"):
            assert (kept in told) == (kept in english)


def test_what_people_wrote_themselves_stays_as_it_is() -> None:
    found = sources.image_in(message(attachments=[attachment("cat.png", alt="Meine Katze")]))
    assert found
    assert translate_english(translator_for("de"), found.label) == "Meine Katze"
