"""Guilds as a test sees them."""

from dreambot.sandbox.driver.channel import ChannelHandle
from dreambot.sandbox.driver.user import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Guild, Role
from dreambot.sandbox.permissions import NOTHING, Permission
from dreambot.sandbox.world import World


class GuildHandle:
    """A server with the bot in it."""

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
        self, who: str | UserHandle, *, permissions: Permission = NOTHING, bot: bool = False
    ) -> UserHandle:
        """A member, new by name or someone already known. `permissions` come on top of @everyone's, through a
        role; `bot` makes it another bot."""
        user = who.model if isinstance(who, UserHandle) else self.world.add_user(who, bot=bot)
        roles = []
        if permissions:
            role = Role(self.world.ids.next(), f"{user.username}'s role", permissions, len(self.model.roles))
            self.model.roles[role.id] = role
            roles = [role.id]
            self.world.hub.publish(Event("GUILD_ROLE_CREATE", guild=self.model, data={"role_id": role.id}))
        self.world.join(self.model, user, roles)
        return UserHandle(self.world, user)

    def set_bot_permissions(self, permissions: Permission) -> None:
        """What the bot's own role allows in the whole guild; @everyone's permissions stay its own too."""
        role = self.model.roles[self.model.members[self.world.bot.id].roles[0]]
        role.permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": role.id})
        self.world.hub.publish(event)

    def set_everyone_permissions(self, permissions: Permission) -> None:
        """What @everyone may do."""
        self.model.roles[self.id].permissions = permissions
        event = Event("GUILD_ROLE_UPDATE", guild=self.model, data={"role_id": self.id})
        self.world.hub.publish(event)

    def remove_bot(self) -> None:
        """Kick the bot."""
        del self.world.guilds[self.id]
        for channel in self.model.channels:
            self.world.channels.pop(channel, None)
        self.world.hub.publish(Event("GUILD_DELETE", guild=self.model))

    def time_out(self, member: UserHandle | None = None, *, seconds: float = 60.0) -> None:
        """Put a member, or the bot, in time-out."""
        user = self.world.bot if member is None else member.model
        self.model.members[user.id].timed_out_until = self.world.clock.now() + seconds
        self.world.hub.publish(Event("GUILD_MEMBER_UPDATE", guild=self.model, user=user))
