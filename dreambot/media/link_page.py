"""Finds the picture or video that a web page shows, from its `og:` tags, as chat clients do for previews."""

import codecs
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

MAX_PAGE_BYTES = 512 * 1024
"""Bytes of a page that are parsed: its description is at its beginning."""
SNIFFED_BYTES = 1024
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".webm")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<title", b"<body")
_ANIMATION_SUFFIXES = (".gif",)
_VIDEO_PROPERTIES = ("og:video:secure_url", "og:video:url", "og:video")
_IMAGE_PROPERTIES = ("og:image:secure_url", "og:image:url", "og:image", "twitter:image", "twitter:image:src")
# An unfinished tag is parsed again with every chunk that follows, so chunks must not be small.
_FEED_CHARACTERS = 64 * 1024


def is_html(start: bytes) -> bool:
    """Returns whether a file is a web page.

    Args:
        start: Its first SNIFFED_BYTES bytes, or all of it.
    """
    text = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<!--", b"<?xml")):
        return b"<html" in text
    return text.startswith(_HTML_STARTS)


def find_shown_url(page: bytes, address: str) -> str | None:
    """Finds the URL of the picture or video that a page shows. Animations and videos take precedence.

    Args:
        page: The beginning of the page.
        address: The URL of the page.

    Returns:
        The URL, as untrusted as the page; None if it names none.
    """
    parser = _MetaTagParser()
    text = page.decode("utf-8", "replace")
    try:
        for at in range(0, len(text), _FEED_CHARACTERS):
            parser.feed(text[at : at + _FEED_CHARACTERS])
            if parser.finished:
                break
    except AssertionError:
        # Raised for an invalid declaration; what came before it is known.
        pass
    pictures = [parser.content[key] for key in _IMAGE_PROPERTIES if key in parser.content]
    videos = [parser.content[key] for key in _VIDEO_PROPERTIES if key in parser.content]
    moving = [url for url in pictures if _has_suffix(url, _ANIMATION_SUFFIXES)]
    moving += [url for url in videos if _has_suffix(url, VIDEO_SUFFIXES + _ANIMATION_SUFFIXES)]
    url = next(iter([*moving, *pictures]), None)
    try:
        return urljoin(address, url) if url else None
    except ValueError:
        return None


class _MetaTagParser(HTMLParser):
    """Collects the content of `meta` tags, the first of each name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content: dict[str, str] = {}
        self.finished = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each tag.

        Args:
            tag: Its name.
            attrs: Its attributes.
        """
        values = {name: value or "" for name, value in attrs}
        name = (values.get("property") or values.get("name") or "").strip().lower()
        content = values.get("content", "").strip()
        if tag == "meta" and name and content:
            self.content.setdefault(name, content)
        self.finished |= tag == "body"


def _has_suffix(url: str, endings: tuple[str, ...]) -> bool:
    try:
        return urlsplit(url).path.lower().endswith(endings)
    except ValueError:
        return False
