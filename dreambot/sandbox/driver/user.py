"""People who act: they post, use commands, press buttons."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dreambot.sandbox.asking import ask
from dreambot.sandbox.asking.components import use_component
from dreambot.sandbox.asking.modal import submit
from dreambot.sandbox.driver.channel import ChannelHandle
from dreambot.sandbox.driver.interaction import InteractionHandle
from dreambot.sandbox.driver.message import MessageHandle
from dreambot.sandbox.model import Json, Sticker, User
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.reacting import react_as_person, unreact
from dreambot.sandbox.saying import forward, remove, rewrite, say, start_thread, start_typing
from dreambot.sandbox.sniff import sniff
from dreambot.sandbox.world import World

Picture = Path | bytes | Upload


class UserHandle:
    """A person. What Discord's client would not let them do raises ClientRefusal."""

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.model = user

    @property
    def id(self) -> int:
        """Their id."""
        return self.model.id

    @property
    def mention(self) -> str:
        """What mentions them in a message."""
        return f"<@{self.id}>"

    def direct(self) -> ChannelHandle:
        """Their direct conversation with the bot."""
        return ChannelHandle(self.world, self.world.direct_channel(self.model, self.world.bot))

    def refuse_direct_messages(self, refused: bool = True) -> None:
        """Close (or open) their direct messages."""
        self.model.accepts_dms = not refused

    def start_typing(self, channel: ChannelHandle) -> None:
        """Let others see that they type."""
        start_typing(self.world, self.model, channel.model)

    async def post(
        self,
        channel: ChannelHandle,
        text: str = "",
        *,
        files: Sequence[Picture] = (),
        spoiler: bool = False,
        reply_to: MessageHandle | None = None,
        embeds: Sequence[Json] = (),
        stickers: Sequence[Sticker] = (),
    ) -> MessageHandle:
        """Post a message; a reply pings its author. `embeds` are what Discord shows of links in it, such as
        {"type": "image", "url": …, "thumbnail": {"url": …}}."""
        uploads = [_upload(file, spoiler=spoiler) for file in files]
        target = None if reply_to is None else reply_to.id
        message = say(
            self.world,
            self.model,
            channel.model,
            text,
            uploads=uploads,
            embeds=embeds,
            stickers=stickers,
            reply_to=target,
        )
        return MessageHandle(self.world, message)

    async def forward(self, message: MessageHandle, channel: ChannelHandle) -> MessageHandle:
        """Forward a message to a channel."""
        sent = forward(self.world, self.model, message.model, channel.model)
        return MessageHandle(self.world, sent)

    async def start_thread(self, message: MessageHandle, name: str = "thread") -> ChannelHandle:
        """Start a thread from a message."""
        return ChannelHandle(self.world, start_thread(self.world, self.model, message.model, name))

    async def edit(self, message: MessageHandle, text: str) -> None:
        """Change the text of an own message."""
        rewrite(self.world, self.model, message.model, text)

    async def delete(self, message: MessageHandle) -> None:
        """Delete a message, or dismiss one that only they see."""
        remove(self.world, self.model, message.model)

    async def react(self, message: MessageHandle, emoji: str) -> None:
        """React with an emoji; with a guild's own by its `key`."""
        react_as_person(self.world, self.model, message.model, emoji)

    async def unreact(self, message: MessageHandle, emoji: str) -> None:
        """Take a reaction back."""
        unreact(self.world, self.model, message.model, emoji)

    def sees(self, channel: ChannelHandle) -> list[MessageHandle]:
        """The messages in front of them in a channel, oldest first."""
        return [one for one in channel.messages if one.model.visible_to(self.model)]

    def private(self, channel: ChannelHandle) -> list[MessageHandle]:
        """Those among them that nobody else sees."""
        return [one for one in self.sees(channel) if one.ephemeral]

    def speak(self, locale: str) -> None:
        """Set the language of their client, such as "de", "pt-BR", "ja"."""
        self.model.locale = locale

    def install(self, installed: bool = True) -> None:
        """Put the application on their account, or take it off."""
        installs = self.world.application.installs
        installs.add(self.id) if installed else installs.discard(self.id)

    async def slash(
        self,
        command: str,
        /,
        *,
        channel: ChannelHandle,
        options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> InteractionHandle:
        """Use a slash command ("dream", or "autodream on"). Options go by name; files are paths, bytes or
        uploads, users and channels are handles or ids. `options` is for names that Python has taken."""
        values = _values({**(options or {}), **more})
        return self._asked(ask.slash(self.world, self.model, channel.model, command, values))

    async def menu(
        self,
        command: str,
        target: "MessageHandle | UserHandle",
        *,
        channel: ChannelHandle | None = None,
    ) -> InteractionHandle:
        """Use a context menu on a message, or on a user (in `channel`, or the first that both share)."""
        if isinstance(target, MessageHandle):
            place = target.model.channel
        else:
            place = channel.model if channel else self._shared_channel(target)
        return self._asked(ask.menu(self.world, self.model, place, command, target.model))

    async def autocomplete(
        self, command: str, option: str, typed: str, *, channel: ChannelHandle | None = None, **others: Any
    ) -> list[Json]:
        """The choices offered for what was `typed` in an option, each {"name", "value"}."""
        place = channel.model if channel else self._shared_channel(self)
        values = _values(others)
        asked = self._asked(
            ask.autocomplete(self.world, self.model, place, command, values, option=option, typed=typed)
        )
        await asked.acknowledged()
        return asked.model.choices or []

    async def press(self, message: MessageHandle, button: str) -> InteractionHandle:
        """Press a button, by label or custom_id."""
        component = message.buttons.get(button)
        custom_id = button if component is None else component.get("custom_id", "")
        return self._asked(use_component(self.world, self.model, message.model, custom_id, None))

    async def choose(
        self, message: MessageHandle, custom_id: str, values: Sequence[Any]
    ) -> InteractionHandle:
        """Choose in a select menu: options by value or label, people, roles and channels by handle or id."""
        return self._asked(use_component(self.world, self.model, message.model, custom_id, values))

    async def submit(
        self, asked: InteractionHandle, values: Mapping[str, Any] | None = None
    ) -> InteractionHandle:
        """Fill in the modal that answers `asked` and submit it. Values go by custom_id: text, one value or a
        list of them, files, True or False; what is left out stays as the modal proposes."""
        await asked.acknowledged()
        return self._asked(submit(self.world, self.model, asked.model, _values(values or {})))

    def _asked(self, interaction: Any) -> InteractionHandle:
        return InteractionHandle(self.world, interaction)

    def _shared_channel(self, other: "UserHandle") -> Any:
        for guild in self.world.guilds.values():
            if {self.id, other.id} <= set(guild.members) and guild.channels:
                return next(iter(guild.channels.values()))
        raise LookupError("these two share no channel")

    def __repr__(self) -> str:
        return f"<user {self.model.global_name}>"


def _values(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in options.items()}


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    return _upload(value) if isinstance(value, Path | bytes) else value


def _upload(file: Picture, *, spoiler: bool = False) -> Upload:
    if isinstance(file, Path):
        upload = Upload(file.name, file.read_bytes())
    elif isinstance(file, bytes):
        kind = (sniff(file)[0] or "application/bin").partition(";")[0].rpartition("/")[2]
        upload = Upload(f"file.{'txt' if kind == 'plain' else kind}", file)
    else:
        upload = file
    return Upload(f"SPOILER_{upload.filename}", upload.data) if spoiler else upload
