"""Messages as a test sees them: live views that can be waited on."""

from collections.abc import Callable
from typing import Self

from dreambot.sandbox.asking.components import every_component
from dreambot.sandbox.model import Attachment, Json, Message, MessageFlag
from dreambot.sandbox.payload.message import message_json
from dreambot.sandbox.posting import changed
from dreambot.sandbox.world import World


class AttachmentHandle:
    """A file of a message."""

    def __init__(self, world: World, attachment: Attachment) -> None:
        self.id = attachment.id
        self.filename = attachment.filename
        self.data = attachment.data
        self.content_type = attachment.content_type
        self.description = attachment.description
        self.width, self.height = attachment.width, attachment.height
        self.url = world.links.attachment(attachment)

    @property
    def spoiler(self) -> bool:
        """Whether it is hidden behind a click."""
        return self.filename.startswith("SPOILER_")


class MessageHandle:
    """A message, always as it is now."""

    def __init__(self, world: World, message: Message) -> None:
        self.world = world
        self.model = message

    @property
    def id(self) -> int:
        """Its id."""
        return self.model.id

    @property
    def content(self) -> str:
        """Its text."""
        return self.model.content

    @property
    def attachments(self) -> list[AttachmentHandle]:
        """Its files."""
        return [AttachmentHandle(self.world, one) for one in self.model.attachments]

    @property
    def embeds(self) -> list[Json]:
        """Its embeds, as Discord's JSON."""
        return list(self.json["embeds"])

    @property
    def components(self) -> list[Json]:
        """Its components, as Discord's JSON."""
        return list(self.json["components"])

    @property
    def buttons(self) -> dict[str, Json]:
        """Its buttons by label (or emoji), however deep they sit."""
        found: dict[str, Json] = {}
        for component in every_component(self.model.components):
            if component["type"] == 2:
                emoji = (component.get("emoji") or {}).get("name")
                found[component.get("label") or emoji or ""] = component
        return found

    @property
    def selects(self) -> dict[str, Json]:
        """Its selects by custom_id, however deep they sit."""
        return {
            component["custom_id"]: component
            for component in every_component(self.model.components)
            if component["type"] in (3, 5, 6, 7, 8)
        }

    @property
    def text(self) -> str:
        """All that is to be read: its content, and the texts among its components, a line each."""
        texts = [str(one["content"]) for one in every_component(self.model.components) if one["type"] == 10]
        return "\n".join(filter(None, [self.content, *texts]))

    @property
    def media(self) -> list[str]:
        """The addresses of what its galleries, thumbnails and files show."""
        found: list[str] = []
        for component in every_component(self.components):
            parts = [component, *component.get("items", [])]
            shown = [part[key]["url"] for part in parts for key in ("media", "file") if key in part]
            found += shown
        return found

    @property
    def reactions(self) -> dict[str, list[int]]:
        """Who reacted, by emoji (`name:id` for a guild's own)."""
        return {key: [user.id for user in users] for key, users in self.model.reactions.items()}

    def unfurl(self, embed: Json) -> None:
        """Let Discord add what a link in it shows, as it does a moment after posting."""
        self.model.embeds = [*self.model.embeds, embed]
        changed(self.world, self.model, edited=False)

    @property
    def json(self) -> Json:
        """The message as Discord's JSON, with everything in it."""
        return message_json(self.model, self.world.links, self.world.application.id)

    @property
    def thinking(self) -> bool:
        """Whether it is a deferred answer not yet filled in."""
        return bool(self.model.flags & MessageFlag.LOADING)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.model.ephemeral

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self.model.deleted

    @property
    def edited(self) -> bool:
        """Whether it was edited."""
        return self.model.edited is not None

    @property
    def author_id(self) -> int:
        """Whose it is."""
        return self.model.author.id

    @property
    def replies_to(self) -> int | None:
        """The id of the message it replies to."""
        return self.model.reply_to

    async def until(self, predicate: Callable[["MessageHandle"], object], timeout: float = 60.0) -> Self:
        """Wait until `predicate(message)` is true. Raises TimeoutError that shows the message as it is."""
        try:
            await self.world.hub.wait_for(lambda: bool(predicate(self)), timeout, "that change")
        except TimeoutError as error:
            raise TimeoutError(f"{error}; the message is {self!r}") from None
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MessageHandle) and other.model is self.model

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        state = " deleted" if self.deleted else " thinking" if self.thinking else ""
        files = [one.filename for one in self.attachments]
        return f"<message{state} {self.text!r} files={files} buttons={list(self.buttons)}>"
