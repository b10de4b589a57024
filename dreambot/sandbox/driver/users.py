"""Handles of users, who post, run commands and press buttons, and of the interactions they start."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.interactions import commands
from dreambot.sandbox.interactions.components import modal_fields, submit_modal, use_component
from dreambot.sandbox.messages import Upload, react_as_user, remove_reaction
from dreambot.sandbox.models import Interaction, Json, Sticker, User
from dreambot.sandbox.sniff import sniff
from dreambot.sandbox.user_actions import (
    delete_as_user,
    edit_as_user,
    forward_as_user,
    post_as_user,
    start_thread_as_user,
    start_typing_as_user,
)
from dreambot.sandbox.world import World


class InteractionHandle:
    """An interaction that was sent to the bot.

    Args:
        world: The sandbox's state.
        interaction: The interaction.
    """

    def __init__(self, world: World, interaction: Interaction) -> None:
        self.world = world
        self.model = interaction

    @property
    def latency(self) -> float | None:
        """Seconds from sending it over the gateway to receiving the callback; None while unanswered."""
        return self.model.latency

    @property
    def answer_type(self) -> int | None:
        """Discord's callback type: 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal."""
        return self.model.answer_type

    @property
    def failed(self) -> bool:
        """Whether the user saw that the application did not respond."""
        return self.model.failed

    @property
    def modal(self) -> Json | None:
        """The modal that answers it: title, custom_id, components."""
        return self.model.modal

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of that modal by custom_id, each with its label; empty without a modal."""
        return {} if self.model.modal is None else modal_fields(self.model.modal)

    @property
    def _answered(self) -> bool:
        return self.model.answered_at is not None

    async def acknowledged(self, timeout: float = 60.0) -> "InteractionHandle":
        """Waits for the first response, of any type.

        Args:
            timeout: Seconds to wait.

        Raises:
            TimeoutError: There was no response in time, or the interaction failed.
        """
        what = f"an answer to {self.model.name!r}"
        await self.world.events.wait_for(lambda: self._answered or self.failed, timeout, what)
        if self.failed:
            raise TimeoutError(f"The application did not respond to {self.model.name!r} within 3 s")
        return self

    async def response(self, timeout: float = 60.0) -> MessageHandle:
        """Returns the message that answers it, which may still be a deferred response.

        Args:
            timeout: Seconds to wait.

        Raises:
            LookupError: The response is not a message.
            TimeoutError: There was no response in time, or the interaction failed.
        """
        await self.acknowledged(timeout)
        if self.model.original is None:
            raise LookupError(f"{self.model.name!r} was answered with type {self.answer_type}, not a message")
        return MessageHandle(self.world, self.model.original)

    async def result(self, timeout: float = 60.0) -> MessageHandle:
        """Returns the message that answers it, once it is no longer a deferred response.

        Args:
            timeout: Seconds to wait for the response, and then for its content.
        """
        message = await self.response(timeout)
        return await message.until(lambda now: not now.thinking, timeout)

    async def follow_up(self, timeout: float = 60.0) -> MessageHandle:
        """Returns the first follow-up message.

        Args:
            timeout: Seconds to wait.
        """
        return (await self.follow_ups(1, timeout))[0]

    async def follow_ups(self, count: int, timeout: float = 60.0) -> list[MessageHandle]:
        """Returns the follow-up messages.

        Args:
            count: How many messages to wait for.
            timeout: Seconds to wait.
        """

        def find_follow_ups() -> list[MessageHandle] | None:
            messages = [one for one in self.model.channel.messages.values() if one.interaction is self.model]
            found = [MessageHandle(self.world, one) for one in messages if one is not self.model.original]
            return found if len(found) >= count else None

        return await self.world.events.wait_for(
            find_follow_ups, timeout, f"{count} follow-up(s) to {self.model.name!r}"
        )


FileSource = Path | bytes | Upload


class UserHandle:
    """A user. An action that Discord's client would not allow raises RejectedByClient.

    Args:
        world: The sandbox's state.
        user: The user.
    """

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.model = user

    @property
    def id(self) -> int:
        """The user's id."""
        return self.model.id

    @property
    def mention(self) -> str:
        """The text that mentions the user in a message."""
        return f"<@{self.id}>"

    def dm_channel(self) -> ChannelHandle:
        """Returns the user's direct conversation with the bot."""
        return ChannelHandle(self.world, self.world.dm_channel(self.model, self.world.bot))

    def refuse_direct_messages(self, refused: bool = True) -> None:
        """Makes the user refuse (or accept) direct messages.

        Args:
            refused: Whether they are refused.
        """
        self.model.accepts_dms = not refused

    def start_typing(self, channel: ChannelHandle) -> None:
        """Shows others that the user is typing.

        Args:
            channel: The channel.
        """
        start_typing_as_user(self.world, self.model, channel.model)

    async def post(
        self,
        channel: ChannelHandle,
        text: str = "",
        *,
        files: Sequence[FileSource] = (),
        spoiler: bool = False,
        reply_to: MessageHandle | None = None,
        embeds: Sequence[Json] = (),
        stickers: Sequence[Sticker] = (),
    ) -> MessageHandle:
        """Posts a message. A reply mentions the author of the message that it replies to.

        Args:
            channel: The channel.
            text: The text.
            files: Paths, bytes or uploads.
            spoiler: Whether the files are marked as spoilers.
            reply_to: The message that it replies to.
            embeds: What Discord shows of the links in the text, such as {"type": "image", "url": …,
                "thumbnail": {"url": …}}.
            stickers: Stickers of the guild.
        """
        uploads = [_as_upload(file, spoiler=spoiler) for file in files]
        target = None if reply_to is None else reply_to.id
        message = post_as_user(
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

    async def speak(
        self,
        channel: ChannelHandle,
        recording: bytes,
        seconds: float,
        *,
        waveform: bytes = bytes(range(0, 256, 4)),
        reply_to: MessageHandle | None = None,
    ) -> MessageHandle:
        """Posts a voice message.

        Args:
            channel: The channel.
            recording: An Ogg file with Opus.
            seconds: Its length.
            waveform: Its loudness over time, at most 256 bytes.
            reply_to: The message that it replies to.
        """
        upload = Upload(
            "voice-message.ogg",
            recording,
            waveform=base64.b64encode(waveform).decode(),
            duration_secs=seconds,
        )
        target = None if reply_to is None else reply_to.id
        message = post_as_user(
            self.world, self.model, channel.model, "", uploads=[upload], reply_to=target, voice=True
        )
        return MessageHandle(self.world, message)

    async def forward(self, message: MessageHandle, channel: ChannelHandle) -> MessageHandle:
        """Forwards a message.

        Args:
            message: The message.
            channel: The destination.
        """
        sent = forward_as_user(self.world, self.model, message.model, channel.model)
        return MessageHandle(self.world, sent)

    async def start_thread(self, message: MessageHandle, name: str = "thread") -> ChannelHandle:
        """Starts a thread from a message.

        Args:
            message: The message.
            name: The thread's name.
        """
        return ChannelHandle(self.world, start_thread_as_user(self.world, self.model, message.model, name))

    async def edit(self, message: MessageHandle, text: str) -> None:
        """Changes the text of an own message.

        Args:
            message: The message.
            text: The new text.
        """
        edit_as_user(self.world, self.model, message.model, text)

    async def delete(self, message: MessageHandle) -> None:
        """Deletes a message, or dismisses an ephemeral one.

        Args:
            message: The message.
        """
        delete_as_user(self.world, self.model, message.model)

    async def react(self, message: MessageHandle, emoji: str) -> None:
        """Adds a reaction.

        Args:
            message: The message.
            emoji: The emoji, or the `key` of a guild's emoji.
        """
        react_as_user(self.world, self.model, message.model, emoji)

    async def unreact(self, message: MessageHandle, emoji: str) -> None:
        """Removes the user's reaction.

        Args:
            message: The message.
            emoji: The emoji, or the `key` of a guild's emoji.
        """
        remove_reaction(self.world, self.model, message.model, emoji)

    def visible_messages(self, channel: ChannelHandle) -> list[MessageHandle]:
        """Returns the messages that the user sees in a channel, oldest first.

        Args:
            channel: The channel.
        """
        return [one for one in channel.messages if one.model.visible_to(self.model)]

    def ephemeral_messages(self, channel: ChannelHandle) -> list[MessageHandle]:
        """Returns the ephemeral messages that the user sees in a channel, oldest first.

        Args:
            channel: The channel.
        """
        return [one for one in self.visible_messages(channel) if one.ephemeral]

    def set_locale(self, locale: str) -> None:
        """Sets the language of the user's client.

        Args:
            locale: Such as "de", "pt-BR", "ja".
        """
        self.model.locale = locale

    def install(self, installed: bool = True) -> None:
        """Installs the application on the user's account, or removes it.

        Args:
            installed: Whether it is installed.
        """
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
        """Runs a slash command.

        Args:
            command: The name, with its subcommand if there is one: "dream", "autodream on".
            channel: The channel.
            options: Option values, for names that are not valid as keyword arguments.
            more: Option values by name. Files are paths, bytes or uploads; users and channels are handles or
                ids.
        """
        values = _convert_values({**(options or {}), **more})
        return self._handle(
            commands.use_slash_command(self.world, self.model, channel.model, command, values)
        )

    async def menu(
        self,
        command: str,
        target: "MessageHandle | UserHandle",
        *,
        channel: ChannelHandle | None = None,
    ) -> InteractionHandle:
        """Runs a context menu command on a message or a user.

        Args:
            command: The command's name.
            target: The message or user.
            channel: For a user, the channel; None takes the first of a guild that both are in.
        """
        if isinstance(target, MessageHandle):
            target_channel = target.model.channel
        else:
            target_channel = channel.model if channel else self._shared_channel(target)
        return self._handle(
            commands.use_context_menu(self.world, self.model, target_channel, command, target.model)
        )

    async def autocomplete(
        self, command: str, option: str, typed: str, *, channel: ChannelHandle | None = None, **others: Any
    ) -> list[Json]:
        """Returns the choices that are offered for an option, each {"name", "value"}.

        Args:
            command: The command's name.
            option: The option's name.
            typed: The text typed so far.
            channel: The channel; None takes the first of the user's guild.
            others: Values of other options.
        """
        target_channel = channel.model if channel else self._shared_channel(self)
        values = _convert_values(others)
        interaction = self._handle(
            commands.request_autocomplete(
                self.world, self.model, target_channel, command, values, option=option, typed=typed
            )
        )
        await interaction.acknowledged()
        return interaction.model.choices or []

    async def press(self, message: MessageHandle, button: str) -> InteractionHandle:
        """Presses a button.

        Args:
            message: The message.
            button: The button's label or custom_id.
        """
        component = message.buttons.get(button)
        custom_id = button if component is None else component.get("custom_id", "")
        return self._handle(use_component(self.world, self.model, message.model, custom_id, None))

    async def choose(
        self, message: MessageHandle, custom_id: str, values: Sequence[Any]
    ) -> InteractionHandle:
        """Selects values in a select menu.

        Args:
            message: The message.
            custom_id: The select's custom_id.
            values: Options by value or label; users, roles and channels by handle or id.
        """
        return self._handle(use_component(self.world, self.model, message.model, custom_id, values))

    async def submit(
        self, interaction: InteractionHandle, values: Mapping[str, Any] | None = None
    ) -> InteractionHandle:
        """Fills in and submits the modal that answers an interaction.

        Args:
            interaction: The interaction.
            values: Values by custom_id: text, a value or a list of values, files, True or False. A field that
                is left out keeps its default.
        """
        await interaction.acknowledged()
        return self._handle(
            submit_modal(self.world, self.model, interaction.model, _convert_values(values or {}))
        )

    def _handle(self, interaction: Interaction) -> InteractionHandle:
        return InteractionHandle(self.world, interaction)

    def _shared_channel(self, other: "UserHandle") -> Any:
        for guild in self.world.guilds.values():
            if {self.id, other.id} <= set(guild.members) and guild.channels:
                return next(iter(guild.channels.values()))
        raise LookupError("these two share no channel")

    def __repr__(self) -> str:
        return f"<user {self.model.global_name}>"


def _convert_values(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _convert_value(value) for key, value in options.items()}


def _convert_value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_convert_value(one) for one in value]
    return _as_upload(value) if isinstance(value, Path | bytes) else value


def _as_upload(file: FileSource, *, spoiler: bool = False) -> Upload:
    if isinstance(file, Path):
        upload = Upload(file.name, file.read_bytes())
    elif isinstance(file, bytes):
        kind = (sniff(file)[0] or "application/bin").partition(";")[0].rpartition("/")[2]
        upload = Upload(f"file.{'txt' if kind == 'plain' else kind}", file)
    else:
        upload = file
    return Upload(f"SPOILER_{upload.filename}", upload.data) if spoiler else upload
