"""Links to web pages: the picture that the page shows is downloaded, with the same checks as the page."""

from urllib.parse import urlencode

import pytest

from dreambot.media.fetch import Fetcher
from tests.media.fake_internet import PICTURE, assert_refused


def page(**tags: str) -> str:
    return "http://pictures.example/page?" + urlencode({f"og:{name}": value for name, value in tags.items()})


async def test_the_picture_of_a_page(fetcher, internet, tmp_path):
    await fetcher.fetch_url(page(image="http://pictures.example/cat.png"), tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE


async def test_videos_take_precedence(fetcher, internet, tmp_path):
    url = page(image="/cat.png", video="/video.mp4?x=1")
    await fetcher.fetch_url(url, tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == b"video" * 400


async def test_addresses_on_a_page_are_relative_to_it(fetcher, internet, tmp_path):
    internet.names["elsewhere.example"] = [["93.184.215.15"]]
    to = urlencode({"to": page(image="/cat.png").replace("pictures", "elsewhere")})
    await fetcher.fetch_url(f"http://pictures.example/to?{to}", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE
    assert internet.connected == ["93.184.215.14", "93.184.215.15", "93.184.215.15"]


@pytest.mark.parametrize(
    ("image", "match"),
    [
        ("http://127.0.0.1/cat.png", "public web address"),
        ("http://2130706433/cat.png", "public web address"),
        ("http://home.example/cat.png", "public web address"),
        ("http://pictures.example:8080/cat.png", "web ports"),
        ("http://a:b@pictures.example/cat.png", "name or password"),
        ("file:///etc/passwd", "begin with http"),
        ("data:image/png;base64,AAAA", "begin with http"),
        ("http://pictures.example/to?to=http://10.0.0.1/", "public web address"),
        ("http://[::1/", "does not say|not a link"),
        ("http://pictures.example/nothing", "404"),
    ],
)
async def test_the_picture_of_a_page_is_checked_like_a_link(fetcher, internet, tmp_path, image, match):
    internet.names["home.example"] = [["192.168.1.20"]]
    dest = tmp_path / "cat"
    await assert_refused(fetcher.fetch_url(page(image=image), dest), dest, match)
    assert set(internet.connected) == {"93.184.215.14"}


async def test_at_most_one_page(fetcher, internet, tmp_path):
    dest = tmp_path / "cat"
    await assert_refused(
        fetcher.fetch_url(page(image=page(image="/cat.png")), dest), dest, "does not say what picture"
    )
    assert len(internet.connected) == 2


async def test_a_page_without_a_picture(fetcher, internet, tmp_path):
    dest = tmp_path / "cat"
    await assert_refused(fetcher.fetch_url(page(title="Welcome"), dest), dest, "does not say what picture")


async def test_only_the_beginning_of_an_endless_page_is_read(fetcher, internet, tmp_path):
    await fetcher.fetch_url("http://pictures.example/long", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE


async def test_pages_and_their_pictures_share_the_time(port, internet, tmp_path):
    async with Fetcher(frozenset(), timeout=0.5) as fetcher:
        dest = tmp_path / "cat"
        await assert_refused(fetcher.fetch_url(page(image="/drip"), dest), dest, "too long")


async def test_discords_own_servers_have_no_pages(fetcher, port, tmp_path):
    await fetcher.fetch_attachment(f"http://127.0.0.1:{port}/page?og:image=/cat.png", tmp_path / "page")
    assert b"<html>" in (tmp_path / "page").read_bytes()
