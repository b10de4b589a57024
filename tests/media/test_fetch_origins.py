"""Which origins are trusted for attachments."""

import pytest

from dreambot.bot.services import trusted_origins
from dreambot.config import Settings
from dreambot.media.fetch import Fetcher
from tests.media.fake_internet import assert_refused


def test_discords_two_servers_only():
    assert trusted_origins(Settings()) == {"https://cdn.discordapp.com", "https://media.discordapp.net"}
    proxied = Settings(discord_api="https://discord-proxy.example/api/v10")
    assert trusted_origins(proxied) == trusted_origins(Settings())


def test_in_the_sandbox_only_the_sandbox():
    sandboxed = Settings(discord_api="http://127.0.0.1:8765/api/v10")
    assert trusted_origins(sandboxed) == {"http://127.0.0.1:8765"}


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/attachments/1/2/cat.png",
        "http://127.0.0.1:8766/attachments/1/2/cat.png",
        "http://localhost:8765/attachments/1/2/cat.png",
    ],
)
async def test_in_the_sandbox_discords_own_servers_are_not_trusted(internet, tmp_path, url):
    sandboxed = Settings(discord_api="http://127.0.0.1:8765/api/v10")
    dest = tmp_path / "cat"
    async with Fetcher(trusted_origins(sandboxed)) as fetcher:
        await assert_refused(fetcher.fetch_attachment(url, dest), dest, "not where Discord keeps attachments")
    assert internet.connected == []


async def test_the_content_type_of_a_server_does_not_matter(fetcher, internet, tmp_path):
    """A page declared as a picture is read as a page; a picture declared as text is kept."""
    await fetcher.fetch_url("http://pictures.example/page?og:image=/cat.png", tmp_path / "cat")
    await fetcher.fetch_url("http://pictures.example/cat.png", tmp_path / "same")
    assert (tmp_path / "cat").read_bytes() == (tmp_path / "same").read_bytes()


async def test_pictures_that_discord_no_longer_has(fetcher, internet, port, tmp_path):
    dest = tmp_path / "cat"
    await assert_refused(
        fetcher.fetch_attachment(f"http://127.0.0.1:{port}/nothing", dest), dest, "has expired"
    )
    await assert_refused(fetcher.fetch_url("http://pictures.example/nothing", dest), dest, "answered 404")
