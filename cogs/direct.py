"""Direct messages to the bot: pictures are dreamed without a mention, small talk is answered with help."""

import logging

import discord
from discord.ext import commands

from dreambot.bot import DreamBot
from dreambot.chat import source
from dreambot.chat.asking.direct import read_direct
from dreambot.chat.gate import NotAllowed, asker_of, require_unblocked
from dreambot.chat.words import Told, words
from dreambot.errors import UserError
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.wishes import Request, needs_source

log = logging.getLogger(__name__)

HELP_EVERY = 60.0
"""Seconds between two answers to a person's small talk."""


class Direct(commands.Cog):
    """Answers people's direct messages. Bots get no answer, so that two of them cannot go on for ever."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._helped = commands.CooldownMapping.from_cooldown(1, HELP_EVERY, commands.BucketType.user)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Dreams the picture of a direct message, or the one its words are about; else says what to do."""
        if message.guild or message.author.bot or message.webhook_id or message.is_system():
            return
        try:
            asked = read_direct(message)
        except UserError as error:
            await self._refuse(message, error)
            return
        if asked.picture:
            await self._dream(message, asked.request or DreamRequest(), message)
        elif asked.request:
            await self._dream(message, asked.request, await source.replied_to(message))
        else:
            await self._help(message)

    async def _dream(self, message: discord.Message, request: Request, about: discord.Message | None) -> None:
        """Dreams for a message. about: the message with the picture; where it has none, the newest one of the
        conversation is taken."""
        services, asker = self.bot.services, message.author.id
        shows = about is not None and (about is message or source.in_message(about) is not None)
        if isinstance(request, HellscapeRequest) and request.start is None and shows:
            request = request.model_copy(update={"start": "picture"})

        async def find() -> Subject | None:
            picture = None
            if about is message:
                picture = read_direct(message).picture
            elif about is not None:
                picture = await source.chosen(services, about, asker)
            if picture is None and needs_source(request):
                picture = await self._newest(message)
            return picture

        await self.bot.dreamer.for_message(message, lambda: request, find)

    async def _newest(self, message: discord.Message) -> Subject:
        me = self.bot.user.id if self.bot.user else 0
        history = message.channel.history(limit=source.LOOK_BACK, before=message)
        picture = await source.newest(self.bot.services, history, message.author.id, me)
        if picture is None:
            raise Told("dreaming-direct-no-picture")
        return picture

    async def _refuse(self, message: discord.Message, error: UserError) -> None:
        def read() -> Request:
            raise error

        async def find() -> None:
            return None

        await self.bot.dreamer.for_message(message, read, find)

    async def _help(self, message: discord.Message) -> None:
        """Says in a line what can be done, but not to the same person again and again."""
        bucket = self._helped.get_bucket(message)
        if bucket and bucket.update_rate_limit():
            return
        try:
            await require_unblocked(self.bot.services, asker_of(message, message.author))
            say = words(await self.bot.dreamer.language_of(message.author.id))
            await message.channel.send(say("dreaming-direct-help"), reference=message, mention_author=False)
        except NotAllowed:
            log.info("somebody who is blocked gets no help")
        except discord.HTTPException as error:
            log.info("help could not be sent: %s", error)


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Direct(bot))
