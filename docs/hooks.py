"""MkDocs hooks of the documentation site: reference pages from the code, pages from the top folder, diagrams.

MkDocs loads this file by `hooks:` in mkdocs.yml. Reference pages exist only in the built site, so that they
cannot differ from the code.
"""

import asyncio
import base64
import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import griffe
import mmdr
import typer.cli
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from dreambot import cli
from dreambot.config import ENV_PREFIX, SECRETS, Settings
from dreambot.jobs.models import JobState
from dreambot.metrics import Metrics
from dreambot.recipe import LAYERS
from dreambot.recipe.bend_effects import BENDS, format_amount
from dreambot.recipe.journeys import HELLSCAPE_PRESETS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.recipe import (
    HellscapeRecipe,
    Recipe,
    SheetRecipe,
    StillRecipe,
    SummonRecipe,
    VideoRecipe,
)
from dreambot.web import BotStatus, render_metrics

ROOT = Path(__file__).parents[1]
PAGES_OF_ROOT = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "THIRD_PARTY.md": "third-party.md",
}
"""Files of the top folder, and the pages that they are in the site."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Draws the diagrams here, not in the reader's browser.

    Args:
        config: The configuration.
    """
    fence = {"name": "mermaid", "class": "mermaid", "format": draw_diagram}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence]}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are not in the docs folder.

    Args:
        files: The files of the site.
        config: The configuration.
    """
    pages = {page: move_links((ROOT / name).read_text("utf-8")) for name, page in PAGES_OF_ROOT.items()}
    pages |= {f"reference/{name}.md": text for name, text in reference_pages().items()}
    for page, text in pages.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Points links of the docs to files of the top folder at their pages.

    Args:
        markdown: The text of a page.
        page: The page.
        **_: Not used.
    """
    if "/" in page.file.src_uri:
        return markdown
    return re.sub(r"(?<!!)\[([^\]]*)\]\(\.\./([^)#:\s]+)\)", _move_link, markdown)


def move_links(text: str) -> str:
    """Returns the text of a file of the top folder, with its links as the site needs them.

    Args:
        text: Markdown.
    """
    text = re.sub(r"(!?\[[^\]]*\]\()docs/", r"\1", text)
    return re.sub(r"(?<!!)\[([^\]]*)\]\(([^)#:\s]+)\)", _move_link, text)


def _move_link(match: re.Match[str]) -> str:
    """A link to a file of the repository: to its page if it has one, else only its text."""
    label, target = match.groups()
    if target in PAGES_OF_ROOT or (ROOT / "docs" / target).exists():
        return f"[{label}]({PAGES_OF_ROOT.get(target, target)})"
    return f"`{label}`" if "`" not in label else label


def draw_diagram(source: str, *_: object, **__: object) -> str:
    """Draws a Mermaid diagram as SVG, so that the site needs no script for it. See SuperFences.

    Args:
        source: The text of the fence.
        *_: Not used.
        **__: Not used.
    """
    svg = mmdr.render(source).svg()
    width = re.findall(r'viewBox="[-\d.]+ [-\d.]+ (\d+)', svg)[0]
    data = base64.b64encode(svg.encode()).decode()
    return (
        '<div class="diagram">'
        f'<img alt="Diagram" width="{width}" src="data:image/svg+xml;base64,{data}"></div>'
    )


def reference_pages() -> dict[str, str]:
    """Returns the Markdown of each reference page by its name."""
    return {
        "index": _INDEX,
        "cli": _command_line(),
        "settings": _settings(),
        "recipe": _recipe(),
        "looks": _looks(),
        "metrics": _metrics(),
    }


_INDEX = """# Reference

These pages are generated from the code of this version when the site is built.

- [Command line](cli.md): every command of `dreambot` with its options.
- [Settings](settings.md): what the operator can set, with the names in the environment.
- [Recipe format](recipe.md): the JSON inside every dream.
- [Presets, layers and bends](looks.md): what there is to choose from.
- [Metrics](metrics.md): what `/metrics` reports.
"""


