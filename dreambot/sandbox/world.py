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
    """Generates increasing ids.

    No two share a millisecond, because the shard of a guild is computed from the milliseconds in its id.

    Args:
        clock: The source of the time that ids contain.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Returns a new id, which contains the current time."""
        self._last = max(int(self._clock.now() * 1000) - EPOCH_MS, self._last + 1)
        return self._last << 22


def shard_of(guild_id: int, shards: int) -> int:
    """Returns the shard (0 … shards - 1) that receives a guild's events.

    Args:
        guild_id: The guild.
        shards: The number of shards.
    """
    return (guild_id >> 22) % shards


UPLOAD_LIMIT = 10 * 1024 * 1024


class World:
    """All objects of the sandbox, with one bot application.

    Args:
        bot_name: The name of the bot's account and application.
        upload_limit: Bytes per file, in direct messages and new guilds.
    """

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
        """Returns a new random bot token."""
        return f"sandbox.{secrets.token_urlsafe(24)}"

    def track_task(self, task: "asyncio.Task[None]") -> None:
        """Keeps a reference to a task until it ends. The sandbox cancels the remaining ones when it stops.

        Args:
            task: The running task.
        """
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.application.bot

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Adds an account that is in no guild yet.

        Args:
            name: The display name; the username is derived from it.
            bot: Whether it is a bot's account.
        """
        username = "".join(one for one in name.lower() if one.isalnum() or one in "._") or "user"
        user = User(self.ids.next(), username, None if bot else name, bot)
        user.avatar = f"{user.id:032x}"
        self.users[user.id] = user
        return user

    @property
    def bot_guilds(self) -> list[Guild]:
        """The guilds that the bot is a member of."""
        return [one for one in self.guilds.values() if self.bot.id in one.members]

    def add_guild(self, name: str, *, bot_permissions: Permission | None) -> Guild:
        """Adds a guild owned by the operator.

        Args:
            name: The guild's name.
            bot_permissions: The permissions of the bot's role; None leaves the bot out.
        """
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
        """Adds the bot to a guild, with a role of its own.

        Args:
            guild: The guild.
            permissions: The permissions of the bot's role.
        """
        managed = Role(self.ids.next(), self.application.name, permissions, position=1)
        guild.roles[managed.id] = managed
        guild.members[self.bot.id] = Member(self.bot, self.clock.now(), [managed.id])

    def add_member(self, guild: Guild, user: User, roles: list[int] | None = None) -> Member:
        """Makes a user a member of a guild.

        Args:
            guild: The guild.
            user: The user.
            roles: The ids of the member's roles.
        """
        member = Member(user, self.clock.now(), roles or [])
        guild.members[user.id] = member
        self.events.publish(Event("GUILD_MEMBER_ADD", guild=guild, user=user))
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str,
        *,
        nsfw: bool = False,
        spoiler: bool = False,
        topic: str | None = None,
    ) -> Channel:
        """Adds a text channel.

        Args:
            guild: The guild it belongs to.
            name: The name, without the #.
            nsfw: Whether it is age-restricted.
            spoiler: Whether all its media are spoilers.
            topic: The topic, if any.
        """
        channel = Channel(self.ids.next(), ChannelType.TEXT, guild, name, topic, nsfw, spoiler)
        channel.position = len(guild.channels)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.events.publish(Event("CHANNEL_CREATE", guild=guild, channel=channel))
        return channel

    def add_thread(self, parent: Channel, owner: User, message_id: int, name: str) -> Channel:
        """Adds a public thread.

        Args:
            parent: The text channel that it belongs to.
            owner: The user who starts it.
            message_id: The message that it is started from; the thread gets the same id.
            name: The thread's name.
        """
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
        """Returns a guild's emoji, or None.

        Args:
            emoji_id: The emoji.
        """
        return next((one.emojis[emoji_id] for one in self.guilds.values() if emoji_id in one.emojis), None)

    def find_sticker(self, sticker_id: int) -> tuple[Sticker, Guild]:
        """Returns a guild's sticker and the guild.

        Args:
            sticker_id: The sticker.

        Raises:
            ApiError: 10060, there is no such sticker.
        """
        for guild in self.guilds.values():
            if sticker_id in guild.stickers:
                return guild.stickers[sticker_id], guild
        raise api_error(10060)

    def dm_channel(self, one: User, other: User) -> Channel:
        """Returns the direct conversation of two users, creating it if needed.

        Args:
            one: The first user.
            other: The second user.
        """
        for channel in self.channels.values():
            if channel.guild is None and {one, other} == set(channel.recipients):
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, recipients=[one, other])
        self.channels[channel.id] = channel
        self.events.publish(Event("CHANNEL_CREATE", channel=channel))
        return channel

    def permissions(self, channel: Channel, user: User) -> Permission:
        """Returns a user's permissions in a channel; none if they are not in its guild or conversation.

        Args:
            channel: The channel.
            user: The user.
        """
        if channel.guild is None:
            return DM_PERMISSIONS if user in channel.recipients else Permission(0)
        member = channel.guild.members.get(user.id)
        return Permission(0) if member is None else channel_permissions(channel, member, self.clock.now())

    def has_bot(self, channel: Channel) -> bool:
        """Returns whether the bot is a member of the channel's guild or conversation.

        Args:
            channel: The channel.
        """
        guild = channel.guild
        return self.bot in channel.recipients if guild is None else self.bot.id in guild.members

    def available_commands(self, channel: Channel, user: User) -> list[Json]:
        """Returns the application commands that are offered to a user in a channel.

        These are the commands of the bot if it is there, and those of the application if the user has
        installed it.

        Args:
            channel: The channel.
            user: The user.
        """
        guild, has_bot = channel.guild, self.has_bot(channel)
        own = self.application.guild_commands.get(guild.id, {}) if guild and has_bot else {}
        installation_types = {0} if has_bot else set()
        if user.id in self.application.installs:
            installation_types.add(1)
        known = self.application.commands.values()
        return [one for one in known if installation_types & set(one["integration_types"])] + list(
            own.values()
        )

    def find_channel(self, channel_id: int) -> Channel:
        """Returns a channel.

        Args:
            channel_id: The channel.

        Raises:
            ApiError: 10003, there is no such channel.
        """
        if channel_id not in self.channels:
            raise api_error(10003)
        return self.channels[channel_id]

    def find_guild(self, guild_id: int) -> Guild:
        """Returns a guild that the bot is in.

        Args:
            guild_id: The guild.

        Raises:
            ApiError: 10004 if there is no such guild, 50001 if the bot is not a member.
        """
        if guild_id not in self.guilds:
            raise api_error(10004)
        if self.bot.id not in self.guilds[guild_id].members:
            raise api_error(50001)
        return self.guilds[guild_id]

    def find_user(self, user_id: int) -> User:
        """Returns a user.

        Args:
            user_id: The user.

        Raises:
            ApiError: 10013, there is no such user.
        """
        if user_id not in self.users:
            raise api_error(10013)
        return self.users[user_id]

    def find_message(self, channel: Channel, message_id: int) -> Message:
        """Returns a message of a channel.

        Args:
            channel: The channel.
            message_id: The message.

        Raises:
            ApiError: 10008, there is no such message or it is ephemeral: those are not part of a channel.
        """
        message = channel.messages.get(message_id)
        if message is None or message.ephemeral:
            raise api_error(10008)
        return message
