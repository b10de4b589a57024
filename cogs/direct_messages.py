"""Direct messages to the bot: images are dreamed without a mention, small talk is answered with help.

A voice message or another audio file becomes a hellscape.
"""

import logging

import discord
from discord.ext import commands

from dreambot.bot import sources
from dreambot.bot.admission import NotAllowed, requester_of_message, require_unblocked
from dreambot.bot.client import DreamBot
from dreambot.bot.requests.look_choices import look_names
from dreambot.bot.requests.messages import parse_direct_message
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.jobs.models import SourceImage, SourceReference
from dreambot.recipe import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import Request, can_use_source, needs_source

log = logging.getLogger(__name__)

HELP_INTERVAL_S = 60.0
"""Between two answers to the small talk of the same user."""


class DirectMessages(commands.Cog):
    """Answers users' direct messages. Bots get no answer, so that two of them cannot loop."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._helped = commands.CooldownMapping.from_cooldown(1, HELP_INTERVAL_S, commands.BucketType.user)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Dreams the image of a direct message, or the one that its text is about; otherwise sends help."""
        if message.guild or message.author.bot or message.webhook_id or message.is_system():
            return
        try:
            looks = await self.bot.services.guild_store.looks.names(message.author.id, None)
            parsed = parse_direct_message(message, look_names(looks))
        except UserError as error:
            await self._refuse(message, error)
            return
        sound = sources.sound_in(message)
        if sound and not sources.image_in(message):
            request = parsed.request if isinstance(parsed.request, HellscapeRequest) else HellscapeRequest()
            async with self.bot.jobs.answer_message(message) as invocation:
                await self.bot.jobs.submit(invocation, request, sound=sound)
        elif parsed.pictures:
            await self._dream(message, parsed.request or DreamRequest(), message, parsed.pictures)
        elif parsed.request:
            about = await sources.fetch_replied_message(message)
            await self._dream(message, parsed.request, about)
        else:
            await self._help(message)

    async def _dream(
        self,
        message: discord.Message,
        request: Request,
        about: discord.Message | None,
        pictures: tuple[SourceImage, ...] = (),
    ) -> None:
        """Submits a job. The image is that of `about`, otherwise the newest one of the conversation.

        `pictures` are the images of the message itself.
        """
        shows = about is not None and (about is message or sources.image_in(about) is not None)
        if isinstance(request, HellscapeRequest) and request.start is None and shows:
            request = request.model_copy(update={"start": "picture"})

        async with self.bot.jobs.answer_message(message) as invocation:
            source: tuple[SourceImage, ...] | SourceReference = ()
            usable = can_use_source(request)
            if about is message:
                if isinstance(request, DreamRequest) and not usable:
                    raise UserError("dreaming-two-starts")
                source = pictures if usable else ()
            elif about is not None and usable:
                source = await sources.source_in_message(self.bot.services, about, message.author.id)
            if not source and needs_source(request):
                source = SourceReference("newest", message.id, "dreaming-direct-no-picture")
            await self.bot.jobs.submit(invocation, request, source)

    async def _refuse(self, message: discord.Message, error: UserError) -> None:
        async with self.bot.jobs.answer_message(message):
            raise error

    async def _help(self, message: discord.Message) -> None:
        """Sends one line of help, at most once a minute to the same user."""
        bucket = self._helped.get_bucket(message)
        if bucket and bucket.update_rate_limit():
            return
        try:
            await require_unblocked(self.bot.services, requester_of_message(message, message.author))
            translate = translator_for(await self.bot.jobs.locale_of_person(message.author.id))
            await message.channel.send(
                translate("dreaming-direct-help"), reference=message, mention_author=False
            )
        except NotAllowed:
            log.info("no help is sent to a blocked user")
        except discord.HTTPException as error:
            log.info("help could not be sent: %s", error)


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(DirectMessages(bot))