def _command_line() -> str:
    command = typer.main.get_command(cli.app)
    context = typer.Context(command, info_name="dreambot")
    text = typer.cli.get_docs_for_click(obj=command, ctx=context, name="dreambot", title="Command line")
    # Types of Python are of no use to readers, nor is a list of commands with help texts that are cut off.
    text = re.sub(r"^(\* `[^`<]+?) <[^`]*>`", r"\1`", text, flags=re.MULTILINE)
    return re.sub(r"\*\*Commands\*\*:\n\n(\*.*\n)+\n", "", text)


def _settings() -> str:
    schema = Settings.model_json_schema()["properties"]
    rows = []
    for name, field in Settings.model_fields.items():
        variable = f"`{ENV_PREFIX}{name.upper()}`"
        if name in SECRETS:
            variable += f"<br>`{ENV_PREFIX}{name.upper()}_FILE`"
        default = "the user's data folder" if field.default_factory else _value(field.default) or "empty"
        value = _type(schema[name]).removesuffix(" or none")
        rows.append((variable, field.description or "", value, default))
    return (
        "# Settings\n\nEach may stand in the environment, in `.env`, or in `dreambot.toml`, where its name "
        "is in small letters and without the prefix. The environment comes first. `…_FILE` names a file that "
        "holds a secret.\n\n" + _table(("name", "meaning", "value", "default"), rows)
    )


def _recipe() -> str:
    kinds: Sequence[type[Recipe]] = (StillRecipe, SheetRecipe, VideoRecipe, HellscapeRecipe, SummonRecipe)
    definitions: dict[str, Any] = {}
    for kind in kinds:
        definitions |= kind.model_json_schema().get("$defs", {})
    parts = [
        "# Recipe format\n\nA recipe is JSON with these fields. Those without a default are required; others "
        "are refused. `dreambot recipe FILE` prints the recipe inside a dream.\n\n"
        "There are five kinds, which follow from the fields: "
        "`sheet`, `hellscape`, `moving` or `parametrisation: fourier` make it another kind than a still.\n",
        _table(("kind", "is"), [(f"`{kind.kind}`", _first_line(kind)) for kind in kinds]),
        "## Fields\n",
        _fields(StillRecipe.model_json_schema(), _attributes(Recipe)),
    ]
    models = {model.__name__: model for model in _nested_models(kinds)}
    for name in sorted(definitions):
        if name in models and not issubclass(models[name], Recipe):
            parts += [
                f"## {name}\n",
                _first_line(models[name]) + "\n",
                _fields(definitions[name], _attributes(models[name])),
            ]
    for kind in kinds[1:]:
        changed = {
            name: value
            for name, value in kind.model_json_schema()["properties"].items()
            if value != StillRecipe.model_json_schema()["properties"].get(name)
        }
        parts += [
            f"## In a {kind.kind}\n",
            "These fields have other values than in a still:\n",
            _table(("field", "value"), [(f"`{name}`", _type(value)) for name, value in changed.items()]),
        ]
    return "\n".join(parts)


def _nested_models(kinds: Iterable[type[BaseModel]]) -> set[type[BaseModel]]:
    """All models of the package of the recipes: their schemas only have names."""
    found: set[type[BaseModel]] = set()
    pending: list[type[BaseModel]] = [BaseModel]
    while pending:
        subclasses = pending.pop().__subclasses__()
        pending += subclasses
        found |= {one for one in subclasses if one.__module__.startswith("dreambot.recipe")}
    return found


def _looks() -> str:
    def shown(text: str) -> str:
        return f"`{text}`"

    presets = [
        (shown(name), preset.shows, shown(preset.layers), shown(preset.model))
        for name, preset in PRESETS.items()
    ]
    journeys = [
        (shown(name), preset.shows, shown(preset.journey), shown(preset.model))
        for name, preset in HELLSCAPE_PRESETS.items()
    ]
    bends = [
        (shown(bend.kind), bend.does, bend.unit, f"{format_amount(bend.mild)} to {format_amount(bend.wild)}")
        for bend in BENDS.values()
    ]
    parts = [
        "# Presets, layers and bends\n",
        "## Presets\n",
        _table(("preset", "looks like", "layers", "network"), presets),
        "## Hellscape presets\n",
        _table(("preset", "shows", "journey", "network"), journeys),
        "## Bends\n",
        _table(("bend", "what it does", "amount", "mild to wild"), bends),
        "## Layers\n",
        "Those that are suggested. All channels of a layer are dreamed, unless it is written with some: "
        "`mixed4[68,47]`.\n",
    ]
    for model, layers in LAYERS.items():
        rows = [
            (shown(layer.name), layer.shows, str(layer.channels), ", ".join(map(shown, layer.aliases)))
            for layer in layers
            if layer.offered
        ]
        if rows:
            parts += [f"### {model}\n", _table(("layer", "shows", "channels", "also called"), rows)]
    return "\n".join(parts)


