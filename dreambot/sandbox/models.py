"""Data classes for what exists in the sandbox: users, guilds, channels, messages, interactions."""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]


class ChannelType(IntEnum):
    """The kinds of channel the sandbox has."""

    TEXT = 0
    DM = 1
    PUBLIC_THREAD = 11


class MessageFlag(IntFlag):
    """The message flags with a meaning here."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    HAS_SNAPSHOT = 1 << 14
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class User:
    """An account, of a person or a bot; `locale` is the language of its client."""

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    avatar: str | None = None
    accepts_dms: bool = True
    locale: str = "en-US"


@dataclass(eq=False)
class Role:
    """A role; `permissions` is the bit set. The role with the guild's id is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(eq=False)
class Emoji:
    """A guild's own emoji, with its picture."""

    id: int
    name: str
    data: bytes
    animated: bool = False

    def __str__(self) -> str:
        """What shows it in a message."""
        return f"<{'a' * self.animated}:{self.name}:{self.id}>"

    @property
    def key(self) -> str:
        """What reactions call it."""
        return f"{self.name}:{self.id}"


@dataclass(eq=False)
class Sticker:
    """A guild's own sticker. `format` is Discord's: 1 PNG, 2 APNG, 4 GIF."""

    id: int
    name: str
    data: bytes
    format: int = 1


@dataclass
class Overwrite:
    """What a channel allows and denies a role (`kind` 0) or a member (`kind` 1)."""

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
    """A text channel of a guild, a thread in such a `parent`, or a direct conversation (`guild` None) between
    its `recipients`. `owner` started a thread, which its id dates."""

    id: int
    type: ChannelType
    guild: Guild | None = None
    name: str = ""
    topic: str | None = None
    nsfw: bool = False
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, "Message"] = field(default_factory=dict)
    parent: "Channel | None" = None
    owner: User | None = None
    created_at: float = 0.0


@dataclass(eq=False)
class Attachment:
    """An uploaded file. `content_type`, `width` and `height` are what its bytes say, not its name."""

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


@dataclass(eq=False)
class Message:
    """A message as stored; embeds and components are as the sender wrote them, `attachment://` included.
    `reactions` are by emoji, each with who reacted. A forward has what it forwards as `snapshot`, a copy, and
    where that came from as `origin`."""

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
        """Whether only the person whose interaction it answers can see it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    def visible_to(self, user: User) -> bool:
        """Ephemeral messages are for one pair of eyes (and the bot that sent them)."""
        return not self.ephemeral or (self.interaction is not None and self.interaction.user is user)


@dataclass(eq=False)
class Interaction:
    """Something a person asked of the bot. `kind`: 2 command, 3 component, 4 autocomplete, 5 modal, which was
    opened by its `cause`."""

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
    # Whose installation brought it here: {"0": guild's id} and {"1": user's id}, as Discord tells.
    owners: dict[str, str] = field(default_factory=dict)

    @property
    def only_user_installed(self) -> bool:
        """Whether the application is here on the person's account alone."""
        return "0" not in self.owners

    @property
    def latency(self) -> float | None:
        """Seconds from the gateway's send to the callback's receipt; None while unanswered."""
        return None if self.answered_at is None else self.answered_at - self.sent_at


@dataclass(eq=False)
class Application:
    """The bot's application. `intents` are the privileged gateway intents it was granted, `installs` the ids
    of the people who have it on their account."""

    id: int
    name: str
    bot: User
    owner: User
    token: str
    intents: int
    installs: set[int] = field(default_factory=set)
    commands: dict[int, Json] = field(default_factory=dict)
    guild_commands: dict[int, dict[int, Json]] = field(default_factory=dict)
