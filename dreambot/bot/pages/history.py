"""The pages of `/history`: a user's dreams, newest first, and the lineage of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Item, LayoutView, Section, TextDisplay, Thumbnail

from dreambot.bot.admission import video_seconds
from dreambot.bot.captions import VARIATION_BUTTONS, describe_look, recipe_command, source_label
from dreambot.bot.pages.base import PageControl, in_container
from dreambot.i18n import Translator
from dreambot.jobs.models import Job

PAGE_SIZE = 8
_MAX_TITLE_LENGTH = 90
_MAX_RECIPE_LENGTH = 120
_FIRST_STEPS, _LAST_STEPS = 10, 4
_NO_GUILD = "@me"
"""Takes the place of the server in the URL of a message outside of servers."""


def dreams_on_page(dreams: Sequence[Job], page: int) -> Sequence[Job]:
    """Cuts out the dreams of a page.

    Args:
        dreams: All dreams, newest first.
        page: The page, from 0; beyond the last, the last one is used.
    """
    page = min(max(0, page), max(0, -(-len(dreams) // PAGE_SIZE) - 1))
    return dreams[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]


def history_page(
    control: type[PageControl],
    dreams: Sequence[Job],
    translate: Translator,
    page: int,
    pictures: Mapping[str, discord.Attachment],
) -> LayoutView:
    """Builds the page with some of a user's dreams.

    Args:
        control: The control class of the page.
        dreams: All dreams, newest first.
        translate: The translator of the user's language.
        page: The page, from 0; beyond the last, the last one is used.
        pictures: The images of results that may be shown here, by job id.
    """
    if not dreams:
        return in_container(TextDisplay(translate("results-history-none")))
    pages = -(-len(dreams) // PAGE_SIZE)
    page = min(max(0, page), pages - 1)
    here = dreams_on_page(dreams, page)
    items: list[Item[Any]] = [TextDisplay(f"### {translate('results-history-title')}")]
    items += [_dream_item(job, translate, pictures.get(job.id)) for job in here]
    options = [
        (f"{page} {job.id}", f"{job.created:%Y-%m-%d %H:%M} · {_dream_title(job, translate)}") for job in here
    ]
    items.append(control.select("line", options, placeholder=translate("results-history-choose")))
    if pages > 1:
        items.append(TextDisplay(f"-# {translate('results-history-page', page=page + 1, pages=pages)}"))
        items.append(ActionRow[Any](*_page_buttons(control, translate, page, pages)))
    return in_container(*items)


def lineage_page(
    control: type[PageControl], line: Sequence[Job], translate: Translator, page: int
) -> LayoutView:
    """Builds the page with a dream, its parent, and so on, down to the source.

    Args:
        control: The control class of the page.
        line: The dream and its ancestors.
        translate: The translator of the user's language.
        page: The page that the back button leads to.
    """
    steps = [*(_dream_line(job, translate) for job in line), _source_line(line[-1], translate)]
    if len(steps) > _FIRST_STEPS + _LAST_STEPS:
        steps = [*steps[:_FIRST_STEPS], "…", *steps[-_LAST_STEPS:]]
    text = "\n↳ ".join(steps)
    back = ActionRow[Any](control.button(translate("results-history-back"), "page", str(page)))
    return in_container(TextDisplay(f"### {translate('results-history-line')}\n{text}"), back)


def _dream_item(job: Job, translate: Translator, picture: discord.Attachment | None) -> Item[Any]:
    """Builds the entry of a dream: its image, if it can be shown, and the command that repeats it."""
    recipe = _truncate_at_word(recipe_command(job.recipe), _MAX_RECIPE_LENGTH) if job.recipe else ""
    text = f"{_dream_line(job, translate)}\n-# `{recipe}`" if recipe else _dream_line(job, translate)
    if picture is None:
        return TextDisplay(text)
    thumbnail = Thumbnail[Any](picture.url, description=picture.description, spoiler=picture.is_spoiler())
    return Section[Any](text, accessory=thumbnail)


def _page_buttons(
    control: type[PageControl], translate: Translator, page: int, pages: int
) -> Iterable[PageControl]:
    if page > 0:
        yield control.button(translate("results-history-newer"), "page", str(page - 1))
    if page < pages - 1:
        yield control.button(translate("results-history-older"), "page", str(page + 1))


def _dream_line(job: Job, translate: Translator) -> str:
    """Describes a dream in one line: what it shows, where, when, and which button made it."""
    what, where = (
        f"**{discord.utils.escape_markdown(_dream_title(job, translate))}**",
        _message_url(job, job.result_message),
    )
    parts = [f"[{what}]({where})" if where else what, discord.utils.format_dt(job.created, "R")]
    if job.spec.reply_target.private:
        parts.append(translate("results-history-private"))
    if job.spec.press in VARIATION_BUTTONS:
        parts.append(translate("results-history-by", button=translate(f"results-{job.spec.press}")))
    return " · ".join(parts)


def _source_line(job: Job, translate: Translator) -> str:
    image = job.spec.source
    if image is None:
        return translate("results-history-nothing")
    # A mark that changes the writing direction would change that of the whole page.
    plain = "".join(filter(str.isprintable, source_label(translate, image)))
    label = discord.utils.escape_markdown(_truncate_at_word(plain, _MAX_TITLE_LENGTH))
    where = _message_url(job, image.message)
    return translate("results-history-upon", subject=f"[{label}]({where})" if where else label)


def _message_url(job: Job, message: int | None) -> str | None:
    target = job.spec.reply_target
    if message is None or target.private:
        return None
    return f"https://discord.com/channels/{target.guild or _NO_GUILD}/{target.channel}/{message}"


def _dream_title(job: Job, translate: Translator) -> str:
    """Describes a dream's look and intensity."""
    recipe = job.recipe
    if recipe is None:
        return job.spec.kind
    look = _truncate_at_word(describe_look(translate, recipe), _MAX_TITLE_LENGTH)
    look = look[:1].upper() + look[1:]
    seconds = video_seconds(job.spec.request)
    if seconds is not None:
        look = translate("results-history-video", number=max(1, round(seconds)), look=look)
    if recipe.intensity is None:
        return look
    return translate("results-history-what", look=look, intensity=recipe.intensity)


def _truncate_at_word(text: str, limit: int) -> str:
    """Shortens a text to `limit` characters, at the end of a word."""
    if len(text) <= limit:
        return text
    translate, _, rest = text[:limit].rpartition(" ")
    return f"{translate or rest[:-1]}…"
