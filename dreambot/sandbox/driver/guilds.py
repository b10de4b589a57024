"""Handles of guilds and roles."""

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.models import Emoji, Guild, Role, Sticker
from dreambot.sandbox.permissions import DEFAULT_BOT_PERMISSIONS, NO_PERMISSIONS, Permission
from dreambot.sandbox.sniff import sniff
from dreambot.sandbox.world import World


class RoleHandle:
    """A role of a guild."""

    def __init__(self, world: World, guild: Guild, role: Role) -> None:
        self.world = world
        self.guild = guild
        self.model = role

    @property
    def id(self) -> int:
        """Its id."""
        return self.model.id

    @property
    def mention(self) -> str:
        """What mentions it in a message."""
        return f"<@&{self.id}>"

    def give(self, member: UserHandle) -> None:
        """Give it to a member."""
        roles = self.guild.members[member.id].roles
        if self.id not in roles:
            roles.append(self.id)
            self._tell_of(member)

    def take(self, member: UserHandle) -> None:
        """Take it from a member."""
        self.guild.members[member.id].roles.remove(self.id)
        self._tell_of(member)

    def set_permissions(self, permissions: Permission) -> None:
        """What it allows in the whole guild."""
        self.model.permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.guild, data={"role_id": self.id})
        self.world.events.publish(event)

    def delete(self) -> None:
        """Remove it, from its members too."""
        del self.guild.roles[self.id]
        for member in self.guild.members.values():
            member.roles = [one for one in member.roles if one != self.id]
        event = Event("GUILD_ROLE_DELETE", guild=self.guild, data={"role_id": self.id})
        self.world.events.publish(event)

    def _tell_of(self, member: UserHandle) -> None:
        self.world.events.publish(Event("GUILD_MEMBER_UPDATE", guild=self.guild, user=member.model))


class GuildHandle:
    """A server, with the bot in it unless it was made without."""

    def __init__(self, world: World, guild: Guild) -> None:
        self.world = world
        self.model = guild

    @property
    def id(self) -> int:
        """Its id."""
        return self.model.id

    @property
    def channels(self) -> list[ChannelHandle]:
        """Its channels."""
        return [ChannelHandle(self.world, channel) for channel in self.model.channels.values()]

    def add_channel(self, name: str, *, nsfw: bool = False, topic: str | None = None) -> ChannelHandle:
        """A new text channel; `nsfw` makes it age-restricted."""
        return ChannelHandle(self.world, self.world.add_channel(self.model, name, nsfw=nsfw, topic=topic))

    def add_member(
        self, who: str | UserHandle, *, permissions: Permission = NO_PERMISSIONS, bot: bool = False
    ) -> UserHandle:
        """A member, new by name or someone already known. `permissions` come on top of @everyone's, through a
        role; `bot` makes it another bot."""
        user = who.model if isinstance(who, UserHandle) else self.world.add_user(who, bot=bot)
        roles = [self.add_role(f"{user.username}'s role", permissions=permissions).id] if permissions else []
        self.world.add_member(self.model, user, roles)
        return UserHandle(self.world, user)

    def add_role(self, name: str, *, permissions: Permission = NO_PERMISSIONS) -> RoleHandle:
        """A new role; `permissions` come on top of @everyone's."""
        role = Role(self.world.ids.next(), name, permissions, len(self.model.roles))
        self.model.roles[role.id] = role
        self.world.events.publish(Event("GUILD_ROLE_CREATE", guild=self.model, data={"role_id": role.id}))
        return RoleHandle(self.world, self.model, role)

    def add_emoji(self, name: str, picture: bytes) -> Emoji:
        """A new emoji; `str(emoji)` shows it in a message. A GIF moves."""
        moves = sniff(picture)[0] == "image/gif"
        emoji = Emoji(self.world.ids.next(), name, picture, moves)
        self.model.emojis[emoji.id] = emoji
        self.world.events.publish(Event("GUILD_EMOJIS_UPDATE", guild=self.model))
        return emoji

    def add_sticker(self, name: str, picture: bytes) -> Sticker:
        """A new sticker: a PNG (moving or not) or a GIF."""
        kind = 4 if sniff(picture)[0] == "image/gif" else 2 if b"acTL" in picture[:200] else 1
        sticker = Sticker(self.world.ids.next(), name, picture, kind)
        self.model.stickers[sticker.id] = sticker
        self.world.events.publish(Event("GUILD_STICKERS_UPDATE", guild=self.model))
        return sticker

    def set_bot_permissions(self, permissions: Permission) -> None:
        """What the bot's own role allows in the whole guild; @everyone's permissions stay its own too."""
        role = self.model.roles[self.model.members[self.world.bot.id].roles[0]]
        role.permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": role.id})
        self.world.events.publish(event)

    def set_everyone_permissions(self, permissions: Permission) -> None:
        """What @everyone may do."""
        self.model.roles[self.id].permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": self.id})
        self.world.events.publish(event)

    def set_locale(self, locale: str) -> None:
        """Set the guild's own language."""
        self.model.locale = locale
        self.world.events.publish(Event("GUILD_UPDATE", guild=self.model))

    def add_bot(self, *, permissions: Permission = DEFAULT_BOT_PERMISSIONS) -> None:
        """Invite the bot."""
        self.world.invite_bot(self.model, permissions)
        self.world.events.publish(Event("GUILD_CREATE", guild=self.model))

    def remove_bot(self) -> None:
        """Kick the bot."""
        del self.world.guilds[self.id]
        for channel in self.model.channels:
            self.world.channels.pop(channel, None)
        self.world.events.publish(Event("GUILD_DELETE", guild=self.model))

    def time_out(self, member: UserHandle | None = None, *, seconds: float = 60.0) -> None:
        """Put a member, or the bot, in time-out."""
        user = self.world.bot if member is None else member.model
        self.model.members[user.id].timed_out_until = self.world.clock.now() + seconds
        self.world.events.publish(Event("GUILD_MEMBER_UPDATE", guild=self.model, user=user))
