"""Which buttons are under which result, and whether they fit on a phone."""

from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest

from dreambot.bot.buttons import BUTTONS, result_view
from dreambot.i18n import LOCALES
from dreambot.jobs.models import (
    AlbumPicture,
    Job,
    JobRequest,
    JobState,
    ReplyTarget,
    SourceImage,
    UrlSource,
)
from dreambot.recipe import DreamRequest, Recipe
from dreambot.recipe.request import Request
from dreambot.recipe.sheet import build_sheet
from dreambot.recipe.video import HellscapeParams, VideoParams
from tests.support.recipes import make_recipe

NOW = datetime(2026, 11, 23, tzinfo=UTC)
JOB = "06h0h847hth756jrwv7x"


def job(request: Request, *, parent: str | None = None, locale: str = "en") -> Job:
    """Builds a job with a result."""
    place = ReplyTarget(1, 2, 3, None, NOW, None, False, 1000, True, locale=locale)
    return Job(
        id=JOB,
        spec=JobRequest(5, request, place, parent=parent),
        state=JobState.delivering,
        attempts=1,
        recipe=None,
        error=None,
        result=None,
        answer=None,
        withdrawn=None,
        delivering=NOW,
        result_message=None,
        created=NOW,
        updated=NOW,
    )


def buttons(view: discord.ui.View) -> list[discord.ui.Button[discord.ui.View]]:
    """Lists the buttons as Discord receives them, row by row."""
    items = [getattr(item, "item", item) for item in view.children]
    return [item for item in items if isinstance(item, discord.ui.Button)]


ROW = ["deeper", "again", "layer", "watch", "more"]
MORE = [*ROW[:4], "less", "louder", "quieter", "bend", "zoom", "compare", "delete"]
VIDEO = ["deeper", "again", "layer", "louder", "more"]


def recipe(kind: str) -> Recipe:
    """Builds a recipe of a kind of result."""
    changes: dict[str, dict[str, object]] = {
        "clip": {"format": "gif"},
        "video": {"moving": VideoParams(frames=3)},
        "hellscape": {"hellscape": HellscapeParams(frames=3)},
    }
    made = make_recipe(**changes.get(kind, {}))
    return build_sheet([made] * 4, 1.0, 1.0) if kind == "sheet" else made


@pytest.mark.parametrize(
    ("kind", "row", "more"),
    [
        ("still", ROW, MORE),
        ("video", VIDEO, [*VIDEO[:4], "less", "quieter", "bend", "delete"]),
        ("clip", ["louder", "quieter", "again", "layer", "delete"], None),
        ("hellscape", ["louder", "quieter", "again", "delete"], None),
        ("sheet", ["pick1", "pick2", "pick3", "pick4", "again", "delete"], None),
        ("album", VIDEO, [*VIDEO[:4], "less", "quieter", "bend", "delete"]),
    ],
)
async def test_the_fitting_buttons_are_offered(kind: str, row: list[str], more: list[str] | None) -> None:
    def shown(*, parent: str | None = None, expanded: bool = False) -> list[str]:
        made = job(DreamRequest(), parent=parent)
        if kind == "album":
            made = replace(made, album=(AlbumPicture(SourceImage(UrlSource("x"), "x", False, 1)),) * 2)
        view = result_view(made, recipe(kind), more=expanded)
        return [(one.custom_id or "").removesuffix(f":{JOB}").removeprefix("dream:") for one in buttons(view)]

    assert shown() == row
    assert shown(expanded=True) == (more or row)
    added = set(shown(parent="other", expanded=True)) - set(more or row)
    # The still that a clip was made from is still there.
    assert added == (set() if kind == "clip" else {"undo"})


@pytest.mark.parametrize("kind", ["still", "video", "clip", "hellscape", "sheet"])
async def test_with_a_gallery_its_button_has_the_last_row(kind: str) -> None:
    made = job(DreamRequest(), parent="other")
    for action in ("share", "withdraw"):
        view = result_view(made, recipe(kind), more=True, gallery=action)
        *_, before, last = buttons(view)
        assert last.custom_id == f"dream:{action}:{JOB}"
        assert last.row == (before.row or 0) + 1 <= 4
        hidden = result_view(made, recipe(kind), gallery=action)
        shown = [one.custom_id for one in buttons(hidden)]
        assert (last.custom_id in shown) == (kind not in ("still", "video"))


@pytest.mark.parametrize("locale", LOCALES)
async def test_labels_are_short(locale: str) -> None:
    view = result_view(job(DreamRequest(), parent="other", locale=locale), recipe("still"), more=True)
    labels = [one.label for one in buttons(view) if one.label]
    assert len(labels) == 11
    assert all(len(label) <= 12 for label in labels)
    assert len(set(labels)) == len(labels)


async def test_every_custom_id_is_recognised() -> None:
    patterns = [one.__discord_ui_compiled_template__ for one in BUTTONS]
    view = result_view(job(DreamRequest(), parent="other"), recipe("still"), more=True, gallery="share")
    for one in buttons(view):
        assert len([pattern for pattern in patterns if pattern.fullmatch(one.custom_id or "")]) == 1
