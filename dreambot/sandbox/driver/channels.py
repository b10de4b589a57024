"""Handles of channels and messages: live views that tests can wait on."""

from collections.abc import Callable, Sequence
from typing import Self

from dreambot.sandbox.events import Event
from dreambot.sandbox.interactions.components import walk_components
from dreambot.sandbox.messages import MessageDraft, Upload, publish_message_update, store_message
from dreambot.sandbox.models import Attachment, Channel, Json, Message, MessageFlag, Overwrite, User
from dreambot.sandbox.payload.messages import message_json
from dreambot.sandbox.permissions import NO_PERMISSIONS, Permission
from dreambot.sandbox.world import World


class AttachmentHandle:
    """A file of a message.

    Args:
        world: The sandbox's state.
        attachment: The attachment.
    """

    def __init__(self, world: World, attachment: Attachment) -> None:
        self.id = attachment.id
        self.filename = attachment.filename
        self.data = attachment.data
        self.content_type = attachment.content_type
        self.description, self.flags = attachment.description, attachment.flags
        self.width, self.height = attachment.width, attachment.height
        self.url = world.links.attachment(attachment)

    @property
    def spoiler(self) -> bool:
        """Whether it is marked as a spoiler."""
        return self.filename.startswith("SPOILER_") or bool(self.flags & 8)


