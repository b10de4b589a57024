"""A job as a row, and a row as a job."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from dreambot.jobs.types import (
    Ask,
    AttachmentSource,
    FileSource,
    Job,
    JobState,
    Place,
    Result,
    Source,
    Subject,
    UrlSource,
)
from dreambot.recipe import DreamRequest, Recipe, RecipeError

log = logging.getLogger(__name__)


def row_of(job: Job) -> dict[str, Any]:
    """The columns of a new job."""
    ask, place = job.ask, job.ask.place
    return {
        "id": job.id,
        "owner": ask.owner,
        "guild": place.guild,
        "channel": place.channel,
        "request": ask.request.model_dump_json(exclude_none=True),
        "application": place.application,
        "token": place.token,
        "since": place.since,
        "reply_to": place.reply_to,
        "quiet": place.quiet,
        "upload_limit": place.limit,
        "reachable": place.reachable,
        "state": job.state.value,
        "attempts": job.attempts,
        "answer": job.answer,
        "created": job.created,
        "updated": job.updated,
        **subject_columns(ask.subject),
    }


def subject_columns(subject: Subject | None) -> dict[str, Any]:
    """The columns that say what is dreamed upon."""
    if subject is None:
        return {"source": None, "label": None, "spoiler": False, "source_message": None}
    return {
        "source": _source_text(subject.source),
        "label": subject.label,
        "spoiler": subject.spoiler,
        "source_message": subject.message,
    }


def result_text(result: Result) -> str:
    """A result as a column holds it."""
    return json.dumps(asdict(result))


def job_of(row: RowMapping) -> Job:
    """The job in a row."""
    place = Place(
        channel=row["channel"],
        guild=row["guild"],
        application=row["application"],
        token=row["token"],
        since=row["since"],
        reply_to=row["reply_to"],
        quiet=row["quiet"],
        limit=row["upload_limit"],
        reachable=row["reachable"],
    )
    request = DreamRequest.model_validate_json(row["request"])
    return Job(
        id=row["id"],
        ask=Ask(row["owner"], request, place, _subject(row)),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        recipe=_recipe(row["recipe"]),
        error=row["error"],
        result=Result(**json.loads(row["result"])) if row["result"] else None,
        answer=row["answer"],
        withdrawn=row["withdrawn"],
        delivering=row["delivering"],
        result_message=row["result_message"],
        created=row["created"],
        updated=row["updated"],
    )


def _subject(row: RowMapping) -> Subject | None:
    if row["source"] is None:
        return None
    return Subject(_source(row["source"]), row["label"] or "", row["spoiler"], row["source_message"])


def _source_text(source: Source) -> str:
    match source:
        case AttachmentSource(url=url, filename=filename, size=size):
            return json.dumps({"attachment": url, "filename": filename, "size": size})
        case UrlSource(url=url):
            return json.dumps({"url": url})
        case FileSource(path=path):
            return json.dumps({"path": str(path)})


def _source(text: str) -> Source:
    values = json.loads(text)
    if "attachment" in values:
        return AttachmentSource(values["attachment"], values["filename"], values["size"])
    return UrlSource(values["url"]) if "url" in values else FileSource(Path(values["path"]))


def _recipe(text: str | None) -> Recipe | None:
    try:
        return Recipe.from_json(text) if text else None
    except RecipeError as error:
        log.warning("a stored recipe cannot be read any more: %s", error)
        return None
