"""What a person asked, and what came of it."""

from dreambot.sandbox.asking.modal import fields
from dreambot.sandbox.driver.message import MessageHandle
from dreambot.sandbox.model import Interaction, Json
from dreambot.sandbox.world import World


class InteractionHandle:
    """An interaction on its way."""

    def __init__(self, world: World, interaction: Interaction) -> None:
        self.world = world
        self.model = interaction

    @property
    def latency(self) -> float | None:
        """Seconds from the gateway's send to the callback's receipt; None while unanswered."""
        return self.model.latency

    @property
    def answer_type(self) -> int | None:
        """Discord's callback type: 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal."""
        return self.model.answer_type

    @property
    def failed(self) -> bool:
        """Whether the person was told that the application did not respond."""
        return self.model.failed

    @property
    def modal(self) -> Json | None:
        """The modal it was answered with: title, custom_id, components."""
        return self.model.modal

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of that modal by custom_id, each with its label; empty without a modal."""
        return {} if self.model.modal is None else fields(self.model.modal)

    @property
    def _answered(self) -> bool:
        return self.model.answered is not None

    async def acknowledged(self, timeout: float = 60.0) -> "InteractionHandle":
        """Wait for the first answer, of any type. Raises TimeoutError, at once where the interaction
        failed."""
        what = f"an answer to {self.model.name!r}"
        await self.world.hub.wait_for(lambda: self._answered or self.failed, timeout, what)
        if self.failed:
            raise TimeoutError(f"The application did not respond to {self.model.name!r} within 3 s")
        return self

    async def response(self, timeout: float = 60.0) -> MessageHandle:
        """The message that answers it, as it then stands: perhaps still thinking."""
        await self.acknowledged(timeout)
        if self.model.original is None:
            raise LookupError(f"{self.model.name!r} was answered with type {self.answer_type}, not a message")
        return MessageHandle(self.world, self.model.original)

    async def result(self, timeout: float = 60.0) -> MessageHandle:
        """The answer once it is no longer thinking."""
        message = await self.response(timeout)
        return await message.until(lambda now: not now.thinking, timeout)

    async def follow_up(self, timeout: float = 60.0) -> MessageHandle:
        """The first follow-up message."""
        return (await self.follow_ups(1, timeout))[0]

    async def follow_ups(self, count: int, timeout: float = 60.0) -> list[MessageHandle]:
        """The follow-up messages, once there are `count` of them."""

        def look() -> list[MessageHandle] | None:
            messages = [one for one in self.model.channel.messages.values() if one.interaction is self.model]
            found = [MessageHandle(self.world, one) for one in messages if one is not self.model.original]
            return found if len(found) >= count else None

        return await self.world.hub.wait_for(look, timeout, f"{count} follow-up(s) to {self.model.name!r}")
