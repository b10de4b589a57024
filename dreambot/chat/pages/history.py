"""The pages of `/history`: a person's dreams, newest first, and what one of them came from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Item, LayoutView, Section, TextDisplay, Thumbnail

from dreambot.chat.allowance import video_seconds
from dreambot.chat.describing import PRESSES, recipe_words
from dreambot.chat.look import look_in_words
from dreambot.chat.pages.control import Control, framed
from dreambot.chat.words import Words
from dreambot.chat.words.english import from_english
from dreambot.jobs.types import Job

ON_A_PAGE = 8
_LONGEST = 90
_LONGEST_RECIPE = 120
_FIRST_STEPS, _LAST_STEPS = 10, 4
_ELSEWHERE = "@me"
"""What stands for a server in the address of a message outside of servers."""


def on_page(dreams: Sequence[Job], page: int) -> Sequence[Job]:
    """The dreams of a page, counted from 0; of the last page where there is no such page."""
    page = min(max(0, page), max(0, -(-len(dreams) // ON_A_PAGE) - 1))
    return dreams[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]


def dreams_page(
    control: type[Control],
    dreams: Sequence[Job],
    say: Words,
    page: int,
    pictures: Mapping[str, discord.Attachment],
) -> LayoutView:
    """Some of a person's dreams.

    Args:
        control: The class of the page's controls.
        dreams: All of them, newest first.
        say: The language.
        page: From 0; beyond the last, the last is shown.
        pictures: What results show, by the ids of their jobs, of those that can be shown here.
    """
    if not dreams:
        return framed(TextDisplay(say("results-history-none")))
    pages = -(-len(dreams) // ON_A_PAGE)
    page = min(max(0, page), pages - 1)
    here = on_page(dreams, page)
    items: list[Item[Any]] = [TextDisplay(f"### {say('results-history-title')}")]
    items += [_shown(job, say, pictures.get(job.id)) for job in here]
    options = [(f"{page} {job.id}", f"{job.created:%Y-%m-%d %H:%M} · {_what(job, say)}") for job in here]
    items.append(control.select("line", options, placeholder=say("results-history-choose")))
    if pages > 1:
        items.append(TextDisplay(f"-# {say('results-history-page', page=page + 1, pages=pages)}"))
        items.append(ActionRow[Any](*_turning(control, say, page, pages)))
    return framed(*items)


def line_page(control: type[Control], line: Sequence[Job], say: Words, page: int) -> LayoutView:
    """A dream, what it came from, and so on, back to the picture. page: the one to go back to."""
    steps = [*(_told(job, say) for job in line), _upon(line[-1], say)]
    if len(steps) > _FIRST_STEPS + _LAST_STEPS:
        steps = [*steps[:_FIRST_STEPS], "…", *steps[-_LAST_STEPS:]]
    told = "\n↳ ".join(steps)
    back = ActionRow[Any](control.button(say("results-history-back"), "page", str(page)))
    return framed(TextDisplay(f"### {say('results-history-line')}\n{told}"), back)


def _shown(job: Job, say: Words, picture: discord.Attachment | None) -> Item[Any]:
    """A dream with its picture, where there is one, and the words by which it can be had again."""
    recipe = _cut(recipe_words(job.recipe), _LONGEST_RECIPE) if job.recipe else ""
    text = f"{_told(job, say)}\n-# `{recipe}`" if recipe else _told(job, say)
    if picture is None:
        return TextDisplay(text)
    thumbnail = Thumbnail[Any](picture.url, description=picture.description, spoiler=picture.is_spoiler())
    return Section[Any](text, accessory=thumbnail)


def _turning(control: type[Control], say: Words, page: int, pages: int) -> Iterable[Control]:
    if page > 0:
        yield control.button(say("results-history-newer"), "page", str(page - 1))
    if page < pages - 1:
        yield control.button(say("results-history-older"), "page", str(page + 1))


def _told(job: Job, say: Words) -> str:
    """What was dreamed, where and when, and by which button."""
    what, where = f"**{discord.utils.escape_markdown(_what(job, say))}**", _address(job, job.result_message)
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
    label = discord.utils.escape_markdown(_cut(plain, _LONGEST))
    where = _address(job, subject.message)
    return say("results-history-upon", subject=f"[{label}]({where})" if where else label)


def _address(job: Job, message: int | None) -> str | None:
    place = job.ask.place
    if message is None or place.private:
        return None
    return f"https://discord.com/channels/{place.guild or _ELSEWHERE}/{place.channel}/{message}"


def _what(job: Job, say: Words) -> str:
    """What a dream looks like, and how strong it is."""
    recipe = job.recipe
    if recipe is None:
        return job.ask.kind
    look = _cut(look_in_words(say, recipe), _LONGEST)
    look = look[:1].upper() + look[1:]
    seconds = video_seconds(job.ask.request)
    if seconds is not None:
        look = say("results-history-video", number=max(1, round(seconds)), look=look)
    if recipe.intensity is None:
        return look
    return say("results-history-what", look=look, intensity=recipe.intensity)


def _cut(text: str, most: int) -> str:
    """A text of at most so many characters, that ends with a whole word where it is shortened."""
    if len(text) <= most:
        return text
    words, _, rest = text[:most].rpartition(" ")
    return f"{words or rest[:-1]}…"
