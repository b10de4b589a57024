"""Which buttons are under which result, and whether they fit on a phone."""

from datetime import UTC, datetime

import discord
import pytest

from dreambot.bot.buttons import BUTTONS, result_view
from dreambot.i18n import LOCALES
from dreambot.jobs.models import Job, JobRequest, JobState, ReplyTarget
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import Request

NOW = datetime(2026, 11, 23, tzinfo=UTC)
JOB = "06h0h847hth756jrwv7x"
PICTURE = ["deeper", "louder", "quieter", "layer", "bend", "zoom", "again", "compare", "delete"]


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


@pytest.mark.parametrize(
    ("asked", "video", "actions"),
    [
        (DreamRequest(), False, PICTURE),
        (DreamRequest(), True, [one for one in PICTURE if one not in {"zoom", "compare"}]),
        (HellscapeRequest(), True, ["louder", "quieter", "again", "delete"]),
    ],
)
async def test_the_fitting_buttons_are_offered(asked: Request, video: bool, actions: list[str]) -> None:
    shown = buttons(result_view(job(asked), video=video))
    assert [one.custom_id for one in shown] == [f"dream:{action}:{JOB}" for action in actions]
    with_parent = buttons(result_view(job(asked, parent="other"), video=video))
    assert {one.custom_id for one in with_parent} - {one.custom_id for one in shown} == {f"dream:undo:{JOB}"}


@pytest.mark.parametrize("locale", LOCALES)
async def test_labels_are_short(locale: str) -> None:
    view = result_view(job(DreamRequest(), parent="other", locale=locale), video=False)
    labels = [one.label for one in buttons(view) if one.label]
    assert len(labels) == 9
    assert all(len(label) <= 12 for label in labels)
    assert len(set(labels)) == len(labels)


async def test_every_custom_id_is_recognised() -> None:
    patterns = [one.__discord_ui_compiled_template__ for one in BUTTONS]
    for one in buttons(result_view(job(DreamRequest(), parent="other"), video=False)):
        assert len([pattern for pattern in patterns if pattern.fullmatch(one.custom_id or "")]) == 1
