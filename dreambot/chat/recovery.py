"""What an earlier life of the bot left unfinished: people are told, once."""

import contextlib
import logging
from typing import cast

import discord

from dreambot.jobs.runner import RESTARTED, JobRunner
from dreambot.jobs.types import Job

log = logging.getLogger(__name__)


async def apologise(client: discord.Client, runner: JobRunner) -> None:
    """Tells the owner of every unfinished job to ask again. Must run before new jobs are taken.

    A job whose owner cannot be reached is over all the same.
    """
    for job in await runner.recover():
        try:
            await _tell(client, job)
        except discord.HTTPException as error:
            log.info("job %s: its owner could not be told of the restart: %s", job.id, error)


async def _tell(client: discord.Client, job: Job) -> None:
    channel = client.get_partial_messageable(job.ask.channel, guild_id=job.ask.guild)
    await channel.send(
        f"<@{job.ask.owner}> {RESTARTED}",
        nonce=job.id,
        allowed_mentions=discord.AllowedMentions(users=[discord.Object(job.ask.owner)]),
    )
    if job.ask.token:
        # The progress message must not stand there dreaming for ever.
        webhook = discord.Webhook.partial(job.ask.application, job.ask.token, client=client)
        with contextlib.suppress(discord.HTTPException):
            # discord.py's types only know ids here; Discord takes the word.
            await webhook.delete_message(cast(int, "@original"))
