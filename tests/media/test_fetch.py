"""Which URLs are downloaded, and which are refused, over real sockets.

The guard has no switch that tests could flip, so the tests provide the internet: `FakeInternet` answers the
event loop's name lookups and redirects connections to public addresses to a local server. The Fetcher's
decisions, and the addresses they are based on, are unchanged.
"""

import asyncio

import pytest

from dreambot.media.fetch import Fetcher
from tests.media.fake_internet import PICTURE, SEEN, assert_refused

PRIVATE = "public web address"


async def test_a_typed_link(fetcher, internet, tmp_path):
    await fetcher.fetch_url("http://pictures.example/cat.png", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE
    assert internet.connected == ["93.184.215.14"]


@pytest.mark.parametrize("path", ["gzip", "deflate"])
async def test_compressed_responses(fetcher, internet, tmp_path, path):
    await fetcher.fetch_url(f"http://pictures.example/{path}", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE


async def test_an_attachment_from_the_trusted_origin(fetcher, port, tmp_path):
    await fetcher.fetch_attachment(f"http://127.0.0.1:{port}/cat.png", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE


async def test_even_the_trusted_origin_must_be_public_when_typed(fetcher, port, tmp_path):
    dest = tmp_path / "cat"
    await assert_refused(fetcher.fetch_url(f"http://127.0.0.1:{port}/cat.png", dest), dest, "ports")
    await assert_refused(fetcher.fetch_url("http://127.0.0.1/cat.png", dest), dest, PRIVATE)


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}@pictures.example",
        "http://pictures.example",
        "http://127.0.0.1:{port}.pictures.example",
        "file://127.0.0.1:{port}",
    ],
)
async def test_attachments_come_from_no_other_origin(fetcher, internet, port, tmp_path, origin):
    dest = tmp_path / "cat"
    url = origin.replace("{port}", str(port)) + "/cat.png"
    await assert_refused(
        fetcher.fetch_attachment(url, dest), dest, r"attachments|begin with|read that link|not be fetched"
    )
    assert internet.connected == []


@pytest.mark.parametrize(
    "elsewhere", ["http://pictures.example/cat.png", "http://127.0.0.1:1/", "http://10.0.0.1/"]
)
async def test_the_trusted_origin_cannot_lead_elsewhere(fetcher, internet, port, tmp_path, elsewhere):
    dest = tmp_path / "cat"
    url = f"http://127.0.0.1:{port}/to?to={elsewhere}"
    await assert_refused(fetcher.fetch_attachment(url, dest), dest, "attachments")
    assert internet.connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "①②⑦.⓪.⓪.①",
        "100.64.0.1",
        "224.0.0.1",
        "[fe80::1]",
        "192.168.0.1.",
        "home.example",
    ],
)
async def test_private_addresses_in_any_notation(fetcher, internet, tmp_path, host):
    internet.names |= {"localhost": [["127.0.0.1"]], "home.example": [["192.168.1.20"]]}
    dest = tmp_path / "cat"
    for url in (f"http://{host}/cat.png", f"http://pictures.example/to?to=http://{host}/cat.png"):
        await assert_refused(fetcher.fetch_url(url, dest), dest, PRIVATE)
    assert set(internet.connected) == {"93.184.215.14"}


async def test_a_name_that_changes_its_address(fetcher, internet, tmp_path):
    internet.names["rebind.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    dest = tmp_path / "cat"
    await fetcher.fetch_url("http://rebind.example/cat.png", dest)
    await assert_refused(fetcher.fetch_url("http://rebind.example/cat.png", dest), dest, PRIVATE)
    assert internet.connected == ["93.184.215.14"]


async def test_only_the_public_ones_of_several_addresses(fetcher, internet, tmp_path):
    internet.names["mixed.example"] = [["127.0.0.1", "::1", "10.0.0.1", "93.184.215.14"]]
    await fetcher.fetch_url("http://mixed.example/cat.png", tmp_path / "cat")
    assert internet.connected == ["93.184.215.14"]


@pytest.mark.parametrize(
    "url", ["http://pictures.example:{port}/", "http://pictures.example:22/", "https://a.example:80443/"]
)
async def test_other_ports(fetcher, internet, port, tmp_path, url):
    dest = tmp_path / "cat"
    await assert_refused(
        fetcher.fetch_url(url.format(port=port), dest), dest, "ports|read that link|not be fetched"
    )
    assert internet.connected == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cat.png",
        "ftp://pictures.example/",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "http://",
        "//x/y",
        "http://[::1/",
        "http://a b/",
        "javascript:alert(1)",
        "http://user:secret@pictures.example/cat.png",
        "http://" + "a" * 3000,
    ],
)
async def test_text_that_is_not_a_link(fetcher, internet, tmp_path, url):
    dest = tmp_path / "cat"
    await assert_refused(fetcher.fetch_url(url, dest), dest, "link")
    assert internet.connected == []


async def test_five_redirects_and_no_more(fetcher, internet, tmp_path):
    await fetcher.fetch_url("http://pictures.example/hop?left=4", tmp_path / "cat")
    assert (tmp_path / "cat").read_bytes() == PICTURE
    dest = tmp_path / "never"
    await assert_refused(
        fetcher.fetch_url("http://pictures.example/hop?left=5", dest), dest, "never to a picture"
    )
    assert len(internet.connected) == 12


@pytest.mark.parametrize("path", ["endless", "bomb", "huge"])
async def test_too_large(fetcher, internet, tmp_path, path):
    dest = tmp_path / "cat"
    await assert_refused(
        fetcher.fetch_url(f"http://pictures.example/{path}", dest), dest, "larger than 1 MiB"
    )


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ("nothing", "404"),
        ("cut", "could not be fetched"),
        ("garbage", "could not"),
        ("half", "stopped"),
        ("br", "compresses"),
    ],
)
async def test_servers_that_fail(fetcher, internet, tmp_path, path, match):
    dest = tmp_path / "cat"
    await assert_refused(fetcher.fetch_url(f"http://pictures.example/{path}", dest), dest, match)


async def test_names_that_do_not_exist(fetcher, internet, tmp_path):
    await assert_refused(
        fetcher.fetch_url("http://nowhere.example/", tmp_path / "cat"), tmp_path / "cat", "not be fetched"
    )


async def test_slow_servers(port, internet, tmp_path):
    async with Fetcher(frozenset(), timeout=0.5) as fetcher:
        dest = tmp_path / "cat"
        await assert_refused(fetcher.fetch_url("http://pictures.example/drip", dest), dest, "too long")


async def test_requests_share_no_state(fetcher, server, internet, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    for _ in range(2):
        await fetcher.fetch_url("http://pictures.example/cat.png", tmp_path / "cat")
    assert len(server.app[SEEN]) == 2
    assert not [
        headers for headers in server.app[SEEN] if {"Cookie", "Authorization", "Referer"} & set(headers)
    ]


async def test_a_cancelled_fetch_leaves_no_file(fetcher, internet, tmp_path):
    task = asyncio.create_task(fetcher.fetch_url("http://pictures.example/drip", tmp_path / "cat"))
    async with asyncio.timeout(100):
        while not (tmp_path / "cat").exists():  # noqa: ASYNC110 - a folder cannot be awaited
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (tmp_path / "cat").exists()


async def test_a_folder_that_cannot_be_written_is_not_a_fetch_error(fetcher, internet, tmp_path):
    with pytest.raises(OSError):
        await fetcher.fetch_url("http://pictures.example/cat.png", tmp_path / "missing" / "cat")
    assert internet.connected == []