def _metrics() -> str:
    metrics = Metrics()
    labels = {
        one.describe()[0].name: one._labelnames
        for one in vars(metrics).values()
        if isinstance(one, MetricWrapperBase)
    }
    text, _ = asyncio.run(render_metrics(metrics.registry, _one_of_each(), ""))
    rows = []
    for family in text_string_to_metric_families(text.decode()):
        if not family.name.startswith("dreambot_") or family.name.endswith("_created"):
            continue
        names = labels[family.name] if family.name in labels else family.samples[0].labels
        name = f"{family.name}_total" if family.type == "counter" else family.name
        rows.append(
            (
                f"`{name}`",
                family.documentation,
                family.type,
                ", ".join(f"`{label}`" for label in names),
            )
        )
    return (
        "# Metrics\n\n`/metrics` reports these, and Prometheus' own of the process (`process_…`). "
        "[Monitoring](../watching.md) says what to look at.\n\n"
        + _table(("name", "meaning", "type", "labels"), sorted(rows))
    )


def _one_of_each() -> BotStatus:
    """A bot with one device, shard and so on, so that every metric has a sample with its labels."""
    device = SimpleNamespace(
        name="cpu", kind="cpu", alive=True, jobs=(), batch=0, restarts=0, busy_seconds=0.0, check_problem=""
    )

    async def alive() -> bool:
        return True

    async def unfinished() -> Mapping[JobState, int]:
        return {JobState.queued: 0}

    return BotStatus(
        working=lambda: True,
        taking=lambda: True,
        shards=lambda: {0: True},
        devices=lambda: [device],
        queue=lambda: (0, 0.0),
        codec_deaths=lambda: {"slow": 0},
        store_alive=alive,
        unfinished=unfinished,
    )


def _attributes(model: type) -> dict[str, str]:
    """The descriptions in the `Attributes:` section of a class's docstring."""
    sections = griffe.Docstring(inspect.getdoc(model) or "").parse("google")
    return {
        attribute.name: " ".join(attribute.description.split())
        for section in sections
        if section.kind is griffe.DocstringSectionKind.attributes
        for attribute in section.value
    }


def _first_line(model: type) -> str:
    return (inspect.getdoc(model) or "").partition("\n")[0]


def _fields(schema: Mapping[str, Any], descriptions: Mapping[str, str]) -> str:
    rows = [
        (
            f"`{name}`",
            descriptions.get(name, ""),
            _type(field),
            "required" if name in schema.get("required", ()) else _value(field.get("default")) or "none",
        )
        for name, field in schema["properties"].items()
    ]
    return _table(("field", "meaning", "value", "default"), rows)


_BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "`{}`",
}


def _type(schema: Mapping[str, Any]) -> str:
    """What values a JSON schema allows, in words."""
    if "anyOf" in schema:
        return " or ".join(_type(choice) for choice in schema["anyOf"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{'fields' if name.endswith('Recipe') else name.lower()})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "prefixItems" in schema:
        return f"[{', '.join(_type(item) for item in schema['prefixItems'])}]"
    kind = {"null": "none", "string": "text"}.get(schema.get("type", ""), schema.get("type", "any"))
    if "items" in schema:
        kind = f"list of {_type(schema['items'])}"
    bounds = [words.format(schema[bound]) for bound, words in _BOUNDS.items() if bound in schema]
    return ", ".join([kind, *bounds])


def _value(value: object) -> str:
    """A value as it is written in JSON or in the environment."""
    if value in (None, [], ()):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in lines)
