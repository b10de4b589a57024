"""The pages of `/layers`: the layers of a network with a sample image each, and one layer alone."""

import io
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import discord
from discord.ui import ActionRow, Item, MediaGallery, Section, Separator, TextDisplay, Thumbnail

from dreambot.bot.context import Interaction
from dreambot.bot.pages.base import CONTROL_ID_PATTERN, PageControl, in_container, selected_values
from dreambot.bot.requests.completion import complete_model
from dreambot.bot.requests.options import newest_in_channel
from dreambot.errors import UserError
from dreambot.i18n import Translator, translator_for
from dreambot.recipe import LAYERS, DreamRequest, Layer, find_layer
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.zoo import registry

_IMAGES = files("dreambot.bot.pages") / "layer_images"


def layer_image(model: str, layer: str) -> discord.File | None:
    """Makes an upload of a layer's sample image.

    Args:
        model: The name of a network.
        layer: The layer's name.

    Returns:
        The file; None if there is no sample image of the layer.
    """
    name = f"{model}-{layer}.jpg"
    found = _IMAGES / name
    return discord.File(io.BytesIO(found.read_bytes()), name) if found.is_file() else None


PAGE_SIZE = 5


@dataclass(frozen=True)
class LayersPage:
    """A page and its files."""

    view: discord.ui.LayoutView
    files: list[discord.File]


class LayersControl(PageControl, template="layers" + CONTROL_ID_PATTERN):
    """Turns the pages, and dreams the channel's newest image with the shown layer.

    The target is the name of a network, then a dash, then a page or a layer.
    """

    page = "layers"

    async def handle(self, interaction: Interaction) -> None:
        """Handles a press or a choice.

        Args:
            interaction: The press or choice.

        Raises:
            UserError: The control is of an earlier version, or its network is not known any more.
        """
        translate = translator_for(interaction.locale.value)
        model, _, rest = (self.target or next(iter(selected_values(interaction)), "")).rpartition("-")
        match self.action:
            case "turn" | "model" if rest.isdecimal():
                page = layers_page(model, int(rest), translate)
            case "pick":
                page = layer_page(model, rest, translate)
            case "dream":
                await _submit_dream(interaction, model, rest)
                return
            case _:
                raise UserError("dreaming-layers-unknown")
        await interaction.response.defer()
        await interaction.edit_original_response(view=page.view, attachments=page.files)


def layers_page(model: str, number: int, translate: Translator) -> LayersPage:
    """Builds a page of a network's layers.

    Args:
        model: The name of a network.
        number: The page, from 0; beyond the last, the last one is used.
        translate: The translator of the user's language.

    Raises:
        UserError: There is no such network.
    """
    offered = _offered_layers(model)
    last = (len(offered) - 1) // PAGE_SIZE
    number = min(number, last)
    shown = offered[number * PAGE_SIZE :][:PAGE_SIZE]
    files: list[discord.File] = []
    items: list[Item[Any]] = [TextDisplay(f"## {translate('dreaming-layers', model=model)}")]
    for layer in shown:
        drawn = layer_image(layer.model, layer.name)
        text = TextDisplay[Any](f"### {layer.name}\n{_layer_description(layer, translate)}")
        if drawn:
            files.append(drawn)
            items.append(
                Section(text, accessory=Thumbnail(drawn, description=_layer_description(layer, translate)))
            )
        else:
            items.append(text)
    items.append(Separator())
    looks = [
        (f"{model}-{layer.name}", f"{layer.name} · {_layer_description(layer, translate)}")
        for layer in offered
    ]
    items.append(LayersControl.select("pick", looks, placeholder=translate("dreaming-layers-pick")))
    models = [(f"{name}-0", shown) for shown, name in complete_model("", translate)]
    items.append(LayersControl.select("model", models, f"{model}-0"))
    turns = [("◀", number - 1)] * (number > 0) + [("▶", number + 1)] * (number < last)
    if turns:
        items.append(
            ActionRow(*(LayersControl.button(label, "turn", f"{model}-{to}") for label, to in turns))
        )
    return LayersPage(in_container(*items), files)


def layer_page(model: str, name: str, translate: Translator) -> LayersPage:
    """Builds the page of one layer.

    Args:
        model: The name of a network.
        name: The layer's name.
        translate: The translator of the user's language.

    Raises:
        UserError: There is no such network or layer.
    """
    layer = find_layer(name, registry.find_model(model).architecture)
    place = next((at for at, one in enumerate(_offered_layers(model)) if one.name == layer.name), 0)
    drawn = layer_image(layer.model, layer.name)
    items: list[Item[Any]] = [
        TextDisplay(
            f"## {layer.name}\n{_layer_description(layer, translate)}\n-# {model} · `layer:{layer.name}`"
        )
    ]
    if drawn:
        gallery = MediaGallery[Any]()
        gallery.add_item(media=drawn, description=_layer_description(layer, translate))
        items.append(gallery)
    items.append(
        ActionRow(
            LayersControl.button(
                translate("dreaming-layers-dream"),
                "dream",
                f"{model}-{layer.name}",
                style=discord.ButtonStyle.primary,
            ),
            LayersControl.button(translate("dreaming-layers-back"), "turn", f"{model}-{place // PAGE_SIZE}"),
        )
    )
    return LayersPage(in_container(*items), [drawn] if drawn else [])


async def _submit_dream(interaction: Interaction, model: str, layer: str) -> None:
    jobs = interaction.client.jobs
    async with jobs.answer_interaction(interaction) as invocation:
        request = DreamRequest.of(layer=layer, model=model if model != DEFAULT_MODEL else None)
        await jobs.submit(invocation, request, newest_in_channel(interaction))


def _offered_layers(model: str) -> list[Layer]:
    return [layer for layer in LAYERS[registry.find_model(model).architecture] if layer.offered]


def _layer_description(layer: Layer, translate: Translator) -> str:
    return layer.description.text(translate)
