"""Finding the picture of web pages, including hostile ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreambot.media.link_page import MAX_PAGE_BYTES, find_shown_url, is_html

# As the two sites write them: the picture in several sizes and formats, and the video.
TENOR = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A cat</title>
<meta name="description" content="A cat &gt; a dog"><link rel="canonical" href="https://tenor.com/view/a-1">
<meta property="og:type" content="video.other"><meta content="https://media1.tenor.com/m/x/a.gif?itemid=1"
 property="og:image"><meta property="og:image:type" content="image/gif">
<meta property="og:video" content="https://media.tenor.com/x/a.mp4"></head><body></body></html>"""
GIPHY = """<!DOCTYPE html><html><head><meta property="og:url" content="https://media.giphy.com/media/x/giphy.gif"/>
<meta property="og:image" content="https://media1.giphy.com/media/v1.Y2lk&amp;a=b/x/giphy-preview.webp"/>
<meta property="og:video:url" content="https://giphy.com/embed/x"/>
<meta property="og:video" content="https://media1.giphy.com/media/x/giphy.mp4"/>
<meta property="og:video:type" content="video/mp4"/></head></html>"""


def page(*tags: str) -> bytes:
    return f"<html><head>{''.join(tags)}</head></html>".encode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TENOR, "https://media1.tenor.com/m/x/a.gif?itemid=1"),
        (GIPHY, "https://media1.giphy.com/media/x/giphy.mp4"),
    ],
)
def test_pages_of_moving_pictures(text, found):
    assert is_html(text.encode())
    assert find_shown_url(text.encode(), "https://example.com/view") == found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (['<meta property="og:image" content="a.png">'], "https://example.com/x/a.png"),
        (['<META NAME="og:image" CONTENT="//cdn.example/a.png">'], "https://cdn.example/a.png"),
        (["<meta property=og:image content='/a?b=1&amp;c=2'>"], "https://example.com/a?b=1&c=2"),
        (['<meta name="twitter:image" content="/a.jpg">'], "https://example.com/a.jpg"),
        (['<meta property="og:video" content="/watch"><meta property="og:image" content="/a">'], "/a"),
        (['<script>"<meta property=og:image content=/b>"</script>', "<title>none</title>"], None),
        (['<!-- <meta property="og:image" content="/b"> -->'], None),
        (['<body><meta property="og:image" content="/b">', "x" * 200_000], "/b"),
        (['<meta property="og:image" content="">'], None),
        (['<meta property="og:image">'], None),
    ],
)
def test_tags(tags, found):
    shown = find_shown_url(page(*tags), "https://example.com/x/y")
    assert shown == (f"https://example.com{found}" if found and found.startswith("/") else found)


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        (b"\xef\xbb\xbf \n<!DOCTYPE HTML><html>", True),
        (b"<!-- saved --><html>", True),
        (b"<?xml version='1.0'?><html xmlns='x'>", True),
        (b"<?xml version='1.0'?><svg xmlns='x'>", False),
        (b"<svg>", False),
        (b"\x89PNG\r\n\x1a\n<html>", False),
        (b"GIF89a<!doctype html>", False),
        (b"", False),
    ],
)
def test_pages_are_known_by_their_content(start, is_one):
    assert is_html(start) is is_one


@given(st.binary(max_size=200))
def test_any_page_is_read_or_has_nothing_to_show(junk):
    find_shown_url(b'<html><meta property="og:image" content="' + junk, "https://example.com/")
    find_shown_url(b"<html>" + junk + b'<meta property="og:image" content="/a">', "https://example.com/")


@pytest.mark.parametrize(
    "attack", ["<", "<a ", "<![", "<!--", "&#", "<a a='", "<script></scrip", "<a\0", "</"]
)
def test_pages_made_to_take_long_have_no_picture(attack):
    text = "<html>" + attack * (MAX_PAGE_BYTES // len(attack))
    assert find_shown_url(text.encode()[:MAX_PAGE_BYTES], "https://example.com/") is None
