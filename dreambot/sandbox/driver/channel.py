"""Channels as a test sees them."""

from collections.abc import Callable, Sequence

from dreambot.sandbox.driver.message import MessageHandle
from dreambot.sandbox.events import Event
from dreambot.sandbox.model import Channel, Overwrite, User
from dreambot.sandbox.permissions import NOTHING, Permission
from dreambot.sandbox.posting import Draft, Upload, post
from dreambot.sandbox.world import World


class ChannelHandle:
    """A text channel, or a direct conversation."""

    def __init__(self, world: World, channel: Channel) -> None:
        self.world = world
        self.model = channel

    @property
    def id(self) -> int:
        """Its id."""
        return self.model.id

    @property
    def name(self) -> str:
        """Its name without the #."""
        return self.model.name

    @property
    def messages(self) -> list[MessageHandle]:
        """Its messages, ephemeral ones too, oldest first."""
        return [MessageHandle(self.world, self.model.messages[key]) for key in sorted(self.model.messages)]

    @property
    def bot_permissions(self) -> Permission:
        """What the bot may do here."""
        return self.world.permissions(self.model, self.world.bot)

    def revoke(self, permission: Permission, *, of: int | None = None) -> None:
        """Take permissions away from the bot here, or from the member or role with the id `of`."""
        self._overwrite(of, deny=permission)

    def allow(self, permission: Permission, *, of: int | None = None) -> None:
        """Give permissions to the bot here, or to the member or role with the id `of`."""
        self._overwrite(of, allow=permission)

    def _overwrite(
        self, whose: int | None, *, allow: Permission = NOTHING, deny: Permission = NOTHING
    ) -> None:
        target, guild = whose or self.world.bot.id, self.model.guild
        kind = 0 if guild is not None and target in guild.roles else 1
        kept = self.model.overwrites.setdefault(target, Overwrite(target, kind))
        kept.allow = (kept.allow | allow) & ~deny
        kept.deny = (kept.deny | deny) & ~allow
        self.world.hub.publish(Event("CHANNEL_UPDATE", guild=self.model.guild, channel=self.model))

    def post_by_webhook(self, name: str, text: str, *, files: Sequence[Upload] = ()) -> MessageHandle:
        """Somebody else's webhook posts under a name."""
        author = User(self.world.ids.next(), name, bot=True)
        draft = Draft(content=text, uploads=files)
        message = post(self.world, self.model, author, draft, webhook=author.id)
        return MessageHandle(self.world, message)

    def delete(self) -> None:
        """Remove the channel with all in it."""
        if self.model.guild is not None:
            del self.model.guild.channels[self.id]
        del self.world.channels[self.id]
        self.world.hub.publish(Event("CHANNEL_DELETE", guild=self.model.guild, channel=self.model))

    async def wait_for_message(
        self,
        predicate: Callable[[MessageHandle], object] = lambda _: True,
        timeout: float = 60.0,
        *,
        by_bot: bool = True,
    ) -> MessageHandle:
        """The newest message for which `predicate` is true, waiting for it; of the bot unless `by_bot` is
        False."""

        def look() -> MessageHandle | None:
            for message in reversed(self.messages):
                if (message.model.author is self.world.bot or not by_bot) and predicate(message):
                    return message
            return None

        try:
            return await self.world.hub.wait_for(look, timeout, f"such a message in #{self.name}")
        except TimeoutError as error:
            raise TimeoutError(f"{error}; there are {self.messages}") from None

    def __repr__(self) -> str:
        return f"<channel #{self.name}>"
