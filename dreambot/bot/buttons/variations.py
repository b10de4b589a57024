"""Buttons that start a new job from a result, with the result as parent.

Deeper, bend and zoom start from the result itself; louder, quieter and again from its source. *Layer* opens a
select menu that only the user sees.
"""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal, Self, get_args

import discord

from dreambot.bot.buttons.base import JOB_ID_PATTERN, ButtonItem, JobButton, build_button, load_job
from dreambot.bot.context import Interaction
from dreambot.bot.sources import ImagesOptedOut, may_use_images_of, refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.models import Job, SourceImage
from dreambot.recipe import variations
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.request import Request

VariationAction = Literal["deeper", "louder", "quieter", "bend", "zoom", "again"]

FROM_RESULT: frozenset[str] = frozenset({"deeper", "bend", "zoom"})
"""The variations that start from the result itself."""
_ACTIONS = "|".join(get_args(VariationAction))


class VariationButton(JobButton, ButtonItem, template=rf"dream:(?P<action>{_ACTIONS}):{JOB_ID_PATTERN}"):
    """Starts a variation of a result; anyone may press it.

    Args:
        job_id: The id of the job.
        action: The variation.
        locale: The locale of the label.
    """

    def __init__(self, job_id: str, action: VariationAction = "again", locale: str | None = None) -> None:
        style = discord.ButtonStyle.primary if action == "deeper" else discord.ButtonStyle.secondary
        label = translator_for(locale)(f"results-{action}")
        discord.ui.DynamicItem.__init__(self, build_button(label, f"dream:{action}:{job_id}", style=style))
        self.job_id = job_id
        self.action: VariationAction = action

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(
            match["job"], next(action for action in get_args(VariationAction) if action == match["action"])
        )

    async def press(self, interaction: Interaction) -> None:
        """Submits the new job.

        Args:
            interaction: The press.
        """
        message = interaction.message
        from_result = self.action in FROM_RESULT

        async def find(job: Job) -> SourceImage | None:
            if from_result:
                return refetch.result_image_in(message, job)
            return await refetch.refetch_source(interaction.client, job)

        async def build_request(job: Job) -> Request:
            settings = await interaction.client.services.guild_store.guild(interaction.guild_id)
            return _varied_request(self.action, job, settings.intensity)

        await submit_variation(
            interaction,
            self.job_id,
            self.action,
            build_request,
            find,
            private=bool(message and message.flags.ephemeral),
            guided=not from_result,
        )


async def submit_variation(
    interaction: Interaction,
    job_id: str,
    press: str,
    build_request: Callable[[Job], Request | Awaitable[Request]],
    find: Callable[[Job], Awaitable[SourceImage | None]],
    *,
    private: bool,
    guided: bool,
) -> None:
    """Submits a job that varies a result.

    Args:
        interaction: The press.
        job_id: The id of the job.
        press: The name of the button.
        build_request: Builds the request from the job of the result.
        find: Finds the source from the job of the result.
        private: Whether the new result is ephemeral.
        guided: Whether the guide of the result is used again.
    """

    async def guide() -> SourceImage | None:
        return await refetch.refetch_guide(interaction.client, await load_job(interaction, job_id))

    async def read() -> Request:
        built = build_request(await load_job(interaction, job_id))
        return await built if inspect.isawaitable(built) else built

    async def found() -> SourceImage | None:
        job = await load_job(interaction, job_id)
        subject = await find(job)
        if subject is None:
            return None
        person, guild_store = refetch.image_owner(job), interaction.client.services.guild_store
        if not await may_use_images_of(guild_store, person, interaction.user.id):
            raise ImagesOptedOut
        return replace(subject, person=person)

    await interaction.client.jobs.submit_interaction(
        interaction,
        read,
        found,
        private=private,
        guide=guide if guided else None,
        parent=job_id,
        press=press,
    )


