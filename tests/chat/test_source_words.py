"""What is dreamed upon, and what is wrong with it, said in the reader's language."""

import pytest

from dreambot.chat import source
from dreambot.chat.words import LOCALES, words
from dreambot.chat.words.english import from_english
from tests.chat.posted import attachment, message, sticker


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_labels_are_known_in_every_language(locale: str) -> None:
    shown = [
        source.in_message(message(attachments=[attachment("cat.png")])),
        source.in_message(message(attachments=[attachment("cat.mp4", "video/mp4")])),
        source.in_message(message(stickers=[sticker(1)])),
        source.of_url("https://x/cat.png"),
        source.of_url("<:cat:123456789012345678>"),
    ]
    said = [one.label for one in shown if one]
    for english in said:
        told = from_english(words(locale), english)
        assert told != english
        for kept in ("cat", "Wave"):
            assert (kept in told) == (kept in english)


def test_what_people_wrote_themselves_stays_as_it_is() -> None:
    found = source.in_message(message(attachments=[attachment("cat.png", alt="Meine Katze")]))
    assert found
    assert from_english(words("de"), found.label) == "Meine Katze"
