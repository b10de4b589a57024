"""The forms of message menus: they ask for options, then dream the image of the message."""

from collections.abc import Sequence
from typing import Any, get_args

import discord
from discord import SelectOption
from discord.ui import FileUpload, Label, Modal, RadioGroup, Select, TextInput

from dreambot.bot import sources
from dreambot.bot.commands import IMAGE_TYPES, send_error
from dreambot.bot.requests.completion import ChoicePairs, complete_bend, complete_layer
from dreambot.bot.requests.look_choices import look_pairs
from dreambot.bot.requests.options import source_of_message
from dreambot.errors import UserError
from dreambot.guilds.looks import LookName
from dreambot.i18n import Translator
from dreambot.recipe import DreamRequest
from dreambot.recipe.guide import GuideUse
from dreambot.recipe.presets import OFFERED_PRESETS

_MAX_OPTIONS = 25
_MAX_LABEL_LENGTH = 100
_MAX_SAVED_LOOKS = 10
_TIMEOUT_S = 15 * 60.0
"""After that many seconds a form that was not submitted is discarded."""
_RANDOM_BENDS = {"random:3": "dreaming-mild", "random:6": "dreaming-middling", "random:11": "dreaming-wild"}


class _DreamModal(Modal):
    """A form about the image of a message."""

    def __init__(self, title: str, message: discord.Message) -> None:
        super().__init__(title=title, timeout=_TIMEOUT_S)
        self.message = message

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _: object = None, /
    ) -> None:
        """Reports the error to the user.

        Args:
            interaction: The interaction of the submitted form.
            error: The error.
        """
        await send_error(interaction, error)


class _ImageUpload(FileUpload[Modal]):
    """A field for one picture. discord.py 2.7 cannot restrict the files that Discord's client offers."""

    def to_component_dict(self) -> Any:
        return {**super().to_component_dict(), "file_types": list(IMAGE_TYPES)}


class MixModal(_DreamModal):
    """*Mix with…*: asks for a second picture, and what the dream takes of it."""

    def __init__(self, translate: Translator, message: discord.Message) -> None:
        """Builds the form.

        Args:
            translate: The translator of the user's language.
            message: The message with the image.
        """
        super().__init__(translate("dreaming-mix"), message)
        self._guide = _ImageUpload(custom_id="guide", min_values=1, max_values=1)
        uses = [
            discord.RadioGroupOption(
                label=translate(f"dreaming-mix-{use}"), value=use, default=use == "style"
            )
            for use in get_args(GuideUse)
        ]
        self._use: RadioGroup[Modal] = RadioGroup(custom_id="guide_as", options=uses)
        self.add_item(Label(text=translate("dreaming-mix-picture"), component=self._guide))
        self.add_item(Label(text=translate("dreaming-mix-take"), component=self._use))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submits the job.

        Args:
            interaction: The interaction of the submitted form.
        """
        jobs = interaction.client.jobs
        async with jobs.answer_interaction(interaction) as invocation:
            await jobs.submit(
                invocation,
                DreamRequest.of(guide_as=self._use.value),
                await source_of_message(interaction, self.message),
                guide=sources.from_attachment(self._guide.values[0]),
            )


class DreamSettingsModal(_DreamModal):
    """Asks for layer, intensity, preset, bend and seed; all are optional."""

    def __init__(
        self, translate: Translator, message: discord.Message, saved: Sequence[LookName] = ()
    ) -> None:
        """Builds the form.

        Args:
            translate: The translator of the user's language.
            message: The message with the image.
            saved: The saved looks that the user can use; only the first of them fit beside the presets.
        """
        super().__init__(translate("dreaming-settings"), message)
        layers = complete_layer("", translate=translate)
        self._layer = _select("layer", layers, translate("dreaming-layer-usual"))
        self._intensity = _select(
            "intensity", _intensity_pairs(translate), translate("dreaming-intensity-usual")
        )
        looks = look_pairs(saved[:_MAX_SAVED_LOOKS], translate) + [
            (f"{name} · {preset.description.text(translate)}", name)
            for name, preset in OFFERED_PRESETS.items()
        ]
        self._preset = _select("preset", looks, translate("dreaming-preset-none"))
        bends = [(translate(key), value) for value, key in _RANDOM_BENDS.items()]
        bends += complete_bend("", translate=translate)[1:]
        self._bend = _select("bend", bends, translate("dreaming-bend-none"))
        self._seed: TextInput[Modal] = TextInput(
            custom_id="seed", required=False, max_length=10, placeholder=translate("dreaming-seed-chance")
        )
        for key, field in {
            "dreaming-layer": self._layer,
            "dreaming-intensity": self._intensity,
            "dreaming-preset": self._preset,
            "dreaming-bend": self._bend,
            "dreaming-seed": self._seed,
        }.items():
            self.add_item(Label(text=translate(key), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submits the job.

        Args:
            interaction: The interaction of the submitted form.
        """
        jobs = interaction.client.jobs
        async with jobs.answer_interaction(interaction) as invocation:
            request = self._request()
            await jobs.submit(invocation, request, await source_of_message(interaction, self.message))

    def _request(self) -> DreamRequest:
        bend, _, chaos = _selected_value(self._bend).partition(":")
        seed = self._seed.value.strip()
        if seed and not (seed.isascii() and seed.isdecimal()):
            raise UserError("dreaming-seed-wrong", seed=seed)
        return DreamRequest.of(
            layer=_selected_value(self._layer),
            intensity=_selected_value(self._intensity),
            preset=_selected_value(self._preset),
            bend=bend,
            chaos=chaos,
            seed=seed,
        )


def _select(name: str, pairs: ChoicePairs, usual: str) -> Select[Modal]:
    """One of these, or none, which is as `usual` says."""
    options = [
        SelectOption(
            label=label[:_MAX_LABEL_LENGTH], value=value, description=shows[:_MAX_LABEL_LENGTH] or None
        )
        for label, shows, value in ((*_split_choice(shown), value) for shown, value in pairs[:_MAX_OPTIONS])
    ]
    return Select(custom_id=name, placeholder=usual, min_values=0, required=False, options=options)


def _split_choice(shown: str) -> tuple[str, str]:
    """Splits a shown text into name and description."""
    name, _, shows = shown.partition(" · ")
    return name, shows


def _intensity_pairs(translate: Translator) -> ChoicePairs:
    return [(translate("dreaming-notch", notch=notch), str(notch)) for notch in range(1, 12)]


def _selected_value(select: Select[Modal]) -> str:
    return next(iter(select.values), "")
