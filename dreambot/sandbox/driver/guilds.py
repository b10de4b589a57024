"""Handles of guilds and roles."""

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Emoji, Guild, Role, Sticker
from dreambot.sandbox.permissions import DEFAULT_BOT_PERMISSIONS, NO_PERMISSIONS, Permission
from dreambot.sandbox.sniff import sniff
from dreambot.sandbox.world import World


class RoleHandle:
    """A role of a guild.

    Args:
        world: The sandbox's state.
        guild: The guild.
        role: The role.
    """

    def __init__(self, world: World, guild: Guild, role: Role) -> None:
        self.world = world
        self.guild = guild
        self.model = role

    @property
    def id(self) -> int:
        """The role's id."""
        return self.model.id

    @property
    def mention(self) -> str:
        """The text that mentions the role in a message."""
        return f"<@&{self.id}>"

    def give(self, member: UserHandle) -> None:
        """Adds the role to a member.

        Args:
            member: The member.
        """
        roles = self.guild.members[member.id].roles
        if self.id not in roles:
            roles.append(self.id)
            self._tell_of(member)

    def take(self, member: UserHandle) -> None:
        """Removes the role from a member.

        Args:
            member: The member.
        """
        self.guild.members[member.id].roles.remove(self.id)
        self._tell_of(member)

    def set_permissions(self, permissions: Permission) -> None:
        """Sets the role's permissions in the guild.

        Args:
            permissions: The permissions.
        """
        self.model.permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.guild, data={"role_id": self.id})
        self.world.events.publish(event)

    def delete(self) -> None:
        """Deletes the role, and removes it from its members."""
        del self.guild.roles[self.id]
        for member in self.guild.members.values():
            member.roles = [one for one in member.roles if one != self.id]
        event = Event("GUILD_ROLE_DELETE", guild=self.guild, data={"role_id": self.id})
        self.world.events.publish(event)

    def _tell_of(self, member: UserHandle) -> None:
        self.world.events.publish(Event("GUILD_MEMBER_UPDATE", guild=self.guild, user=member.model))


class GuildHandle:
    """A guild. The bot is a member unless the guild was added without it.

    Args:
        world: The sandbox's state.
        guild: The guild.
    """

    def __init__(self, world: World, guild: Guild) -> None:
        self.world = world
        self.model = guild

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.model.id

    @property
    def channels(self) -> list[ChannelHandle]:
        """The guild's text channels."""
        return [ChannelHandle(self.world, channel) for channel in self.model.channels.values()]

    def add_channel(
        self, name: str, *, nsfw: bool = False, spoiler: bool = False, topic: str | None = None
    ) -> ChannelHandle:
        """Adds a text channel.

        Args:
            name: The name, without the #.
            nsfw: Whether it is age-restricted.
            spoiler: Whether all its media are spoilers.
            topic: The topic, if any.
        """
        channel = self.world.add_channel(self.model, name, nsfw=nsfw, spoiler=spoiler, topic=topic)
        return ChannelHandle(self.world, channel)

    def add_member(
        self, who: str | UserHandle, *, permissions: Permission = NO_PERMISSIONS, bot: bool = False
    ) -> UserHandle:
        """Adds a member.

        Args:
            who: The name of a new user, or a user who exists already.
            permissions: Permissions beyond those of @everyone, given through a role.
            bot: Whether a new user is another bot.
        """
        user = who.model if isinstance(who, UserHandle) else self.world.add_user(who, bot=bot)
        roles = [self.add_role(f"{user.username}'s role", permissions=permissions).id] if permissions else []
        self.world.add_member(self.model, user, roles)
        return UserHandle(self.world, user)

    def add_role(
        self, name: str, *, permissions: Permission = NO_PERMISSIONS, mentionable: bool = False
    ) -> RoleHandle:
        """Adds a role.

        Args:
            name: The role's name.
            permissions: Permissions beyond those of @everyone.
            mentionable: Whether every member may mention it.
        """
        role = Role(self.world.ids.next(), name, permissions, len(self.model.roles), mentionable)
        self.model.roles[role.id] = role
        self.world.events.publish(Event("GUILD_ROLE_CREATE", guild=self.model, data={"role_id": role.id}))
        return RoleHandle(self.world, self.model, role)

    def add_emoji(self, name: str, picture: bytes) -> Emoji:
        """Adds an emoji. `str(emoji)` shows it in a message.

        Args:
            name: The emoji's name.
            picture: The image file; a GIF makes an animated emoji.
        """
        moves = sniff(picture)[0] == "image/gif"
        emoji = Emoji(self.world.ids.next(), name, picture, moves)
        self.model.emojis[emoji.id] = emoji
        self.world.events.publish(Event("GUILD_EMOJIS_UPDATE", guild=self.model))
        return emoji

    def add_sticker(self, name: str, picture: bytes) -> Sticker:
        """Adds a sticker.

        Args:
            name: The sticker's name.
            picture: The image file: PNG, animated PNG or GIF.
        """
        kind = 4 if sniff(picture)[0] == "image/gif" else 2 if b"acTL" in picture[:200] else 1
        sticker = Sticker(self.world.ids.next(), name, picture, kind)
        self.model.stickers[sticker.id] = sticker
        self.world.events.publish(Event("GUILD_STICKERS_UPDATE", guild=self.model))
        return sticker

    def set_bot_permissions(self, permissions: Permission) -> None:
        """Sets the permissions of the bot's own role. The bot keeps those of @everyone.

        Args:
            permissions: The permissions.
        """
        role = self.model.roles[self.model.members[self.world.bot.id].roles[0]]
        role.permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": role.id})
        self.world.events.publish(event)

    def set_everyone_permissions(self, permissions: Permission) -> None:
        """Sets the permissions of @everyone.

        Args:
            permissions: The permissions.
        """
        self.model.roles[self.id].permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": self.id})
        self.world.events.publish(event)

    def set_locale(self, locale: str) -> None:
        """Sets the guild's preferred language.

        Args:
            locale: Such as "de", "es-ES".
        """
        self.model.locale = locale
        self.world.events.publish(Event("GUILD_UPDATE", guild=self.model))

    def add_bot(self, *, permissions: Permission = DEFAULT_BOT_PERMISSIONS) -> None:
        """Invites the bot.

        Args:
            permissions: The permissions of the bot's role.
        """
        self.world.invite_bot(self.model, permissions)
        self.world.events.publish(Event("GUILD_CREATE", guild=self.model))

    def remove_bot(self) -> None:
        """Kicks the bot."""
        del self.world.guilds[self.id]
        for channel in self.model.channels:
            self.world.channels.pop(channel, None)
        self.world.events.publish(Event("GUILD_DELETE", guild=self.model))

    def time_out(self, member: UserHandle | None = None, *, seconds: float = 60.0) -> None:
        """Puts a member in a timeout.

        Args:
            member: The member; None is the bot.
            seconds: The duration.
        """
        user = self.world.bot if member is None else member.model
        self.model.members[user.id].timed_out_until = self.world.clock.now() + seconds
        self.world.events.publish(Event("GUILD_MEMBER_UPDATE", guild=self.model, user=user))
