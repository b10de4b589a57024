"""*Dream settings…*: a form that asks how, then dreams a message's picture so."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import discord
from discord import SelectOption
from discord.ui import Label, Modal, Select, TextInput

from dreambot.chat.asking.completion import Pairs, complete_bend, complete_layer, translated
from dreambot.chat.tree import tell_failure
from dreambot.chat.words import Told, Words
from dreambot.jobs.runner import Find
from dreambot.jobs.types import Subject
from dreambot.recipe import DreamRequest
from dreambot.recipe.presets import PRESETS

_MOST_OPTIONS = 25
_LABEL = 100
_PATIENCE = 15 * 60.0
"""Seconds after which a form that was never sent off is forgotten."""
_CHANCES = {"random:3": "dreaming-mild", "random:6": "dreaming-middling", "random:11": "dreaming-wild"}

FindFor = Callable[[discord.Interaction[Any]], Awaitable[Subject]]


class _Dreamer(Protocol):
    async def for_interaction(self, interaction: discord.Interaction[Any], read: Any, find: Find) -> None:
        """See `Dreamer`."""


class _Client(Protocol):
    dreamer: _Dreamer


class DreamSettings(Modal):
    """Asks for layer, intensity, preset, bend and seed, none of which need be given."""

    def __init__(self, say: Words, find: FindFor) -> None:
        """say: in the language of whoever is asked. find: what will be dreamed upon, for the interaction that
        sends the form off."""
        super().__init__(title=say("dreaming-settings"), timeout=_PATIENCE)
        self._find = find
        layers = [(translated(shown, say), value) for shown, value in complete_layer("")]
        self._layer = _select("layer", layers, say("dreaming-layer-usual"))
        self._intensity = _select("intensity", _notches(say), say("dreaming-intensity-usual"))
        looks = [(translated(f"{name} · {preset.shows}", say), name) for name, preset in PRESETS.items()]
        self._preset = _select("preset", looks, say("dreaming-preset-none"))
        bends = [(say(key), value) for value, key in _CHANCES.items()]
        bends += [(translated(shown, say), value) for shown, value in complete_bend("")[1:]]
        self._bend = _select("bend", bends, say("dreaming-bend-none"))
        self._seed: TextInput[Modal] = TextInput(
            custom_id="seed", required=False, max_length=10, placeholder=say("dreaming-seed-chance")
        )
        for key, field in {
            "dreaming-layer": self._layer,
            "dreaming-intensity": self._intensity,
            "dreaming-preset": self._preset,
            "dreaming-bend": self._bend,
            "dreaming-seed": self._seed,
        }.items():
            self.add_item(Label(text=say(key), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Begins the dream."""
        await cast(_Client, interaction.client).dreamer.for_interaction(
            interaction, self._request, lambda: self._find(interaction)
        )

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _: object = None, /
    ) -> None:
        """Says that it failed."""
        await tell_failure(interaction, error)

    def _request(self) -> DreamRequest:
        bend, _, chaos = _chosen(self._bend).partition(":")
        seed = self._seed.value.strip()
        if seed and not (seed.isascii() and seed.isdecimal()):
            raise Told("dreaming-seed-wrong", seed=seed)
        return DreamRequest.of(
            layer=_chosen(self._layer),
            intensity=_chosen(self._intensity),
            preset=_chosen(self._preset),
            bend=bend,
            chaos=chaos,
            seed=seed,
        )


def _select(name: str, pairs: Pairs, usual: str) -> Select[Modal]:
    """One of these, or none, which is as `usual` says."""
    options = [
        SelectOption(label=label[:_LABEL], value=value, description=shows[:_LABEL] or None)
        for label, shows, value in ((*_parts(shown), value) for shown, value in pairs[:_MOST_OPTIONS])
    ]
    return Select(custom_id=name, placeholder=usual, min_values=0, required=False, options=options)


def _parts(shown: str) -> tuple[str, str]:
    """A name, and what it looks like."""
    name, _, shows = shown.partition(" · ")
    return name, shows


def _notches(say: Words) -> Pairs:
    return [(say("dreaming-notch", notch=notch), str(notch)) for notch in range(1, 12)]


def _chosen(select: Select[Modal]) -> str:
    return next(iter(select.values), "")