class MessageHandle:
    """A message in its current state.

    Args:
        world: The sandbox's state.
        message: The message.
    """

    def __init__(self, world: World, message: Message) -> None:
        self.world = world
        self.model = message

    @property
    def id(self) -> int:
        """The message's id."""
        return self.model.id

    @property
    def content(self) -> str:
        """The message's text."""
        return self.model.content

    @property
    def attachments(self) -> list[AttachmentHandle]:
        """The message's files."""
        return [AttachmentHandle(self.world, one) for one in self.model.attachments]

    @property
    def embeds(self) -> list[Json]:
        """The embeds as Discord's JSON."""
        return list(self.json["embeds"])

    @property
    def components(self) -> list[Json]:
        """The components as Discord's JSON."""
        return list(self.json["components"])

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by label (or emoji), at any depth."""
        found: dict[str, Json] = {}
        for component in walk_components(self.model.components):
            if component["type"] == 2:
                emoji = (component.get("emoji") or {}).get("name")
                found[component.get("label") or emoji or ""] = component
        return found

    @property
    def selects(self) -> dict[str, Json]:
        """The selects by custom_id, at any depth."""
        return {
            component["custom_id"]: component
            for component in walk_components(self.model.components)
            if component["type"] in (3, 5, 6, 7, 8)
        }

    @property
    def text(self) -> str:
        """All text of the message: its content and its text components, one per line."""
        texts = [str(one["content"]) for one in walk_components(self.model.components) if one["type"] == 10]
        return "\n".join(filter(None, [self.content, *texts]))

    @property
    def media(self) -> list[str]:
        """The URLs in its galleries, thumbnails and file components."""
        found: list[str] = []
        for component in walk_components(self.components):
            parts = [component, *component.get("items", [])]
            shown = [part[key]["url"] for part in parts for key in ("media", "file") if key in part]
            found += shown
        return found

    @property
    def reactions(self) -> dict[str, list[int]]:
        """The ids of the users who reacted, by emoji (`name:id` for a guild's emoji)."""
        return {key: [user.id for user in users] for key, users in self.model.reactions.items()}

    def unfurl(self, embed: Json) -> None:
        """Adds an embed for a link, as Discord does a moment after the message was posted.

        Args:
            embed: The embed as Discord's JSON.
        """
        self.model.embeds = [*self.model.embeds, embed]
        publish_message_update(self.world, self.model, edited=False)

    @property
    def json(self) -> Json:
        """The complete message as Discord's JSON."""
        return message_json(self.model, self.world.links, self.world.application.id)

    @property
    def thinking(self) -> bool:
        """Whether it is a deferred response that has no content yet."""
        return bool(self.model.flags & MessageFlag.LOADING)

    @property
    def ephemeral(self) -> bool:
        """Whether only one user sees it."""
        return self.model.ephemeral

    @property
    def deleted(self) -> bool:
        """Whether it was deleted."""
        return self.model.deleted

    @property
    def edited(self) -> bool:
        """Whether it was edited."""
        return self.model.edited_at is not None

    @property
    def author_id(self) -> int:
        """The id of its author."""
        return self.model.author.id

    @property
    def replies_to(self) -> int | None:
        """The id of the message that it replies to."""
        return self.model.reply_to

    async def until(self, predicate: Callable[["MessageHandle"], object], timeout: float = 60.0) -> Self:
        """Waits until a condition is true, and returns the message.

        Args:
            predicate: Called with this message after each event.
            timeout: Seconds to wait.

        Raises:
            TimeoutError: The condition was not met in time; the text shows the message.
        """
        try:
            await self.world.events.wait_for(lambda: bool(predicate(self)), timeout, "that change")
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


class ChannelHandle:
    """A text channel, a thread or a direct conversation.

    Args:
        world: The sandbox's state.
        channel: The channel.
    """

    def __init__(self, world: World, channel: Channel) -> None:
        self.world = world
        self.model = channel

    @property
    def id(self) -> int:
        """The channel's id."""
        return self.model.id

    @property
    def name(self) -> str:
        """The name, without the #."""
        return self.model.name

    @property
    def messages(self) -> list[MessageHandle]:
        """The messages, including ephemeral ones, oldest first."""
        return [MessageHandle(self.world, self.model.messages[key]) for key in sorted(self.model.messages)]

    @property
    def bot_permissions(self) -> Permission:
        """The bot's permissions in the channel."""
        return self.world.permissions(self.model, self.world.bot)

    def revoke(self, permission: Permission, *, of: int | None = None) -> None:
        """Denies permissions in this channel.

        Args:
            permission: The permissions.
            of: The id of a member or role; None is the bot.
        """
        self._overwrite(of, deny=permission)

    def allow(self, permission: Permission, *, of: int | None = None) -> None:
        """Allows permissions in this channel.

        Args:
            permission: The permissions.
            of: The id of a member or role; None is the bot.
        """
        self._overwrite(of, allow=permission)

    def _overwrite(
        self, whose: int | None, *, allow: Permission = NO_PERMISSIONS, deny: Permission = NO_PERMISSIONS
    ) -> None:
        target, guild = whose or self.world.bot.id, self.model.guild
        kind = 0 if guild is not None and target in guild.roles else 1
        overwrite = self.model.overwrites.setdefault(target, Overwrite(target, kind))
        overwrite.allow = (overwrite.allow | allow) & ~deny
        overwrite.deny = (overwrite.deny | deny) & ~allow
        self.world.events.publish(Event("CHANNEL_UPDATE", guild=self.model.guild, channel=self.model))

    def post_by_webhook(self, name: str, text: str, *, files: Sequence[Upload] = ()) -> MessageHandle:
        """Posts a message as another application's webhook.

        Args:
            name: The name that the webhook posts under.
            text: The text.
            files: The files.
        """
        author = User(self.world.ids.next(), name, bot=True)
        draft = MessageDraft(content=text, uploads=files)
        message = store_message(self.world, self.model, author, draft, webhook_id=author.id)
        return MessageHandle(self.world, message)

    def delete(self) -> None:
        """Deletes the channel or thread with its messages, and a channel with its threads."""
        guild, is_thread = self.model.guild, self.model.parent is not None
        if guild is not None:
            del (guild.threads if is_thread else guild.channels)[self.id]
            # There are no events about these.
            for thread in [one for one in guild.threads.values() if one.parent is self.model]:
                del guild.threads[thread.id], self.world.channels[thread.id]
        del self.world.channels[self.id]
        name = "THREAD_DELETE" if is_thread else "CHANNEL_DELETE"
        self.world.events.publish(Event(name, guild=guild, channel=self.model))

    def archive(self) -> None:
        """Archives the thread: clients that connect later do not learn of it."""
        self.model.archived = True
        self.world.events.publish(Event("THREAD_UPDATE", guild=self.model.guild, channel=self.model))

    async def wait_for_message(
        self,
        predicate: Callable[[MessageHandle], object] = lambda _: True,
        timeout: float = 60.0,
        *,
        by_bot: bool = True,
    ) -> MessageHandle:
        """Returns the newest message that meets a condition, or waits for one.

        Args:
            predicate: Called with each message, newest first.
            timeout: Seconds to wait.
            by_bot: Whether only messages of the bot count.

        Raises:
            TimeoutError: There was no such message in time; the text shows the messages.
        """

        def find() -> MessageHandle | None:
            for message in reversed(self.messages):
                if (message.model.author is self.world.bot or not by_bot) and predicate(message):
                    return message
            return None

        try:
            return await self.world.events.wait_for(find, timeout, f"such a message in #{self.name}")
        except TimeoutError as error:
            raise TimeoutError(f"{error}; there are {self.messages}") from None

    def __repr__(self) -> str:
        return f"<channel #{self.name}>"
