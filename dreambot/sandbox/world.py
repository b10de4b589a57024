"""The state of the sandbox: who and what exists, found by id, and made anew."""

import asyncio
import secrets

from dreambot.sandbox.clock import Clock
from dreambot.sandbox.events import Event, Hub
from dreambot.sandbox.links import Links
from dreambot.sandbox.model import (
    Application,
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Interaction,
    Json,
    Member,
    Message,
    Role,
    User,
)
from dreambot.sandbox.payload.application import MEMBERS, MESSAGE_CONTENT, PRESENCES
from dreambot.sandbox.permissions import DIRECT, EVERYONE, Permission, in_channel
from dreambot.sandbox.refusal import refuse
from dreambot.sandbox.snowflake import Snowflakes

UPLOAD_LIMIT = 10 * 1024 * 1024


class World:
    """Everything that exists, with one bot application."""

    def __init__(self, *, bot_name: str = "dreambot", upload_limit: int = UPLOAD_LIMIT) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.hub = Hub()
        self.links = Links(self.clock)
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

    def keep(self, task: "asyncio.Task[None]") -> None:
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

    def add_guild(self, name: str, *, bot_permissions: Permission) -> Guild:
        """A new guild, owned by the operator, with the bot in it."""
        owner = self.application.owner
        guild = Guild(self.ids.next(), name, owner, self.upload_limit)
        everyone = Role(guild.id, "@everyone", EVERYONE)
        managed = Role(self.ids.next(), self.application.name, bot_permissions, position=1)
        guild.roles = {everyone.id: everyone, managed.id: managed}
        self.guilds[guild.id] = guild
        for user, own in ((owner, []), (self.bot, [managed.id])):
            guild.members[user.id] = Member(user, self.clock.now(), own)
        self.hub.publish(Event("GUILD_CREATE", guild=guild))
        return guild

    def join(self, guild: Guild, user: User, roles: list[int] | None = None) -> Member:
        """Make a user a member of a guild."""
        member = Member(user, self.clock.now(), roles or [])
        guild.members[user.id] = member
        self.hub.publish(Event("GUILD_MEMBER_ADD", guild=guild, user=user))
        return member

    def add_channel(
        self, guild: Guild, name: str, *, nsfw: bool = False, topic: str | None = None
    ) -> Channel:
        """A new text channel."""
        channel = Channel(self.ids.next(), ChannelType.TEXT, guild, name, topic, nsfw)
        channel.position = len(guild.channels)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.hub.publish(Event("CHANNEL_CREATE", guild=guild, channel=channel))
        return channel

    def direct_channel(self, one: User, other: User) -> Channel:
        """The direct conversation of two users, opened where there is none."""
        for channel in self.channels.values():
            if channel.guild is None and {one, other} == set(channel.recipients):
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, recipients=[one, other])
        self.channels[channel.id] = channel
        self.hub.publish(Event("CHANNEL_CREATE", channel=channel))
        return channel

    def permissions(self, channel: Channel, user: User) -> Permission:
        """What a user may do in a channel; nothing where they are not in the guild or the conversation."""
        if channel.guild is None:
            return DIRECT if user in channel.recipients else Permission(0)
        member = channel.guild.members.get(user.id)
        return Permission(0) if member is None else in_channel(channel, member, self.clock.now())

    def commands(self, guild: Guild | None) -> list[Json]:
        """The application commands offered in a guild, or in direct conversation."""
        own = self.application.guild_commands.get(guild.id, {}) if guild else {}
        return [*self.application.commands.values(), *own.values()]

    def find_channel(self, channel_id: int) -> Channel:
        """Raises Refusal 10003."""
        if channel_id not in self.channels:
            raise refuse(10003)
        return self.channels[channel_id]

    def find_guild(self, guild_id: int) -> Guild:
        """Raises Refusal 10004; 50001 would be told of guilds the bot is not in, and it is in all."""
        if guild_id not in self.guilds:
            raise refuse(10004)
        return self.guilds[guild_id]

    def find_user(self, user_id: int) -> User:
        """Raises Refusal 10013."""
        if user_id not in self.users:
            raise refuse(10013)
        return self.users[user_id]

    def find_message(self, channel: Channel, message_id: int) -> Message:
        """Raises Refusal 10008, for ephemeral messages too: channels do not know of them."""
        message = channel.messages.get(message_id)
        if message is None or message.ephemeral:
            raise refuse(10008)
        return message
