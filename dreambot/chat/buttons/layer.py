"""Another layer, or a whole look: chosen from a list that one person alone sees. It stays, for one to try
several."""

from typing import Any

import discord

from dreambot.chat import refetch
from dreambot.chat.buttons.going_on import dream_on
from dreambot.chat.buttons.pressing import JOB, Item, JobButton, button, job_behind
from dreambot.chat.words import Words, words, words_in
from dreambot.chat.words.english import from_english
from dreambot.jobs.types import Job, Subject
from dreambot.recipe import variations
from dreambot.recipe.layers import LAYERS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.trained import DEFAULT_MODEL
from dreambot.recipe.wishes import Request

_MOST_OPTIONS = 25
_LONGEST = 100
_LAYER, _PRESET = "layer ", "preset "


class LayerButton(JobButton, Item, template=rf"dream:layer:{JOB}"):
    """Shows the list."""

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(self, button(words(locale)("results-layer"), f"dream:layer:{job_id}"))
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answers in private."""
        job = await job_behind(interaction, self.job_id)
        say = words_in(interaction)
        view = discord.ui.View(timeout=None)
        view.add_item(LayerSelect(job.id, say, _options(job, say)))
        await interaction.response.send_message(say("results-layer-choose"), view=view, ephemeral=True)


class LayerSelect(
    JobButton, discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=rf"dream:look:{JOB}"
):
    """The list. What is chosen is dreamed upon the same picture as before."""

    def __init__(
        self, job_id: str, say: Words | None = None, options: list[discord.SelectOption] | None = None
    ) -> None:
        select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=f"dream:look:{job_id}",
            placeholder=say("results-layer-placeholder") if say else None,
            options=options or [],
        )
        discord.ui.DynamicItem.__init__(self, select)
        self.job_id = job_id

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Takes the new dream on."""
        chosen = self.item.values[0] if self.item.values else ""
        client = interaction.client

        async def find(job: Job) -> Subject | None:
            # What came out of nothing is itself the picture to go on from.
            return await refetch.source_of(client, job) or await refetch.dream_of(client, job)

        job = await job_behind(interaction, self.job_id)
        await dream_on(
            interaction,
            self.job_id,
            "layer",
            lambda job: _wish(job, chosen),
            find,
            private=job.ask.place.private,
            guided=False,
        )


def _options(job: Job, say: Words) -> list[discord.SelectOption]:
    """The layers of the network that was dreamed with, then looks."""
    model = job.recipe.model if job.recipe else DEFAULT_MODEL
    layers = [(layer.name, _LAYER + layer.name, layer.shows) for layer in LAYERS[model] if layer.offered]
    looks = [(name, _PRESET + name, preset.shows) for name, preset in PRESETS.items()]
    return [
        discord.SelectOption(label=name, value=value, description=from_english(say, shows)[:_LONGEST])
        for name, value, shows in (*layers, *looks)
    ][:_MOST_OPTIONS]


def _wish(job: Job, chosen: str) -> Request:
    name = chosen.removeprefix(_LAYER).removeprefix(_PRESET)
    vary = variations.with_preset if chosen.startswith(_PRESET) else variations.with_layer
    return vary(job.ask.request, job.recipe, name)
