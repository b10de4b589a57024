"""`/autodream`: channels where posted images are dreamed automatically, or on a 👁️ reaction."""

import logging
import random
from collections import deque

import discord
from discord import app_commands
from discord.ext import commands

from cogs.settings import autodream_problems, set_autodream, show_autodream
from dreambot.bot import permissions, sources
from dreambot.bot.client import DreamBot
from dreambot.bot.pages.settings import autodream_summary
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.i18n import translator_for
from dreambot.jobs.models import SourceImage
from dreambot.recipe import DreamRequest
from dreambot.recipe.presets import PRESETS

log = logging.getLogger(__name__)

Interaction = discord.Interaction[DreamBot]

SURPRISE_LAYERS = ("mixed2", "mixed3", "mixed4", "mixed5", "mixed6", "mixed7")
MIN_INTENSITY, MAX_INTENSITY = 4, 9
EYE_EMOJI = "👁"
_VARIATION_SELECTOR = "\ufe0f"
_MAX_REMEMBERED = 1000


@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class AutoDreamCog(
    commands.GroupCog, name="autodream", description="Dream the pictures posted in this channel"
):
    """Off until somebody who manages the channel switches it on."""

    def __init__(self, bot: DreamBot) -> None:
        super().__init__()
        self.bot = bot
        self._taken: deque[int] = deque(maxlen=_MAX_REMEMBERED)

    @app_commands.command(name="on", description="Dream the pictures that are posted here")
    @app_commands.describe(percent="How many of a hundred pictures; all of them if you leave it out")
    async def on(self, interaction: Interaction, percent: app_commands.Range[int, 1, 100] = 100) -> None:
        """Switches auto-dream on."""
        # First, for after a public answer has begun, nothing can be said in private.
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
        """Opens the page."""
        await interaction.response.defer(ephemeral=True)
        await show_autodream(interaction)

    async def _switch(self, interaction: Interaction, chance: float) -> None:
        rules = await set_autodream(interaction, lambda now: now.model_copy(update={"chance": chance}))
        say = translator_for(interaction.locale.value)
        told = [say("moderating-auto-now", state=autodream_summary(rules, say))]
        if chance:
            told += await autodream_problems(interaction)
        await interaction.edit_original_response(content="\n".join(told))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Dreams a picture where that is wanted; says nothing where it does not work out."""
        if message.guild is None or self._eligible_image(message) is None:
            return
        rules = await self.bot.services.guild_store.autodream(message.channel.id)
        if rules.trigger == "post" and random.random() < rules.chance:
            await self._dream(message, rules)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Dreams a picture that somebody put an eye on, once."""
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
            log.info("the picture with an eye on it cannot be seen: %s", error)
            return
        if await self._was_dreamed(message):
            return
        if not await self._dream(message, rules, member):
            # Another eye may have more luck, when it has cooled down.
            self._taken.remove(event.message_id)

    async def _dream(
        self, message: discord.Message, rules: AutoDreamSettings, asker: discord.Member | None = None
    ) -> bool:
        """Takes it on, if nothing speaks against it, and returns whether it did. asker: None where nobody
        asked."""
        picture, services = self._eligible_image(message), self.bot.services
        if picture is None or message.guild is None:
            return False
        have = message.channel.permissions_for(message.guild.me)
        if permissions.find_missing(have, permissions.needed_to_reply(message.channel)):
            log.info("auto-dream may not post in channel %s", message.channel.id)
            return False
        asking = asker.id if asker else message.guild.me.id
        if not await sources.may_use_images_of(services.guild_store, message.author.id, asking):
            return False
        most = services.settings.autodream_per_hour
        hourly = most if rules.hourly is None else min(most, rules.hourly)
        taken = services.guild_store.unasked.take
        if not await taken(message.channel.id, hourly=hourly, cooldown=rules.cooldown):
            return False

        async def find() -> SourceImage:
            return picture

        await self.bot.dreamer.submit_message(
            message, lambda: autodream_request(rules), find, asker=asker, quiet=True
        )
        return True

    def _eligible_image(self, message: discord.Message) -> SourceImage | None:
        """A member's own, open picture, which nobody asks us about in other ways."""
        if message.author.bot or message.webhook_id or self.bot.is_mentioned_in(message):
            return None
        attached = next(filter(sources.is_image, message.attachments), None)
        if attached is None or attached.is_spoiler():
            return None
        return sources.from_attachment(attached, message.id, message.author.id)

    async def _was_dreamed(self, message: discord.Message) -> bool:
        """Whether there is, or will be, a dream in reply to it: an eye may have been put there before."""
        services = self.bot.services
        there = await services.job_history.find_by_source(message.id)
        there += await services.store.unfinished(message=message.id)
        return any(job.ask.place.reply_to == message.id for job in there)


def autodream_request(rules: AutoDreamSettings) -> DreamRequest:
    """How a picture is dreamed that nobody said anything about."""
    if rules.look == "fixed" and rules.preset in PRESETS:
        return DreamRequest(preset=rules.preset)
    if rules.look == "roulette":
        return DreamRequest(preset=random.choice(list(PRESETS)))
    return DreamRequest(
        layer=random.choice(SURPRISE_LAYERS), intensity=random.randint(MIN_INTENSITY, MAX_INTENSITY)
    )


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(AutoDreamCog(bot))
