"""The client as buttons, pages and commands see it: it holds the services and jobs of this process."""

import discord
from discord.ext import commands

from dreambot.bot.job_manager import JobManager
from dreambot.bot.services import Services


class BotClient(commands.AutoShardedBot):
    """Base class of the client. `DreamBot` sets the attributes and adds what the process needs to run.

    Attributes:
        services: The parts of the process besides Discord.
        jobs: Accepts jobs and tracks the running ones.
    """

    services: Services
    jobs: JobManager


Interaction = discord.Interaction[BotClient]
