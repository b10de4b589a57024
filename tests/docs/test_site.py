"""The documentation site: it builds strictly, its reference follows the code, and it asks no other server."""

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
import typer
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.async_api import Request, Response, expect
from pydantic import Field

from dreambot import cli
from dreambot.config import Settings
from dreambot.metrics import Metrics
from dreambot.recipe import LAYERS
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.recipe import HellscapeRecipe
from tests.sandbox.browser import open_browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning, such as a link that leads nowhere, fails the build."""
    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder))
    assert config.strict
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return folder


@pytest.fixture
def hooks() -> ModuleType:
    spec = spec_from_file_location("dreambot_docs_hooks", ROOT / "docs" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(site: Path, page: str) -> str:
    """Returns the text of a page, without markup."""
    return unescape(re.sub(r"<[^>]+>", "", (site / page).read_text("utf-8")))


def test_the_reference_names_what_the_code_has(site: Path) -> None:
    settings = text(site, "reference/settings.html")
    for name, field in Settings.model_fields.items():
        assert f"DREAMBOT_{name.upper()}" in settings
        assert (field.description or "?") in settings
    recipe = text(site, "reference/recipe.html")
    assert {name for name in HellscapeRecipe.model_fields if not re.search(rf"\b{name}\b", recipe)} == set()
    command_line = text(site, "reference/cli.html")
    for command in typer.main.get_command(cli.app).commands.values():  # type: ignore[attr-defined]
        for parameter in command.params:
            assert not parameter.opts[0].startswith("-") or parameter.opts[0] in command_line
    looks = text(site, "reference/looks.html")
    layers = [layer for model in LAYERS.values() for layer in model if layer.offered]
    assert len(layers) > 20
    for name in (*PRESETS, *BENDS, *(layer.name for layer in layers)):
        assert re.search(rf"\b{name}\b", looks)


def test_the_reference_describes_every_field_of_a_recipe(hooks: ModuleType) -> None:
    undescribed = re.findall(r"^\| `(\w+)` \|  \|", hooks.reference_pages()["recipe"], re.MULTILINE)
    assert not undescribed


def test_the_reference_has_every_metric_with_its_labels(site: Path, hooks: ModuleType) -> None:
    page = hooks.reference_pages()["metrics"]
    assert "| `dreambot_jobs_total` | Jobs that entered a state. | counter | `kind`, `state` |" in page
    assert "| `dreambot_worker_up` | Whether the device's worker runs. | gauge | `device`, `kind` |" in page
    used = set(re.findall(r"\bdreambot_\w+", (ROOT / "docs" / "watching.md").read_text("utf-8")))
    named = set(re.findall(r"`(dreambot_\w+)`", page))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in used} <= named


def test_new_settings_metrics_and_options_show_up(hooks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class MoreSettings(Settings):
        volume: int = Field(default=3, ge=1, le=5, description="How loud it is.")

    class MoreMetrics(Metrics):
        def __init__(self) -> None:
            super().__init__()
            self._screams = self._counter("screams", "Screams that were heard", "pitch")

    app = typer.Typer()

    @app.command()
    def scream(loudness: int = typer.Option(7, help="How loud.")) -> None:
        """Screams."""

    monkeypatch.setattr(hooks, "Settings", MoreSettings)
    monkeypatch.setattr(hooks, "Metrics", MoreMetrics)
    monkeypatch.setattr(cli, "app", app)
    pages = hooks.reference_pages()
    assert "| `DREAMBOT_VOLUME` | How loud it is. | integer, ≥ 1, ≤ 5 | `3` |" in pages["settings"]
    assert "| `dreambot_screams_total` | Screams that were heard. | counter | `pitch` |" in pages["metrics"]
    assert "* `--loudness`: How loud.  [default: 7]" in pages["cli"]


def test_diagrams_are_drawn_in_the_page(site: Path) -> None:
    page = (site / "architecture.html").read_text("utf-8")
    drawn = page.count('src="data:image/svg+xml')
    assert drawn == (ROOT / "docs" / "architecture.md").read_text("utf-8").count("```mermaid") > 0


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def pages(site: Path) -> list[str]:
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(names) > 20
    return names


@pytest.mark.chromium
async def test_pages_fit_a_phone_and_ask_no_other_server(pages: list[str], address: str) -> None:
    wrong: list[str] = []

    def requested(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(request.url)

    def answered(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} {response.url}")

    async with open_browser() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 800})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", requested)
        page.on("response", answered)
        for name in pages:
            await page.goto(f"{address}/{name}")
            width = await page.evaluate("document.documentElement.scrollWidth")
            undrawn = await page.evaluate(
                "[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)"
            )
            wrong += [f"{name}: {width} pixels wide"] * (width > 390) + undrawn
        # The search, whose index and worker are files of the site.
        await page.goto(f"{address}/index.html#__search")
        # What is typed before the index is loaded is not searched for.
        await expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
        await page.locator(".md-search__input").press_sequentially("DREAMBOT_QUEUE_SIZE")
        await expect(page.locator(".md-search-result__link").first).to_be_attached()
    assert not wrong
