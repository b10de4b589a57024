"""Which picture of a message is meant."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from dreambot.chat import source
from dreambot.jobs.types import AttachmentSource, Subject, UrlSource


def _attachment(name: str, kind: str | None = "image/png", alt: str | None = None) -> discord.Attachment:
    data: dict[str, Any] = {
        "id": "1",
        "filename": name,
        "size": 10,
        "url": f"https://cdn/{name}",
        "proxy_url": "x",
    }
    data |= {"content_type": kind} if kind else {}
    data |= {"description": alt} if alt else {}
    return discord.Attachment(data=cast(Any, data), state=cast(Any, SimpleNamespace(http=None)))


def _message(**parts: Any) -> discord.Message:
    empty = {"id": 5, "content": "", "attachments": [], "embeds": [], "message_snapshots": []}
    return cast(discord.Message, SimpleNamespace(**{**empty, **parts}))


def _embed(url: str | None = None, **images: str) -> discord.Embed:
    return discord.Embed.from_dict(
        cast(Any, {"url": url, "type": "image", **{key: {"url": value} for key, value in images.items()}})
    )


def test_attachments_go_before_embeds_and_other_files_are_passed_over() -> None:
    files = [_attachment("notes.txt", "text/plain"), _attachment("cat.png", alt="A cat")]
    found = source.in_message(_message(attachments=files, embeds=[_embed(image="https://x/dog.png")]))
    assert found == Subject(AttachmentSource("https://cdn/cat.png", "cat.png", 10), "A cat", False, 5)


@pytest.mark.parametrize("name", ["cat.JPG", "cat.avif"])
def test_without_a_type_the_name_must_do(name: str) -> None:
    assert source.in_message(_message(attachments=[_attachment(name, None)]))


def test_embedded_images_and_thumbnails() -> None:
    image = source.in_message(_message(embeds=[_embed(), _embed(image="https://x/a.png")]))
    thumbnail = source.in_message(_message(embeds=[_embed(thumbnail="https://x/b.png")]))
    assert image
    assert image.source == UrlSource("https://x/a.png")
    assert thumbnail
    assert thumbnail.source == UrlSource("https://x/b.png")


def test_forwarded_pictures() -> None:
    forwarded = SimpleNamespace(content="", attachments=[_attachment("SPOILER_cat.png")], embeds=[])
    found = source.in_message(_message(message_snapshots=[forwarded]))
    assert found
    assert found.spoiler
    assert found.label == "the picture cat.png"


@pytest.mark.parametrize(
    ("content", "hidden"),
    [("||https://x/cat.png||", True), ("https://x/cat.png", False), ("||a|| https://x/cat.png ||b||", False)],
)
def test_a_link_between_spoiler_bars_is_a_spoiler(content: str, hidden: bool) -> None:
    embed = _embed("https://x/cat.png", thumbnail="https://x/cat.png")
    found = source.in_message(_message(content=content, embeds=[embed]))
    assert found
    assert found.spoiler is hidden


@pytest.mark.parametrize(
    ("typed", "url", "spoiler"),
    [
        (" https://x/cat.png ", "https://x/cat.png", False),
        ("<https://x/cat.png>", "https://x/cat.png", False),
        ("||https://x/cat.png||", "https://x/cat.png", True),
    ],
)
def test_typed_links(typed: str, url: str, spoiler: bool) -> None:
    found = source.of_url(typed)
    assert (found.source, found.spoiler) == (UrlSource(url), spoiler)
