"""How direct messages to the bot are parsed."""

from typing import Any

import pytest

from dreambot.bot.captions import source_label
from dreambot.bot.requests.messages import parse_direct_message
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.recipe import DreamRequest
from tests.bot.discord_objects import attachment, message, sticker

EMOJI = "<:cat:123456789012345678>"
PAGE, LINKED = "https://example.org/cats", "https://example.org/cat.png"


@pytest.mark.parametrize(
    ("parts", "picture"),
    [
        ({"attachments": [attachment("cat.png")]}, "cat.png"),
        ({"attachments": [attachment("cat.PNG", "IMAGE/PNG")]}, "cat.PNG"),
        ({"attachments": [attachment("cat", None)]}, "cat"),
        ({"attachments": [attachment("cat.bin", "application/octet-stream")]}, "cat.bin"),
        # Only their bytes show whether they are images; if not, the reply says what they are.
        ({"attachments": [attachment("voice-message.ogg", "audio/ogg")]}, "voice-message.ogg"),
        ({"attachments": [attachment("notes.txt", "text/plain")], "content": "for you"}, "notes.txt"),
        ({"attachments": [attachment("cat.png")], "content": "isn't she lovely"}, "cat.png"),
        ({"stickers": [sticker(1)]}, "sticker"),
        ({"stickers": [sticker(1)], "content": "haha"}, "sticker"),
        ({"content": PAGE}, "linked"),
        ({"content": LINKED}, "linked"),
        ({"content": f"what do you make of {LINKED}"}, "linked"),
        ({"content": EMOJI}, "emoji"),
        ({"content": f"{EMOJI} mixed4 9"}, "emoji"),
    ],
)
def test_a_picture_is_dreamed(parts: dict[str, Any], picture: str) -> None:
    read = parse_direct_message(message(**parts))
    (image,) = read.pictures
    assert picture in source_label(translator_for("en"), image)
    assert read.request
    assert (read.request == DreamRequest(layer="mixed4", intensity=9)) == (
        "mixed4" in parts.get("content", "")
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"content": "hi"},
        {"content": "thank you"},
        {"content": ""},
        {"content": f"hello {EMOJI}"},
        {"content": f"have you read {PAGE}"},
        {"stickers": [sticker(3)]},
        {"content": "my 3 dogs are 12, 9 and 4 years old"},
    ],
)
def test_small_talk_is_no_request(parts: dict[str, Any]) -> None:
    read = parse_direct_message(message(**parts))
    assert (read.pictures, read.request, read.asks) == ((), None, False)


@pytest.mark.parametrize(
    "text", ["mixed4 9", "dogs please", "intensity: 3", "dream it again", "/summon goldfish"]
)
def test_text_without_an_image_can_request_a_dream(text: str) -> None:
    read = parse_direct_message(message(content=text))
    assert read.asks
    assert read.request
    assert not read.pictures


@pytest.mark.parametrize("text", ["mixd4 9", "intensty 9", "mixed4 12"])
@pytest.mark.parametrize("files", [[], [attachment("cat.png")]])
def test_mistakes_are_reported(text: str, files: list[Any]) -> None:
    with pytest.raises(UserError):
        parse_direct_message(message(content=text, attachments=files))
