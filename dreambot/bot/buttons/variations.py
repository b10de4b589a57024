"""Buttons that start a new job from a result, with the result as parent.

Deeper, bend and zoom start from the result itself; louder, quieter, again and watch from its source. *Layer*
opens a select menu that only the user sees.
"""

import re
from typing import Literal, Self, get_args

import discord

from dreambot.bot.buttons.base import JOB_ID_PATTERN, ButtonItem, JobButton, build_button, load_job
from dreambot.bot.context import Interaction
from dreambot.bot.sources import ImagesOptedOut, may_use_images_of, refetch
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.models import Job, ReferenceKind, SourceImage, SourceReference
from dreambot.recipe import variations
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.recipe.recipe import SheetRecipe
from dreambot.recipe.request import Request, needs_source

VariationAction = Literal["deeper", "louder", "quieter", "bend", "zoom", "again", "watch"]

FROM_RESULT: frozenset[str] = frozenset({"deeper", "bend", "zoom"})
"""The variations that start from the result itself."""
_ACTIONS = "|".join(get_args(VariationAction))


def variation_action(name: str) -> VariationAction:
    """Returns the variation with a name.

    Args:
        name: One of `VariationAction`.
    """
    return next(action for action in get_args(VariationAction) if action == name)


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
        return cls(match["job"], variation_action(match["action"]))

    async def press(self, interaction: Interaction) -> None:
        """Submits the new job.

        Args:
            interaction: The press.
        """
        message = interaction.message
        jobs, services = interaction.client.jobs, interaction.client.services
        private = bool(message and message.flags.ephemeral)
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            job = await load_job(interaction, self.job_id)
            settings = await services.guild_store.guild(interaction.guild_id)
            request = _varied_request(self.action, job, settings.intensity)
            source: tuple[SourceImage, ...] | SourceReference = SourceReference(
                "parent", spoiler=job.spec.spoiler
            )
            guide = sound = None
            if self.action in FROM_RESULT:
                source = refetch.result_images_in(message, job)
                if not await may_use_images_of(
                    services.guild_store, refetch.image_owner(job), interaction.user.id
                ):
                    raise ImagesOptedOut
            else:
                guide = await refetch.refetch_guide(interaction.client, job)
                sound = await refetch.refetch_sound(interaction.client, job)
                person = sound.person if sound else None
                if person and not await may_use_images_of(services.guild_store, person, interaction.user.id):
                    raise ImagesOptedOut
            await jobs.submit(
                invocation, request, source, guide=guide, sound=sound, parent=job.id, press=self.action
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
        case "watch":
            return variations.as_clip(request, recipe)
        case "louder" | "quieter":
            notches = variations.INTENSITY_SHIFT if action == "louder" else -variations.INTENSITY_SHIFT
            turned = variations.with_shifted_intensity(request, recipe, notches, loudest)
            if turned is None and action == "louder" and loudest < variations.MAX_INTENSITY:
                raise UserError("moderating-too-intense", most=loudest)
            if turned is None:
                raise UserError(f"results-{action}-no-more")
            return turned


class PickButton(JobButton, ButtonItem, template=rf"dream:pick(?P<number>[1-4]):{JOB_ID_PATTERN}"):
    """Dreams one of the four looks of a sheet in full size; anyone may press it.

    Args:
        job_id: The id of the job of the sheet.
        number: Which one, 1 to 4, in reading order.
    """

    def __init__(self, job_id: str, number: int = 1) -> None:
        button = build_button(str(number), f"dream:pick{number}:{job_id}", style=discord.ButtonStyle.primary)
        discord.ui.DynamicItem.__init__(self, button)
        self.job_id = job_id
        self.number = number

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], int(match["number"]))

    async def press(self, interaction: Interaction) -> None:
        """Submits the new job.

        Args:
            interaction: The press.
        """
        private = bool(interaction.message and interaction.message.flags.ephemeral)
        jobs = interaction.client.jobs
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            job = await load_job(interaction, self.job_id)
            if not isinstance(job.recipe, SheetRecipe):
                raise UserError("results-unknown")
            request = variations.one_of_sheet(job.spec.request, job.recipe, self.number - 1)
            source = SourceReference("parent", spoiler=job.spec.spoiler)
            guide = await refetch.refetch_guide(interaction.client, job)
            await jobs.submit(invocation, request, source, guide=guide, parent=job.id, press="pick")


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
        jobs = interaction.client.jobs
        job = await load_job(interaction, self.job_id)
        private = job.spec.reply_target.private
        async with jobs.answer_interaction(interaction, private=private) as invocation:
            request = _selected_request(job, chosen)
            # A result without a source becomes the source itself, unless the new dream needs none either.
            kind: ReferenceKind = "parent-or-result" if needs_source(request) else "parent"
            source = SourceReference(kind, spoiler=job.spec.spoiler)
            await jobs.submit(invocation, request, source, parent=job.id, press="layer")


def _options(job: Job, translate: Translator) -> list[discord.SelectOption]:
    """Lists the layers of the network that was used, then the presets."""
    model = job.recipe.model if job.recipe else DEFAULT_MODEL
    layers = [
        (layer.name, _LAYER_PREFIX + layer.name, layer.description)
        for layer in LAYERS[model]
        if layer.offered
    ]
    looks = [(name, _PRESET_PREFIX + name, preset.description) for name, preset in OFFERED_PRESETS.items()]
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