def _varied_request(action: VariationAction, job: Job, loudest: int) -> Request:
    """Builds the request of a variation. `loudest` is the highest intensity that the server allows.

    Raises:
        UserError: The intensity cannot be raised or lowered any further.
    """
    request, recipe = job.spec.request, job.recipe
    match action:
        case "deeper":
            return variations.repeat_on_result(request, recipe)
        case "bend":
            return variations.random_bends_on_result(request, recipe)
        case "zoom":
            return variations.hellscape_from_result(request, recipe)
        case "again":
            return variations.with_new_seed(request)
        case "louder" | "quieter":
            notches = variations.INTENSITY_SHIFT if action == "louder" else -variations.INTENSITY_SHIFT
            turned = variations.with_shifted_intensity(request, recipe, notches, loudest)
            if turned is None and action == "louder" and loudest < variations.MAX_INTENSITY:
                raise UserError("moderating-too-intense", most=loudest)
            if turned is None:
                raise UserError(f"results-{action}-no-more")
            return turned


_MAX_OPTIONS = 25
_MAX_DESCRIPTION_LENGTH = 100
_LAYER_PREFIX, _PRESET_PREFIX = "layer ", "preset "


class LayerButton(JobButton, ButtonItem, template=rf"dream:layer:{JOB_ID_PATTERN}"):
    """Opens the menu of layers and presets.

    Args:
        job_id: The id of the job.
        locale: The locale of the label.
    """

    def __init__(self, job_id: str, locale: str | None = None) -> None:
        discord.ui.DynamicItem.__init__(
            self, build_button(translator_for(locale)("results-layer"), f"dream:layer:{job_id}")
        )
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Answers with the menu in private.

        Args:
            interaction: The press.
        """
        job = await load_job(interaction, self.job_id)
        translate = translator_for(interaction.locale.value)
        view = discord.ui.View(timeout=None)
        view.add_item(LayerSelect(job.id, translate, _options(job, translate)))
        await interaction.response.send_message(translate("results-layer-choose"), view=view, ephemeral=True)


class LayerSelect(
    JobButton,
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=rf"dream:look:{JOB_ID_PATTERN}",
):
    """The menu of layers and presets. The chosen one is dreamed on the same source.

    Args:
        job_id: The id of the job.
        translate: The translator of the placeholder; a used menu is rebuilt without one.
        options: The layers and presets; a used menu is rebuilt without them.
    """

    def __init__(
        self,
        job_id: str,
        translate: Translator | None = None,
        options: list[discord.SelectOption] | None = None,
    ) -> None:
        select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=f"dream:look:{job_id}",
            placeholder=translate("results-layer-placeholder") if translate else None,
            options=options or [],
        )
        discord.ui.DynamicItem.__init__(self, select)
        self.job_id = job_id

    async def press(self, interaction: Interaction) -> None:
        """Submits the new job.

        Args:
            interaction: The choice.
        """
        chosen = self.item.values[0] if self.item.values else ""
        client = interaction.client

        async def find(job: Job) -> SourceImage | None:
            # A dream without a source becomes the source itself.
            return await refetch.refetch_source(client, job) or await refetch.refetch_result(client, job)

        job = await load_job(interaction, self.job_id)
        await submit_variation(
            interaction,
            self.job_id,
            "layer",
            lambda job: _selected_request(job, chosen),
            find,
            private=job.spec.reply_target.private,
            guided=False,
        )


def _options(job: Job, translate: Translator) -> list[discord.SelectOption]:
    """Lists the layers of the network that was used, then the presets."""
    model = job.recipe.model if job.recipe else DEFAULT_MODEL
    layers = [
        (layer.name, _LAYER_PREFIX + layer.name, layer.description)
        for layer in LAYERS[model]
        if layer.offered
    ]
    looks = [(name, _PRESET_PREFIX + name, preset.description) for name, preset in PRESETS.items()]
    return [
        discord.SelectOption(
            label=name, value=value, description=description.text(translate)[:_MAX_DESCRIPTION_LENGTH]
        )
        for name, value, description in (*layers, *looks)
    ][:_MAX_OPTIONS]


def _selected_request(job: Job, chosen: str) -> Request:
    name = chosen.removeprefix(_LAYER_PREFIX).removeprefix(_PRESET_PREFIX)
    vary = variations.with_preset if chosen.startswith(_PRESET_PREFIX) else variations.with_layer
    return vary(job.spec.request, job.recipe, name)
