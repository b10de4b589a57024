"""Finds the picture or video that a web page shows, from its `og:` tags, which chat clients use for
previews."""

import codecs
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

MAX_PAGE_BYTES = 512 * 1024
"""Of a page that are looked at: what describes it stands at its beginning."""
SNIFFED_BYTES = 1024
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".webm")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<title", b"<body")
_ANIMATION_SUFFIXES = (".gif",)
_VIDEO_PROPERTIES = ("og:video:secure_url", "og:video:url", "og:video")
_IMAGE_PROPERTIES = ("og:image:secure_url", "og:image:url", "og:image", "twitter:image", "twitter:image:src")
# What is not finished is read again with every piece that follows, so pieces must not be small.
_FEED_CHARACTERS = 64 * 1024


def is_html(start: bytes) -> bool:
    """Whether a file that begins like this is a web page. start: SNIFFED_BYTES, or all there is."""
    text = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<!--", b"<?xml")):
        return b"<html" in text
    return text.startswith(_HTML_STARTS)


def find_shown_url(page: bytes, address: str) -> str | None:
    """The address of the picture or film that a page shows, None where it names none.

    page: its beginning. address: where it was found. What moves goes first. The answer is as untrusted as
    the page.
    """
    head = _MetaTagParser()
    text = page.decode("utf-8", "replace")
    try:
        for at in range(0, len(text), _FEED_CHARACTERS):
            head.feed(text[at : at + _FEED_CHARACTERS])
            if head.over:
                break
    except AssertionError:
        # The parser's word for a declaration that makes no sense; what stood before it is known.
        pass
    pictures = [head.said[key] for key in _IMAGE_PROPERTIES if key in head.said]
    films = [head.said[key] for key in _VIDEO_PROPERTIES if key in head.said]
    moving = [url for url in pictures if _has_suffix(url, _ANIMATION_SUFFIXES)]
    moving += [url for url in films if _has_suffix(url, VIDEO_SUFFIXES + _ANIMATION_SUFFIXES)]
    found = next(iter([*moving, *pictures]), None)
    try:
        return urljoin(address, found) if found else None
    except ValueError:
        return None


class _MetaTagParser(HTMLParser):
    """Collects what `meta` tags say, the first of each name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each tag."""
        values = {name: value or "" for name, value in attrs}
        name = (values.get("property") or values.get("name") or "").strip().lower()
        content = values.get("content", "").strip()
        if tag == "meta" and name and content:
            self.said.setdefault(name, content)
        self.over |= tag == "body"


def _has_suffix(url: str, endings: tuple[str, ...]) -> bool:
    try:
        return urlsplit(url).path.lower().endswith(endings)
    except ValueError:
        return False
