"""`/autodream`: channels where posted images are dreamed automatically, or on a 👁️ reaction."""

import logging
import random
from collections import deque
from collections.abc import Iterable

import discord
from discord import app_commands
from discord.ext import commands

from cogs.settings import autodream_problems, set_autodream, show_autodream
from dreambot.bot import permissions, sources
from dreambot.bot.client import DreamBot
from dreambot.bot.context import Interaction
from dreambot.bot.pages.autodream import autodream_summary
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.looks import LookName, name_key
from dreambot.i18n import translator_for
from dreambot.jobs.models import SourceImage
from dreambot.recipe import DreamRequest
from dreambot.recipe.presets import OFFERED_PRESETS, PRESETS

log = logging.getLogger(__name__)


SURPRISE_LAYERS = ("mixed2", "mixed3", "mixed4", "mixed5", "mixed6")
MIN_INTENSITY, MAX_INTENSITY = 4, 9
EYE_EMOJI = "👁"
_VARIATION_SELECTOR = "\ufe0f"
_MAX_REMEMBERED = 1000


@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class AutoDreamCog(
    commands.GroupCog, name="autodream", description="Dream the pictures posted in this channel"
):
    """Dreams posted images. It is off until a user who manages the channel switches it on."""

    def __init__(self, bot: DreamBot) -> None:
        super().__init__()
        self.bot = bot
        self._taken: deque[int] = deque(maxlen=_MAX_REMEMBERED)

    @app_commands.command(name="on", description="Dream the pictures that are posted here")
    @app_commands.describe(percent="How many of a hundred pictures; all of them if you leave it out")
    async def on(self, interaction: Interaction, percent: app_commands.Range[int, 1, 100] = 100) -> None:
        """Switches auto-dream on."""
        # First, since an error cannot be private after a public deferral.
        permissions.require(interaction.app_permissions, permissions.needed_to_reply(interaction.channel))
        await interaction.response.defer()
        await self._switch(interaction, percent / 100)

    @app_commands.command(name="off", description="Stop dreaming the pictures that are posted here")
    async def off(self, interaction: Interaction) -> None:
        """Switches auto-dream off."""
        await interaction.response.defer(ephemeral=True)
        await self._switch(interaction, 0.0)

    @app_commands.command(name="settings", description="When, how often and into what the pictures turn")
    async def settings(self, interaction: Interaction) -> None:
        """Opens the page with the channel's settings."""
        await interaction.response.defer(ephemeral=True)
        await show_autodream(interaction)

    async def _switch(self, interaction: Interaction, chance: float) -> None:
        rules = await set_autodream(interaction, lambda now: now.model_copy(update={"chance": chance}))
        translate = translator_for(interaction.locale.value)
        lines = [translate("moderating-auto-now", state=autodream_summary(rules, translate))]
        if chance:
            lines += await autodream_problems(interaction)
        await interaction.edit_original_response(content="\n".join(lines))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Dreams a posted image with the channel's probability; problems are not reported to anyone."""
        if message.guild is None or not self._eligible_images(message):
            return
        rules = await self.bot.services.guild_store.autodream(message.channel.id)
        if rules.trigger == "post" and random.random() < rules.chance:
            await self._dream(message, rules)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Dreams an image with an eye reaction, once."""
        member = event.member
        if member is None or member.bot or event.emoji.name.rstrip(_VARIATION_SELECTOR) != EYE_EMOJI:
            return
        rules = await self.bot.services.guild_store.autodream(event.channel_id)
        if rules.trigger != "reaction" or not rules.chance or event.message_id in self._taken:
            return
        channel = member.guild.get_channel_or_thread(event.channel_id)
        if not isinstance(channel, discord.abc.Messageable):
            return
        self._taken.append(event.message_id)
        try:
            message = await channel.fetch_message(event.message_id)
        except discord.HTTPException as error:
            log.info("the message with the eye reaction cannot be read: %s", error)
            return
        if await self._was_dreamed(message):
            return
        if not await self._dream(message, rules, member):
            # Another reaction may succeed after the cooldown.
            self._taken.remove(event.message_id)

    async def _dream(
        self, message: discord.Message, rules: AutoDreamSettings, requester: discord.Member | None = None
    ) -> bool:
        """Submits a job if image, permissions, owner and rate limits allow it; returns whether it did.

        `requester` is the member who reacted, or None for a posted image.
        """
        pictures, services = self._eligible_images(message), self.bot.services
        if not pictures or message.guild is None:
            return False
        have = message.channel.permissions_for(message.guild.me)
        if permissions.find_missing(have, permissions.needed_to_reply(message.channel)):
            log.info("auto-dream may not post in channel %s", message.channel.id)
            return False
        requester_id = requester.id if requester else message.guild.me.id
        if not await sources.may_use_images_of(services.guild_store, message.author.id, requester_id):
            return False
        most = services.settings.autodream_per_hour
        hourly = most if rules.hourly is None else min(most, rules.hourly)
        taken = services.guild_store.autodream_limiter.take
        allowed = await taken(message.channel.id, len(pictures), hourly=hourly, cooldown=rules.cooldown)
        if not allowed:
            return False
        async with self.bot.jobs.answer_message(message, requester=requester, quiet=True) as invocation:
            looks = await services.guild_store.looks.names(None, message.guild.id)
            await self.bot.jobs.submit(invocation, autodream_request(rules, looks), pictures[:allowed])
        return True

    def _eligible_images(self, message: discord.Message) -> tuple[SourceImage, ...]:
        """Finds a member's own attached images, unless the message mentions the bot.

        Spoilers are left alone, and so are images that Discord marks as explicit.
        """
        if message.author.bot or message.webhook_id or self.bot.is_mentioned_in(message):
            return ()
        return tuple(
            sources.from_attachment(attached, message.id, message.author.id)
            for attached in message.attachments
            if sources.is_image(attached) and not sources.is_hidden(attached)
        )

    async def _was_dreamed(self, message: discord.Message) -> bool:
        """Checks whether a job already replies to the message, for an eye that was put there before."""
        services = self.bot.services
        there = await services.job_history.find_by_source(message.id)
        there += await services.store.unfinished(message=message.id)
        return any(job.spec.reply_target.reply_to == message.id for job in there)


def autodream_request(rules: AutoDreamSettings, looks: Iterable[LookName] = ()) -> DreamRequest:
    """Builds the request of an auto-dream.

    Args:
        rules: The channel's settings.
        looks: The names of the server's looks.
    """
    known = {name_key(look.name): look.name for look in looks} | {name: name for name in PRESETS}
    if rules.look == "fixed" and rules.preset in known:
        return DreamRequest(preset=known[rules.preset])
    if rules.look == "roulette":
        return DreamRequest(preset=random.choice(list(OFFERED_PRESETS)))
    return DreamRequest(
        layer=random.choice(SURPRISE_LAYERS), intensity=random.randint(MIN_INTENSITY, MAX_INTENSITY)
    )


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(AutoDreamCog(bot))
