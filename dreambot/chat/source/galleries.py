"""The pictures among a message's components."""

from collections.abc import Iterable, Iterator

import discord

from dreambot.chat.source.kinds import name_in, shows_something
from dreambot.chat.source.subjects import of_media
from dreambot.jobs.types import Subject


def in_components(
    components: Iterable[discord.Component], message: int, *, hidden: bool = False
) -> Iterator[Subject]:
    """What galleries, thumbnails and files show, however deep they sit. hidden: all of it is a spoiler."""
    for component in components:
        match component:
            case discord.Container():
                yield from in_components(component.children, message, hidden=hidden or component.spoiler)
            case discord.SectionComponent():
                yield from in_components([component.accessory], message, hidden=hidden)
            case discord.MediaGalleryComponent():
                for item in component.items:
                    yield of_media(
                        item.media,
                        description=item.description,
                        hidden=hidden or item.spoiler,
                        message=message,
                    )
            case discord.ThumbnailComponent():
                yield of_media(
                    component.media,
                    description=component.description,
                    hidden=hidden or component.spoiler,
                    message=message,
                )
            case discord.FileComponent():
                media = component.media
                if shows_something(media.content_type, component.name or name_in(media.url)):
                    yield of_media(media, hidden=hidden or component.spoiler, message=message)
