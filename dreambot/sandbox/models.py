"""Data classes of the sandbox: users, guilds, channels, messages, interactions."""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]


class ChannelType(IntEnum):
    """The channel types that the sandbox implements."""

    TEXT = 0
    DM = 1
    PUBLIC_THREAD = 11


class MessageFlag(IntFlag):
    """The message flags that the sandbox implements."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_VOICE_MESSAGE = 1 << 13
    HAS_SNAPSHOT = 1 << 14
    COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class User:
    """An account of a person or a bot; `locale` is the language of its client."""

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    avatar: str | None = None
    accepts_dms: bool = True
    locale: str = "en-US"


@dataclass(eq=False)
class Role:
    """A role; `permissions` is the bit set. The role with the guild's id is @everyone.

    `mentionable`: every member may mention it.
    """

    id: int
    name: str
    permissions: int
    position: int = 0
    mentionable: bool = False


@dataclass(eq=False)
class Emoji:
    """A guild's emoji, with its image."""

    id: int
    name: str
    data: bytes
    animated: bool = False

    def __str__(self) -> str:
        """Returns the text that shows it in a message."""
        return f"<{'a' * self.animated}:{self.name}:{self.id}>"

    @property
    def key(self) -> str:
        """Its name in reactions."""
        return f"{self.name}:{self.id}"


@dataclass(eq=False)
class Sticker:
    """A guild's sticker. `format` is Discord's: 1 PNG, 2 APNG, 4 GIF."""

    id: int
    name: str
    data: bytes
    format: int = 1


@dataclass
class Overwrite:
    """The permissions that a channel allows and denies a role (`kind` 0) or a member (`kind` 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined_at: float
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: float = 0.0


@dataclass(eq=False)
class Guild:
    """A server. `upload_limit` is in bytes per file."""

    id: int
    name: str
    owner: User
    upload_limit: int
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, "Channel"] = field(default_factory=dict)
    threads: dict[int, "Channel"] = field(default_factory=dict)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    stickers: dict[int, Sticker] = field(default_factory=dict)


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a thread, or a direct conversation.

    In a `spoiler` channel all media are hidden behind a click.

    A thread has a `parent` channel, an `owner` who started it, and `created_at`, and may be `archived`. A
    direct conversation has no `guild`, and `recipients`.
    """

    id: int
    type: ChannelType
    guild: Guild | None = None
    name: str = ""
    topic: str | None = None
    nsfw: bool = False
    spoiler: bool = False
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, "Message"] = field(default_factory=dict)
    parent: "Channel | None" = None
    owner: User | None = None
    created_at: float = 0.0
    archived: bool = False


@dataclass(eq=False)
class Attachment:
    """An uploaded file. `content_type`, `width` and `height` come from its bytes, not from its name.

    `flags` are Discord's: 8 for a spoiler whose name does not say so, 16 for explicit media.
    That of a voice message has a `waveform`, base64 of at most 256 bytes, and its duration in seconds.
    """

    id: int
    channel_id: int
    filename: str
    data: bytes
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    description: str | None = None
    title: str | None = None
    ephemeral: bool = False
    flags: int = 0
    waveform: str | None = None
    duration_secs: float | None = None


@dataclass(eq=False)
class Message:
    """A message as stored.

    Embeds and components are as the sender wrote them, `attachment://` URLs included. `reactions` maps an
    emoji's key to the users who reacted. A forward has a copy of the forwarded message as `snapshot`, and the
    forwarded message itself as `origin`.
    """

    id: int
    channel: Channel
    author: User
    created_at: float
    type: int = 0
    content: str = ""
    edited_at: float | None = None
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reply_to: int | None = None
    snapshot: "Message | None" = None
    origin: "Message | None" = None
    stickers: list[Sticker] = field(default_factory=list)
    reactions: dict[str, list[User]] = field(default_factory=dict)
    nonce: str | int | None = None
    interaction: "Interaction | None" = None
    followup_of: int | None = None
    webhook_id: int | None = None
    pinned: bool = False
    tts: bool = False
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only the user whose interaction it answers can see it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    def visible_to(self, user: User) -> bool:
        """Returns whether a user sees the message.

        An ephemeral message is visible to one user, and to the bot that sent it.

        Args:
            user: The user.
        """
        return not self.ephemeral or (self.interaction is not None and self.interaction.user is user)


@dataclass(eq=False)
class Interaction:
    """A user's use of a command, component or modal.

    `kind` is Discord's: 2 command, 3 component, 4 autocomplete, 5 modal. A modal submission is `triggered_by`
    the interaction that opened the modal. `owners` is Discord's authorizing_integration_owners: "0" with the
    guild's id, "1" with the user's id. `token_expired` makes the token expire before its 15 minutes are over.
    """

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    created_at: float
    sent_at: float
    name: str = ""
    message: Message | None = None
    triggered_by: "Interaction | None" = None
    answered_at: float | None = None
    answer_type: int | None = None
    original: Message | None = None
    choices: list[Json] | None = None
    modal: Json | None = None
    failed: bool = False
    token_expired: bool = False
    owners: dict[str, str] = field(default_factory=dict)

    @property
    def only_user_installed(self) -> bool:
        """Whether the application is available here only because the user has installed it."""
        return "0" not in self.owners

    @property
    def latency(self) -> float | None:
        """Seconds from sending it over the gateway to receiving the callback; None while unanswered."""
        return None if self.answered_at is None else self.answered_at - self.sent_at


@dataclass(eq=False)
class Application:
    """The bot's application.

    `intents` are the privileged gateway intents that it was granted, `installs` the ids of the users who have
    installed it on their account.
    """

    id: int
    name: str
    bot: User
    owner: User
    token: str
    intents: int
    installs: set[int] = field(default_factory=set)
    commands: dict[int, Json] = field(default_factory=dict)
    guild_commands: dict[int, dict[int, Json]] = field(default_factory=dict)
