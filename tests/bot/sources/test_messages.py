"""Which image of a message is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.bot import sources
from dreambot.bot.captions import source_label
from dreambot.bot.requests.free_text import parse_request
from dreambot.errors import Message
from dreambot.i18n import translator_for
from dreambot.jobs.models import AttachmentSource, SourceImage, UrlSource
from dreambot.recipe import DreamRequest
from tests.bot.discord_objects import attachment, carrier, component, embed, media, message, sticker

ENGLISH = translator_for("en")


def test_attachments_are_preferred_to_embeds_and_other_files_skipped() -> None:
    files = [attachment("notes.txt", "text/plain"), attachment("cat.png", alt="A cat")]
    found = sources.image_in(message(attachments=files, embeds=[embed(image="https://x/dog.png")]))
    assert found == SourceImage(AttachmentSource("https://cdn/cat.png", "cat.png", 10), "A cat", False, 5, 1)


@pytest.mark.parametrize("name", ["cat.JPG", "cat.avif", "cat.gif", "cat.mp4", "cat.WEBM", "cat.mov"])
def test_without_a_type_the_name_decides(name: str) -> None:
    assert sources.image_in(message(attachments=[attachment(name, None)]))


@pytest.mark.parametrize(
    ("name", "kind", "found", "pointed"),
    [
        ("cat.PNG", None, True, True),
        ("cat.PNG", "application/octet-stream", True, True),
        ("cat", "IMAGE/PNG", True, True),
        ("cat", "Image/Png; charset=binary", True, True),
        ("cat.txt", "VIDEO/mp4", True, True),
        ("cat", None, False, True),
        ("cat", "application/octet-stream", False, True),
        ("cat.png", "text/plain", False, True),
        ("cat.mp3", "audio/mpeg", False, True),
    ],
)
def test_searched_files_must_declare_a_type_and_chosen_ones_need_not(
    name: str, kind: str | None, found: bool, pointed: bool
) -> None:
    posted = message(attachments=[attachment(name, kind)])
    assert (sources.image_in(posted) is not None, bool(sources.images_or_file_in(posted))) == (
        found,
        pointed,
    )


def test_the_likeliest_part_of_a_chosen_message_is_taken() -> None:
    notes, unknown, cat = (
        attachment("notes.txt", "text/plain"),
        attachment("unknown", None),
        attachment("cat.png"),
    )
    shown = [
        sources.images_or_file_in(message(content="https://x/page", attachments=files))
        for files in ([notes, unknown, cat], [notes, unknown], [notes])
    ]
    assert [one.source for (one,) in shown] == [
        AttachmentSource("https://cdn/cat.png", "cat.png", 10),
        AttachmentSource("https://cdn/unknown", "unknown", 10),
        UrlSource("https://x/page"),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("cat.mp4", "video/mp4", "the video cat.mp4"),
        ("SPOILER_cat.webm", "video/webm", "the video cat.webm"),
        ("cat.gif", "image/gif", "the picture cat.gif"),
    ],
)
def test_videos_count_as_images(name: str, kind: str, label: str) -> None:
    found = sources.image_in(message(attachments=[attachment(name, kind)]))
    assert found
    assert Message.from_json(found.label).text() == label


def test_auto_dream_distinguishes_videos_from_images() -> None:
    film, gif = attachment("cat.mp4", "video/mp4"), attachment("cat.gif", "image/gif")
    assert (sources.is_image(film), sources.is_video(film)) == (False, True)
    assert (sources.is_image(gif), sources.is_video(gif)) == (True, False)


def test_embedded_images_and_thumbnails() -> None:
    image = sources.image_in(message(embeds=[embed(), embed(image="https://x/a.png")]))
    thumbnail = sources.image_in(message(embeds=[embed(thumbnail="https://x/b.png")]))
    assert image
    assert image.source == UrlSource("https://x/a.png")
    assert thumbnail
    assert thumbnail.source == UrlSource("https://x/b.png")


@pytest.mark.parametrize(
    ("kind", "video", "shown"),
    [
        ("gifv", "https://media.tenor.com/x/a.mp4", "https://media.tenor.com/x/a.mp4"),
        ("video", "https://x/a.webm?b=1", "https://x/a.webm?b=1"),
        ("video", "https://www.youtube.com/embed/x", "https://x/still.png"),
    ],
)
def test_a_moving_embed_gives_its_video_unless_it_plays_in_a_page(kind: str, video: str, shown: str) -> None:
    one = embed("https://x/", kind, video=video, thumbnail="https://x/still.png")
    found = sources.image_in(message(content="https://x/", embeds=[one]))
    assert found
    assert found.source == UrlSource(shown)


def test_forwarded_pictures() -> None:
    forwarded = carrier(attachments=[attachment("SPOILER_cat.png")])
    found = sources.image_in(message(forwards=[forwarded]))
    assert found
    assert found.spoiler
    assert Message.from_json(found.label).text() == "the picture cat.png"


@pytest.mark.parametrize(
    ("content", "hidden"),
    [
        ("||https://x/cat.png||", True),
        ("https://x/cat.png", False),
        ("||a|| https://x/cat.png ||b||", False),
        ("||https://x/CAT.png||", True),
    ],
)
def test_a_link_between_spoiler_bars_is_a_spoiler(content: str, hidden: bool) -> None:
    one = embed("https://x/cat.png", thumbnail="https://x/cat.png")
    found = sources.image_in(message(content=content, embeds=[one]))
    assert found
    assert found.spoiler is hidden


@pytest.mark.parametrize(
    ("content", "url", "spoiler"),
    [
        ("look: <https://x/cat.png>!", "https://x/cat.png", False),
        ("(see https://x/cat_(1).png).", "https://x/cat_(1).png", False),
        ("[cat](https://x/cat.png)", "https://x/cat.png", False),
        ("so cute ||https://x/cat.png||", "https://x/cat.png", True),
        ("https://a.example/ and https://tenor.com/view/cat-1", "https://tenor.com/view/cat-1", False),
        ("https://a.example/ and https://klipy.com/gifs/cat", "https://klipy.com/gifs/cat", False),
        ("https://a.example/page", "https://a.example/page", False),
    ],
)
def test_links_without_embeds(content: str, url: str, spoiler: bool) -> None:
    found = sources.image_in(message(content=content))
    assert found == SourceImage(UrlSource(url), Message("source-label-link").to_json(), spoiler, 5, 1)


@pytest.mark.parametrize(
    "content", ["", "https://", "http:// x", "ftp://x/cat.png", "cat.png", "<@123>", ":cat:"]
)
def test_text_without_an_image(content: str) -> None:
    assert sources.image_in(message(content=content)) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [(1, "749054660769218631.png"), (2, "749054660769218631.png"), (4, "749054660769218631.gif")],
)
def test_stickers(kind: int, name: str) -> None:
    found = sources.image_in(message(stickers=[sticker(kind)]))
    assert found
    assert isinstance(found.source, AttachmentSource)
    assert found.source.filename == name
    assert source_label(ENGLISH, found) == "the sticker Wave"


def test_lottie_stickers_are_no_images() -> None:
    assert sources.image_in(message(stickers=[sticker(3)])) is None


@pytest.mark.parametrize(
    ("content", "ending", "spoiler"),
    [
        ("<:cat:123456789012345678>", "/emojis/123456789012345678.png", False),
        ("so ||<a:cat:123456789012345678>||", "/emojis/123456789012345678.webp?animated=true", True),
    ],
)
def test_a_custom_emoji(content: str, ending: str, spoiler: bool) -> None:
    found = sources.image_in(message(content=content))
    assert found
    assert isinstance(found.source, AttachmentSource)
    assert found.source.url.endswith(ending)
    assert (source_label(ENGLISH, found), found.spoiler) == ("the emoji cat", spoiler)


def test_an_image_is_preferred_to_a_later_emoji() -> None:
    found = sources.image_in(
        message(
            content="<:cat:123456789012345678>",
            stickers=[sticker(1)],
            forwards=[carrier(content="https://x/a.png")],
        )
    )
    assert found
    assert found.source == UrlSource("https://x/a.png")


def test_nested_galleries() -> None:
    gallery = {"type": 12, "items": [{"media": media("cat.png"), "description": "A cat"}]}
    found = sources.image_in(message(components=[component({"type": 17, "components": [gallery]})]))
    assert found
    assert found.source == AttachmentSource("https://cdn/attachments/1/2/cat.png", "cat.png", 0)
    assert (found.label, found.spoiler) == ("A cat", False)


@pytest.mark.parametrize(
    "hidden",
    [
        {"type": 12, "items": [{"media": media(), "spoiler": True}]},
        {"type": 12, "items": [{"media": media("SPOILER_a.png")}]},
        {"type": 17, "spoiler": True, "components": [{"type": 12, "items": [{"media": media()}]}]},
        {"type": 13, "file": media(content_type="image/png"), "spoiler": True},
        {
            "type": 9,
            "components": [{"type": 10, "content": "x"}],
            "accessory": {"type": 11, "media": media(), "spoiler": True},
        },
    ],
)
def test_spoiler_components_are_preferred_to_the_same_attachment(
    hidden: dict[str, object],
) -> None:
    found = sources.image_in(message(components=[component(hidden)], attachments=[attachment("a.png")]))
    assert found
    assert found.spoiler


def test_gallery_links_are_fetched_as_untrusted_urls() -> None:
    gallery = {"type": 12, "items": [{"media": media("cat.png", attached=False)}]}
    found = sources.image_in(message(components=[component(gallery)]))
    assert found
    assert found.source == UrlSource("https://elsewhere.example/cat.png")


def test_file_components_without_images() -> None:
    text = component({"type": 13, "file": media("a.png", content_type="text/plain"), "name": "a.txt"})
    assert sources.image_in(message(components=[text])) is None


@pytest.mark.parametrize(
    ("typed", "url", "spoiler"),
    [
        (" https://x/cat.png ", "https://x/cat.png", False),
        ("<https://x/cat.png>", "https://x/cat.png", False),
        ("||https://x/cat.png||", "https://x/cat.png", True),
        ("|| <https://x/cat.png> ||", "https://x/cat.png", True),
        (
            "https://cdn/attachments/1/2/SPOILER_cat.png?ex=1",
            "https://cdn/attachments/1/2/SPOILER_cat.png?ex=1",
            True,
        ),
        ("cat.png", "cat.png", False),
    ],
)
def test_typed_links(typed: str, url: str, spoiler: bool) -> None:
    found = sources.from_typed_text(typed)
    assert (found.source, found.spoiler) == (UrlSource(url), spoiler)


def test_an_emoji_in_place_of_a_link() -> None:
    found = sources.from_typed_text("||<:cat:123456789012345678>||")
    assert isinstance(found.source, AttachmentSource)
    assert found.spoiler


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://cdn.discordapp.com/attachments/12/34/cat.png?ex=5&is=6&hm=7&", 34),
        ("https://media.discordapp.net/ephemeral-attachments/12/34/cat.png", 34),
        ("https://cdn.discordapp.com/emojis/34.png", None),
        ("https://cdn.discordapp.com/attachments/12/x/cat.png", None),
        ("https://[::1/attachments/12/34/cat.png", None),
    ],
)
def test_the_attachment_id_in_a_url(url: str, found: int | None) -> None:
    assert sources.attachment_id_in_url(url) == found


@pytest.mark.parametrize(
    "text",
    [
        "mixed5 https://x/cat.png 11",
        "<https://x/cat.png> mixed5 11",
        "mixed5 ||https://x/cat.png?a=b|| 11",
        "<:cat:123456789012345678> mixed5 11 <a:dog:123456789012345678>",
        "<@123> mixed5 11",
    ],
)
def test_links_in_a_mention_are_not_parsed(text: str) -> None:
    assert parse_request(text) == DreamRequest(layer="mixed5", intensity=11)


PIECES = (
    "https://",
    "http://[",
    "||",
    "<",
    ">",
    ":",
    "cat.png",
    "<:a:",
    "123456789012345678>",
    "/attachments/1/2/",
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    sources.image_in(message(content=text, embeds=[embed(text, video=text)]))
    sources.image_in(message(content=text))
    sources.attachment_id_in_url(text)
    assert sources.from_typed_text(text).source
