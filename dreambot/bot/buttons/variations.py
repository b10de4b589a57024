"""Buttons that start a new job from a result, with the result as parent.

Deeper, bend and zoom start from the result itself; louder, quieter, again and watch from its source. *Layer*
opens a select menu that only the user sees.
"""

import re
from collections.abc import Sequence
from typing import Literal, Self, cast, get_args

import discord

from dreambot.bot.buttons.base import JOB_ID_PATTERN, ButtonItem, JobButton, build_button, load_job
from dreambot.bot.context import Interaction
from dreambot.bot.requests.look_choices import look_names, usable_looks
from dreambot.bot.sources import ImagesOptedOut, may_use_images_of, refetch
from dreambot.errors import UserError
from dreambot.guilds.looks import LookName
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
        return cls(match["job"], cast(VariationAction, match["action"]))

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

LookKind = Literal["look", "preset", "saved"]
"""The three menus of looks: layers, presets, and saved looks. The first once held the layers and presets."""
_LOOK_KINDS = "|".join(get_args(LookKind))


class LayerButton(JobButton, ButtonItem, template=rf"dream:layer:{JOB_ID_PATTERN}"):
    """Opens the menus of layers, presets and saved looks.

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
        """Answers with the menus in private.

        Args:
            interaction: The press.
        """
        job = await load_job(interaction, self.job_id)
        translate = translator_for(interaction.locale.value)
        saved = [one for one in await usable_looks(interaction) if not one.video]
        menus: dict[LookKind, list[discord.SelectOption]] = {
            "look": _layer_options(job, translate),
            "preset": _preset_options(translate),
            "saved": _saved_options(saved, translate),
        }
        view = discord.ui.View(timeout=None)
        for kind, options in menus.items():
            if options:
                view.add_item(LayerSelect(job.id, kind, translate, options[:_MAX_OPTIONS]))
        await interaction.response.send_message(translate("results-layer-choose"), view=view, ephemeral=True)


class LayerSelect(
    JobButton,
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=rf"dream:(?P<kind>{_LOOK_KINDS}):{JOB_ID_PATTERN}",
):
    """A menu of layers, presets or saved looks. The chosen one is dreamed on the same source.

    Args:
        job_id: The id of the job.
        kind: Which of the menus.
        translate: The translator of the placeholder; a used menu is rebuilt without one.
        options: The choices; a used menu is rebuilt without them.
    """

    def __init__(
        self,
        job_id: str,
        kind: LookKind = "look",
        translate: Translator | None = None,
        options: list[discord.SelectOption] | None = None,
    ) -> None:
        select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=f"dream:{kind}:{job_id}",
            placeholder=translate(f"results-{kind}-placeholder") if translate else None,
            options=options or [],
        )
        discord.ui.DynamicItem.__init__(self, select)
        self.job_id = job_id

    @classmethod
    def _from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["job"], cast(LookKind, match["kind"]))

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


def _layer_options(job: Job, translate: Translator) -> list[discord.SelectOption]:
    """Lists the layers of the network that was used."""
    model = job.recipe.model if job.recipe else DEFAULT_MODEL
    return [
        _option(layer.name, _LAYER_PREFIX, layer.description.text(translate))
        for layer in LAYERS[model]
        if layer.offered
    ]


def _preset_options(translate: Translator) -> list[discord.SelectOption]:
    return [
        _option(name, _PRESET_PREFIX, preset.description.text(translate))
        for name, preset in OFFERED_PRESETS.items()
    ]


def _saved_options(looks: Sequence[LookName], translate: Translator) -> list[discord.SelectOption]:
    """Lists each name once: of two looks with one name, the person's is used, which comes first."""
    scopes = {look.name: look.scope for look in reversed(looks)}
    return [
        _option(name, _PRESET_PREFIX, translate(f"looks-of-{scopes[name]}")) for name in look_names(looks)
    ]


def _option(name: str, prefix: str, description: str) -> discord.SelectOption:
    return discord.SelectOption(
        label=name, value=prefix + name, description=description[:_MAX_DESCRIPTION_LENGTH]
    )


def _selected_request(job: Job, chosen: str) -> Request:
    name = chosen.removeprefix(_LAYER_PREFIX).removeprefix(_PRESET_PREFIX)
    vary = variations.with_preset if chosen.startswith(_PRESET_PREFIX) else variations.with_layer
    return vary(job.spec.request, job.recipe, name)
