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
    Bounds,
    FileSource,
    Job,
    JobState,
    Place,
    Result,
    Source,
    Subject,
    UrlSource,
)
from dreambot.recipe import Recipe, RecipeError
from dreambot.recipe.wishes import request_of, request_text

log = logging.getLogger(__name__)


def row_of(job: Job) -> dict[str, Any]:
    """The columns of a new job."""
    ask, place = job.ask, job.ask.place
    return {
        "id": job.id,
        "owner": ask.owner,
        "guild": place.guild,
        "channel": place.channel,
        "request": request_text(ask.request),
        "application": place.application,
        "token": place.token,
        "since": place.since,
        "reply_to": place.reply_to,
        "quiet": place.quiet,
        "upload_limit": place.limit,
        "reachable": place.reachable,
        "private": place.private,
        "locale": place.locale,
        "guide": _subject_text(ask.guide) if ask.guide else None,
        "parent": ask.parent,
        "press": ask.press,
        "bounds": json.dumps(asdict(ask.bounds)),
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
        nothing = dict.fromkeys(("source", "label", "source_message", "source_person"))
        return {**nothing, "spoiler": False}
    return {
        "source": _source_text(subject.source),
        "label": subject.label,
        "spoiler": subject.spoiler,
        "source_message": subject.message,
        "source_person": subject.person,
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
        private=row["private"],
        locale=row["locale"],
    )
    ask = Ask(
        owner=row["owner"],
        request=request_of(row["request"]),
        place=place,
        subject=_subject(row),
        guide=_subject_of(row["guide"]) if row["guide"] else None,
        parent=row["parent"],
        press=row["press"],
        bounds=Bounds(**json.loads(row["bounds"])) if row["bounds"] else Bounds(),
    )
    return Job(
        id=row["id"],
        ask=ask,
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
        caption=row["caption"],
    )


def _subject(row: RowMapping) -> Subject | None:
    if row["source"] is None:
        return None
    source, label = _source(row["source"]), row["label"] or ""
    return Subject(source, label, row["spoiler"], row["source_message"], row["source_person"])


def _subject_text(subject: Subject) -> str:
    values = asdict(subject) | {"source": _source_text(subject.source)}
    return json.dumps(values)


def _subject_of(text: str) -> Subject:
    values = json.loads(text)
    return Subject(**values | {"source": _source(values["source"])})


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
