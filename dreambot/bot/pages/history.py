"""The pages of `/history`: a user's dreams, newest first, and the job_history of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Item, LayoutView, Section, TextDisplay, Thumbnail

from dreambot.bot.admission import video_seconds
from dreambot.bot.captions import describe_look
from dreambot.bot.descriptions import VARIATION_BUTTONS, recipe_command, source_label
from dreambot.bot.pages.base import PageControl, in_container
from dreambot.i18n import Translator
from dreambot.jobs.models import Job

PAGE_SIZE = 8
_MAX_TITLE_LENGTH = 90
_MAX_RECIPE_LENGTH = 120
_FIRST_STEPS, _LAST_STEPS = 10, 4
_NO_GUILD = "@me"
"""What stands for a server in the address of a message outside of servers."""


def dreams_on_page(dreams: Sequence[Job], page: int) -> Sequence[Job]:
    """The dreams of a page, counted from 0; of the last page where there is no such page."""
    page = min(max(0, page), max(0, -(-len(dreams) // PAGE_SIZE) - 1))
    return dreams[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]


def history_page(
    control: type[PageControl],
    dreams: Sequence[Job],
    say: Translator,
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
        return in_container(TextDisplay(say("results-history-none")))
    pages = -(-len(dreams) // PAGE_SIZE)
    page = min(max(0, page), pages - 1)
    here = dreams_on_page(dreams, page)
    items: list[Item[Any]] = [TextDisplay(f"### {say('results-history-title')}")]
    items += [_dream_item(job, say, pictures.get(job.id)) for job in here]
    options = [
        (f"{page} {job.id}", f"{job.created:%Y-%m-%d %H:%M} · {_dream_title(job, say)}") for job in here
    ]
    items.append(control.select("line", options, placeholder=say("results-history-choose")))
    if pages > 1:
        items.append(TextDisplay(f"-# {say('results-history-page', page=page + 1, pages=pages)}"))
        items.append(ActionRow[Any](*_page_buttons(control, say, page, pages)))
    return in_container(*items)


def lineage_page(control: type[PageControl], line: Sequence[Job], say: Translator, page: int) -> LayoutView:
    """A dream, what it came from, and so on, back to the picture. page: the one to go back to."""
    steps = [*(_dream_line(job, say) for job in line), _source_line(line[-1], say)]
    if len(steps) > _FIRST_STEPS + _LAST_STEPS:
        steps = [*steps[:_FIRST_STEPS], "…", *steps[-_LAST_STEPS:]]
    told = "\n↳ ".join(steps)
    back = ActionRow[Any](control.button(say("results-history-back"), "page", str(page)))
    return in_container(TextDisplay(f"### {say('results-history-line')}\n{told}"), back)


def _dream_item(job: Job, say: Translator, picture: discord.Attachment | None) -> Item[Any]:
    """A dream with its picture, where there is one, and the words by which it can be had again."""
    recipe = _truncate_at_word(recipe_command(job.recipe), _MAX_RECIPE_LENGTH) if job.recipe else ""
    text = f"{_dream_line(job, say)}\n-# `{recipe}`" if recipe else _dream_line(job, say)
    if picture is None:
        return TextDisplay(text)
    thumbnail = Thumbnail[Any](picture.url, description=picture.description, spoiler=picture.is_spoiler())
    return Section[Any](text, accessory=thumbnail)


def _page_buttons(
    control: type[PageControl], say: Translator, page: int, pages: int
) -> Iterable[PageControl]:
    if page > 0:
        yield control.button(say("results-history-newer"), "page", str(page - 1))
    if page < pages - 1:
        yield control.button(say("results-history-older"), "page", str(page + 1))


def _dream_line(job: Job, say: Translator) -> str:
    """What was dreamed, where and when, and by which button."""
    what, where = (
        f"**{discord.utils.escape_markdown(_dream_title(job, say))}**",
        _message_url(job, job.result_message),
    )
    parts = [f"[{what}]({where})" if where else what, discord.utils.format_dt(job.created, "R")]
    if job.ask.place.private:
        parts.append(say("results-history-private"))
    if job.ask.press in VARIATION_BUTTONS:
        parts.append(say("results-history-by", button=say(f"results-{job.ask.press}")))
    return " · ".join(parts)


def _source_line(job: Job, say: Translator) -> str:
    subject = job.ask.subject
    if subject is None:
        return say("results-history-nothing")
    # Marks that turn the writing round would turn the whole page.
    plain = "".join(filter(str.isprintable, source_label(say, subject)))
    label = discord.utils.escape_markdown(_truncate_at_word(plain, _MAX_TITLE_LENGTH))
    where = _message_url(job, subject.message)
    return say("results-history-upon", subject=f"[{label}]({where})" if where else label)


def _message_url(job: Job, message: int | None) -> str | None:
    place = job.ask.place
    if message is None or place.private:
        return None
    return f"https://discord.com/channels/{place.guild or _NO_GUILD}/{place.channel}/{message}"


def _dream_title(job: Job, say: Translator) -> str:
    """What a dream looks like, and how strong it is."""
    recipe = job.recipe
    if recipe is None:
        return job.ask.kind
    look = _truncate_at_word(describe_look(say, recipe), _MAX_TITLE_LENGTH)
    look = look[:1].upper() + look[1:]
    seconds = video_seconds(job.ask.request)
    if seconds is not None:
        look = say("results-history-video", number=max(1, round(seconds)), look=look)
    if recipe.intensity is None:
        return look
    return say("results-history-what", look=look, intensity=recipe.intensity)


def _truncate_at_word(text: str, most: int) -> str:
    """A text of at most so many characters, that ends with a whole word where it is shortened."""
    if len(text) <= most:
        return text
    words, _, rest = text[:most].rpartition(" ")
    return f"{words or rest[:-1]}…"
