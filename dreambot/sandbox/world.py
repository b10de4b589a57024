"""The state of the sandbox: creates users, guilds and channels, and finds them by snowflake id."""

import asyncio
import secrets

from dreambot.sandbox.cdn_links import CdnLinks
from dreambot.sandbox.clock import Clock
from dreambot.sandbox.errors import api_error
from dreambot.sandbox.events import Event, EventBus
from dreambot.sandbox.models import (
    Application,
    Attachment,
    Channel,
    ChannelType,
    Emoji,
    Guild,
    Interaction,
    Json,
    Member,
    Message,
    Role,
    Sticker,
    User,
)
from dreambot.sandbox.payload.users import MEMBERS, MESSAGE_CONTENT, PRESENCES
from dreambot.sandbox.permissions import DM_PERMISSIONS, EVERYONE_PERMISSIONS, Permission, channel_permissions

EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Gives out ids that only ever grow; no two share a millisecond, so guilds spread over shards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A new id, carrying the time of its making."""
        self._last = max(int(self._clock.now() * 1000) - EPOCH_MS, self._last + 1)
        return self._last << 22


def shard_of(guild_id: int, shards: int) -> int:
    """The shard (0 … shards - 1) that hears of a guild."""
    return (guild_id >> 22) % shards


UPLOAD_LIMIT = 10 * 1024 * 1024


class World:
    """Everything that exists, with one bot application."""

    def __init__(self, *, bot_name: str = "dreambot", upload_limit: int = UPLOAD_LIMIT) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.events = EventBus()
        self.links = CdnLinks(self.clock)
        self.upload_limit = upload_limit
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.uploads: dict[int, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.shards: int | None = None
        self.identify_concurrency: int | None = None
        self.bot_online = False
        bot = self.add_user(bot_name, bot=True)
        owner = self.add_user("operator")
        self.application = Application(
            id=bot.id,
            name=bot_name,
            bot=bot,
            owner=owner,
            token=self.new_token(),
            intents=MESSAGE_CONTENT | MEMBERS | PRESENCES,
        )

    @staticmethod
    def new_token() -> str:
        """A bot token nobody had before."""
        return f"sandbox.{secrets.token_urlsafe(24)}"

    def track_task(self, task: "asyncio.Task[None]") -> None:
        """Hold on to a task until it ends or the sandbox does."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.application.bot

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A new account, in no guild yet."""
        username = "".join(one for one in name.lower() if one.isalnum() or one in "._") or "user"
        user = User(self.ids.next(), username, None if bot else name, bot)
        user.avatar = f"{user.id:032x}"
        self.users[user.id] = user
        return user

    @property
    def bot_guilds(self) -> list[Guild]:
        """The guilds the bot is in."""
        return [one for one in self.guilds.values() if self.bot.id in one.members]

    def add_guild(self, name: str, *, bot_permissions: Permission | None) -> Guild:
        """A new guild, owned by the operator, with the bot in it, or without where it has no permissions."""
        owner = self.application.owner
        guild = Guild(self.ids.next(), name, owner, self.upload_limit)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE_PERMISSIONS)
        guild.members[owner.id] = Member(owner, self.clock.now())
        self.guilds[guild.id] = guild
        if bot_permissions is not None:
            self.invite_bot(guild, bot_permissions)
        self.events.publish(Event("GUILD_CREATE", guild=guild))
        return guild

    def invite_bot(self, guild: Guild, permissions: Permission) -> None:
        """Put the bot in a guild, with a role of its own."""
        managed = Role(self.ids.next(), self.application.name, permissions, position=1)
        guild.roles[managed.id] = managed
        guild.members[self.bot.id] = Member(self.bot, self.clock.now(), [managed.id])

    def add_member(self, guild: Guild, user: User, roles: list[int] | None = None) -> Member:
        """Make a user a member of a guild."""
        member = Member(user, self.clock.now(), roles or [])
        guild.members[user.id] = member
        self.events.publish(Event("GUILD_MEMBER_ADD", guild=guild, user=user))
        return member

    def add_channel(
        self, guild: Guild, name: str, *, nsfw: bool = False, topic: str | None = None
    ) -> Channel:
        """A new text channel."""
        channel = Channel(self.ids.next(), ChannelType.TEXT, guild, name, topic, nsfw)
        channel.position = len(guild.channels)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.events.publish(Event("CHANNEL_CREATE", guild=guild, channel=channel))
        return channel

    def add_thread(self, parent: Channel, owner: User, message_id: int, name: str) -> Channel:
        """A new thread, which has the id of the message that it is started from."""
        thread = Channel(
            message_id,
            ChannelType.PUBLIC_THREAD,
            parent.guild,
            name,
            nsfw=parent.nsfw,
            parent=parent,
            owner=owner,
        )
        thread.created_at = self.clock.now()
        assert parent.guild is not None
        parent.guild.threads[thread.id] = self.channels[thread.id] = thread
        self.events.publish(Event("THREAD_CREATE", guild=parent.guild, channel=thread))
        return thread

    def find_emoji(self, emoji_id: int) -> Emoji | None:
        """A guild's own emoji."""
        return next((one.emojis[emoji_id] for one in self.guilds.values() if emoji_id in one.emojis), None)

    def find_sticker(self, sticker_id: int) -> tuple[Sticker, Guild]:
        """A guild's own sticker, and the guild. Raises ApiError 10060."""
        for guild in self.guilds.values():
            if sticker_id in guild.stickers:
                return guild.stickers[sticker_id], guild
        raise api_error(10060)

    def dm_channel(self, one: User, other: User) -> Channel:
        """The direct conversation of two users, opened where there is none."""
        for channel in self.channels.values():
            if channel.guild is None and {one, other} == set(channel.recipients):
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, recipients=[one, other])
        self.channels[channel.id] = channel
        self.events.publish(Event("CHANNEL_CREATE", channel=channel))
        return channel

    def permissions(self, channel: Channel, user: User) -> Permission:
        """What a user may do in a channel; nothing where they are not in the guild or the conversation."""
        if channel.guild is None:
            return DM_PERMISSIONS if user in channel.recipients else Permission(0)
        member = channel.guild.members.get(user.id)
        return Permission(0) if member is None else channel_permissions(channel, member, self.clock.now())

    def has_bot(self, channel: Channel) -> bool:
        """Whether the bot itself is where a channel is."""
        guild = channel.guild
        return self.bot in channel.recipients if guild is None else self.bot.id in guild.members

    def available_commands(self, channel: Channel, user: User) -> list[Json]:
        """The application commands offered to a person in a channel: of the bot that is there, and of the
        application on the person's account."""
        guild, here = channel.guild, self.has_bot(channel)
        own = self.application.guild_commands.get(guild.id, {}) if guild and here else {}
        places = {0} if here else set()
        if user.id in self.application.installs:
            places.add(1)
        known = self.application.commands.values()
        return [one for one in known if places & set(one["integration_types"])] + list(own.values())

    def find_channel(self, channel_id: int) -> Channel:
        """Raises ApiError 10003."""
        if channel_id not in self.channels:
            raise api_error(10003)
        return self.channels[channel_id]

    def find_guild(self, guild_id: int) -> Guild:
        """Raises ApiError 10004 where there is none, 50001 where the bot is not in it."""
        if guild_id not in self.guilds:
            raise api_error(10004)
        if self.bot.id not in self.guilds[guild_id].members:
            raise api_error(50001)
        return self.guilds[guild_id]

    def find_user(self, user_id: int) -> User:
        """Raises ApiError 10013."""
        if user_id not in self.users:
            raise api_error(10013)
        return self.users[user_id]

    def find_message(self, channel: Channel, message_id: int) -> Message:
        """Raises ApiError 10008, for ephemeral messages too: channels do not know of them."""
        message = channel.messages.get(message_id)
        if message is None or message.ephemeral:
            raise api_error(10008)
        return message
