"""Slash commands from the person's hand to the answer, with the real discord.py."""

import io

import discord
from discord import app_commands

from tests.sandbox.conftest import PNG, Client, Place, Start


def dream(client: Client) -> None:
    @client.tree.command(description="Dream a picture")
    @app_commands.describe(image="A picture", layer="A layer", intensity="1 to 11")
    async def dream(
        interaction: discord.Interaction,
        image: discord.Attachment,
        layer: str = "mixed5",
        intensity: app_commands.Range[int, 1, 11] = 5,
    ) -> None:
        await interaction.response.defer()
        data = await image.read()
        await interaction.edit_original_response(content="▰▱▱")
        file = discord.File(io.BytesIO(data), "dreamed.png", description="eyes")
        await interaction.edit_original_response(content=f"{layer} {intensity}", attachments=[file])


async def test_slash_with_a_picture_is_deferred_and_answered_with_a_file(place: Place, start: Start) -> None:
    client = await start(dream)
    asked = await place.ada.slash("dream", channel=place.memes, image=PNG, layer="mixed7", intensity=11)
    answer = await asked.response()
    assert answer.author_id == place.sandbox.bot_id
    await answer.until(lambda message: message.attachments)
    assert answer.content == "mixed7 11"
    assert answer.attachments[0].data == PNG
    assert answer.attachments[0].description == "eyes"
    assert (answer.attachments[0].width, answer.attachments[0].content_type) == (80, "image/png")
    assert asked.answer_type == 5
    assert asked.latency is not None
    assert asked.latency < 1
    assert not client.errors
