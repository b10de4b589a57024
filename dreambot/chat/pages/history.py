"""The pages of `/history`: a person's dreams, newest first, and what one of them came from."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Item, LayoutView, TextDisplay

from dreambot.chat.describing import PRESSES, recipe_words
from dreambot.chat.pages.control import Control, framed
from dreambot.chat.words import Words
from dreambot.chat.words.english import from_english
from dreambot.jobs.types import Job

ON_A_PAGE = 8
_LONGEST = 90
_ELSEWHERE = "@me"
"""What stands for a server in the address of a message outside of servers."""


def dreams_page(control: type[Control], dreams: Sequence[Job], say: Words, page: int) -> LayoutView:
    """Some of a person's dreams. page: from 0; beyond the last, the last is shown."""
    if not dreams:
        return framed(TextDisplay(say("results-history-none")))
    pages = -(-len(dreams) // ON_A_PAGE)
    page = min(max(0, page), pages - 1)
    here = dreams[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [f"### {say('results-history-title')}", *(f"- {_told(job, say)}" for job in here)]
    items: list[Item[Any]] = [TextDisplay("\n".join(lines))]
    options = [(f"{page} {job.id}", f"{_when_and_what(job)}") for job in here]
    items.append(control.select("line", options, placeholder=say("results-history-choose")))
    if pages > 1:
        items.append(TextDisplay(f"-# {say('results-history-page', page=page + 1, pages=pages)}"))
        items.append(ActionRow[Any](*_turning(control, say, page, pages)))
    return framed(*items)


def line_page(control: type[Control], line: Sequence[Job], say: Words, page: int) -> LayoutView:
    """A dream, what it came from, and so on, back to the picture. page: the one to go back to."""
    steps = [*(_told(job, say) for job in line), _upon(line[-1], say)]
    told = "\n↳ ".join(steps)
    back = ActionRow[Any](control.button(say("results-history-back"), "page", str(page)))
    return framed(TextDisplay(f"### {say('results-history-line')}\n{told}"), back)


def _turning(control: type[Control], say: Words, page: int, pages: int) -> Iterable[Control]:
    if page > 0:
        yield control.button(say("results-history-newer"), "page", str(page - 1))
    if page < pages - 1:
        yield control.button(say("results-history-older"), "page", str(page + 1))


def _told(job: Job, say: Words) -> str:
    """What was dreamed, where and when, and by which button."""
    what = f"`{_what(job)}`"
    where = _address(job, job.result_message)
    parts = [f"[{what}]({where})" if where else what, discord.utils.format_dt(job.created, "R")]
    if job.ask.place.private:
        parts.append(say("results-history-private"))
    if job.ask.press in PRESSES:
        parts.append(say("results-history-by", button=say(f"results-{job.ask.press}")))
    return " · ".join(parts)


def _upon(job: Job, say: Words) -> str:
    subject = job.ask.subject
    if subject is None:
        return say("results-history-nothing")
    # Marks that turn the writing round would turn the whole page.
    plain = "".join(filter(str.isprintable, from_english(say, subject.label)))
    label = discord.utils.escape_markdown(plain[:_LONGEST])
    where = _address(job, subject.message)
    return say("results-history-upon", subject=f"[{label}]({where})" if where else label)


def _address(job: Job, message: int | None) -> str | None:
    place = job.ask.place
    if message is None or place.private:
        return None
    return f"https://discord.com/channels/{place.guild or _ELSEWHERE}/{place.channel}/{message}"


def _what(job: Job) -> str:
    words = recipe_words(job.recipe) if job.recipe else job.ask.kind
    if len(words) <= _LONGEST:
        return words
    cut = words[: _LONGEST - 1]
    if cut.count("[") > cut.count("]"):
        # A bracket left open would swallow the link's end.
        cut = cut[: cut.rindex("[")]
    return f"{cut}…"


def _when_and_what(job: Job) -> str:
    return f"{job.created:%Y-%m-%d %H:%M} · {_what(job)}"
