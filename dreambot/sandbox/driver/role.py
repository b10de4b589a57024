"""Roles as a test sees them."""

from dreambot.sandbox.driver.user import UserHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Guild, Role
from dreambot.sandbox.permissions import Permission
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
        self.world.hub.publish(event)

    def delete(self) -> None:
        """Remove it, from its members too."""
        del self.guild.roles[self.id]
        for member in self.guild.members.values():
            member.roles = [one for one in member.roles if one != self.id]
        event = Event("GUILD_ROLE_DELETE", guild=self.guild, data={"role_id": self.id})
        self.world.hub.publish(event)

    def _tell_of(self, member: UserHandle) -> None:
        self.world.hub.publish(Event("GUILD_MEMBER_UPDATE", guild=self.guild, user=member.model))
